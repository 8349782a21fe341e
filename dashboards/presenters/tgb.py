"""The TGB's dashboard of one meeting in words, from the stored brief alone. No trust stands beside another's figure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup

from dashboards.before_after import Body
from dashboards.matrix import CATEGORIES_SHORT, icons_by_category
from dashboards.presenters.summaries import said_date
from dashboards.tgb.report import Support, remeasured_words, support_of
from metrics.presenters.words import CATEGORIES
from rpiws.models import Reading
from trusts.models import CqcRating, StandDown, ValueStream
from ui.sparkline import sparkline
from ui.words import day_year, listing, noun, number, plural, sentence, span, spelled

CHANGES_SHOWN = 6
_WHY_NOT = dict(Reading.NotMeasured.choices) | {"late": "late", "never_measured": "never measured", "due": "due now"}


@dataclass(frozen=True)
class MetricRow:
    key: str
    name: str
    stream: str
    category: str
    variation: str
    assurance: str
    better: str
    line: Markup
    sentence: str
    latest: str
    latest_on: str
    target: str
    href: str
    synthetic: bool


@dataclass(frozen=True)
class TrustPanel:
    """What a trust released for the meeting."""

    id: int
    name: str
    released: str
    success: str
    challenge: str
    help_wanted: str
    support: Support
    matrix: list[Body]
    facts: list[tuple[str, str]]
    metrics: list[MetricRow]
    amended: list[str]
    synthetic: bool
    categories: tuple[str, ...] = CATEGORIES_SHORT


def trust_panel(entry: Body, *, links: bool) -> TrustPanel:
    """links: whether the reader may open the trust's own pages."""
    report = entry["report"]
    return panel_of(report["body"], released=released_words(report), links=links)


def panel_of(body: Body, *, released: str, links: bool) -> TrustPanel:
    words = body["words"]
    return TrustPanel(
        id=body["trust"]["id"],
        name=body["trust"]["name"],
        released=released,
        success=words["success"],
        challenge=words["challenge"],
        help_wanted=words["help_wanted"],
        support=support_of(body),
        matrix=[_matrix_row(stream, links=links) for stream in body["streams"]],
        facts=_facts(body),
        metrics=[
            metric_row(metric, stream["name"], links=links)
            for stream in body["streams"]
            for metric in stream["metrics"]
        ],
        amended=[f"{row['metric']}: {row['what']}. {row['why']}" for row in body["amended"]],
        synthetic=body["synthetic"],
    )


def released_words(report: Body) -> str:
    version = f", version {report['version']}" if report["version"] > 1 else ""
    when = day_year(timezone.localdate(datetime.fromisoformat(report["released_at"])))
    return f"Released {when}{version}, by the {report['released_by'][0].lower()}{report['released_by'][1:]}"


def not_released_words(entry: Body, *, today: date) -> str:
    expected = date.fromisoformat(entry["expected"])
    return f"Not released. It {'was' if expected < today else 'is'} expected by {day_year(expected)}."


def _matrix_row(stream: Body, *, links: bool) -> Body:
    icons = icons_by_category((metric["category"], metric["variation"]) for metric in stream["metrics"])
    status = ValueStream.Status(stream["status"])
    return {
        "label": stream["name"],
        "href": reverse("value_stream", args=[stream["id"]]) if links else "",
        "note": "" if status == ValueStream.Status.ACTIVE else status.label,
        "cells": [icons.get(category) for category in CATEGORIES],
    }


def metric_row(metric: Body, stream: str, *, links: bool) -> MetricRow:
    points = metric["points"]
    last: Any = points[-1] if points else {"mean": None, "lower": None, "upper": None}
    return MetricRow(
        key=metric["key"],
        name=metric["name"],
        stream=stream,
        category=CATEGORIES[metric["category"]],
        variation=metric["variation"],
        assurance=metric["assurance"],
        better=metric["better_when"],
        line=sparkline(
            [point["value"] for point in points],
            [point["judgement"] for point in points],
            mean=last["mean"],
            lower=last["lower"],
            upper=last["upper"],
            target=metric["target_value"],
        ),
        sentence=metric["sentence"],
        latest=metric["latest"],
        latest_on=metric["latest_on"],
        target=metric["target"],
        href=reverse("metric", args=[metric["id"]]) if links else "",
        synthetic=metric["synthetic"],
    )


# Facts of a trust ------------------------------------------------------------


def _facts(body: Body) -> list[tuple[str, str]]:
    context, newest = body["context"], body["newest_data"]
    rating = context["cqc"]
    return [
        ("Next RPIW weeks", _weeks(body["weeks"])),
        ("Remeasured", remeasured(body["remeasures"])),
        ("Stand-downs", "; ".join(_stand_down(row) for row in body["stand_downs"]) or "None"),
        ("Metrics amended", f"{plural(len(body['amended']), 'metric')}, see below" if body["amended"] else "None"),
        (
            "CQC",
            f"{CqcRating.Rating(rating['rating']).label}, {said_date(rating['rated'])}" if rating else "Not recorded",
        ),
        (
            "Regulatory",
            "; ".join(f"{row['what']}, since {said_date(row['started'])}" for row in context["regulatory"]) or "None",
        ),
        ("Chief executive", context["chief_executive"] or "Not recorded"),
        ("Newest figure", day_year(date.fromisoformat(newest)) if newest else "None yet"),
    ]


def _weeks(weeks: list[Body]) -> str:
    said = [f"{_days(week['starts'], week['ends'])}: {week['process']}" for week in weeks]
    return "; ".join(said) or "None planned within half a year"


def remeasured(remeasures: Body) -> str:
    why = [f"{number(count)} {_WHY_NOT.get(reason, reason)}" for reason, count in remeasures["reasons"].items()]
    said = remeasured_words(remeasures)
    return f"{said}; of the others {listing(why)}" if why else said


def _stand_down(row: Body) -> str:
    where = row["value_stream"] or "the whole trust"
    why = StandDown.Reason(row["reason"]).label
    return f"{sentence(listing(row['stops']))} of {where}, {_days(row['started'], row['ended'])}: {why}"


def _days(starts: str, ends: str | None) -> str:
    return span(date.fromisoformat(starts), date.fromisoformat(ends) if ends else None, weekdays=False)


# The page --------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    who: str
    icon: str
    text: str


@dataclass(frozen=True)
class Task:
    """An action as lists of tasks show it."""

    text: str
    owner: str
    due: str
    status: tuple[str, str]
    mine: bool
    id: int
    outcome: str


def changes(body: Body, *, own: Collection[int]) -> list[Change]:
    """What changed since the meeting before: the own trusts' first, then round the table, the regulator last."""
    found = [
        Change(entry["short_name"], each["icon"], each["text"])
        for entry in ordered(body, own=own)
        if entry["report"]
        for each in entry["report"]["body"]["changes"]
    ]
    return found + [Change(body["regulator"]["name"] or "Regulator", icon, text) for icon, text in _regulators(body)]


def _regulators(body: Body) -> Iterable[tuple[str, str]]:
    said = {"leaders": ("person", ""), "expectations": ("info", "Expects now: "), "asks": ("done", "Answered: ")}
    for name, (icon, lead) in said.items():
        for line in body["regulator"][name]:
            if line["new"] and (name != "asks" or line["answer"]):
                yield icon, f"{lead}{line['text']}{'. ' + line['answer'] if line['answer'] else ''}"


def ordered(body: Body, *, own: Collection[int]) -> list[Body]:
    """The own trusts first, then the others in the order of the table round the room."""
    return sorted(body["trusts"], key=lambda entry: entry["id"] not in own)


def tasks(body: Body, *, seats: Collection[int], today: date) -> list[Task]:
    return [_task(each, seats=seats, today=today) for each in body["actions"]]


def _task(action: Body, *, seats: Collection[int], today: date) -> Task:
    due = date.fromisoformat(action["due"])
    if action["done"]:
        status = ("done", "Done")
    elif due < today:
        status = ("late", "Late")
    else:
        status = ("due", "Due soon") if (due - today).days <= 7 else ("plain", "Open")
    return Task(
        action["text"], action["owner"], day_year(due), status, action["seat"] in seats, action["id"], action["outcome"]
    )


def lede(body: Body, mine: list[Task], *, own: Collection[int]) -> str:
    """The own trust's question, and what the reader still owes."""
    questions = [
        entry["report"]["body"]["words"]["challenge"]
        for entry in body["trusts"]
        if entry["id"] in own and entry["report"]
    ]
    first = f"The question that you bring: {questions[0]}" if questions else ""
    waits = [task for task in mine if task.status[0] != "done"]
    late = [task for task in waits if task.status[0] == "late"]
    counted = late or waits
    if not counted:
        return f"{first} No action waits for you.".strip()
    owed = f"{spelled(len(counted))} {noun(len(counted), 'action')} of yours {'is' if len(counted) == 1 else 'are'}"
    return f"{first} {sentence(owed)} {'late' if late else 'open'}.".strip()


def data_as_of(body: Body) -> str:
    """Of which days the figures are: released ones are as old as their release."""
    days = [
        timezone.localdate(datetime.fromisoformat(entry["report"]["data_as_of"]))
        for entry in body["trusts"]
        if entry["report"]
    ]
    if not days:
        return "No trust has released anything for this meeting yet"
    first, last = min(days), max(days)
    return f"Figures as of {day_year(first)}" + (f" to {day_year(last)}" if first != last else "")


def waiting_for(body: Body) -> list[str]:
    return [entry["short_name"] for entry in body["trusts"] if not entry["report"]]


@dataclass(frozen=True)
class RegulatorPanel:
    name: str
    columns: list[tuple[str, list[tuple[str, str]], str]]
    """A heading, its lines with what is small below each, and what is said where there is none."""


def regulator_panel(body: Body, *, today: date) -> RegulatorPanel:
    own = body["regulator"]

    def line(each: Body, verb: str) -> tuple[str, str]:
        about = f"{each['trust']}, " if each["trust"] else ""
        return each["text"], f"{about}{verb} {day_year(date.fromisoformat(each['on']))}"

    def ask(each: Body) -> tuple[str, str]:
        text, small = line(each, "asked")
        if each["answer"]:
            return text, f"{small}. Answered {day_year(date.fromisoformat(each['answered_on']))}: {each['answer']}"
        return text, f"{small}. Waits for an answer"

    actions = [_task(each, seats=(), today=today) for each in own["actions"]]
    changed = [line(each, "since") for each in (*own["leaders"], *own["expectations"])]
    return RegulatorPanel(
        name=own["name"] or "The regulator",
        columns=[
            ("Asked of us, and answered", [ask(each) for each in own["asks"]], "Nothing asked."),
            ("Our actions", [(task.text, f"{task.status[1]}, by {task.due}") for task in actions], "None open."),
            ("Planned reviews", [line(each, "planned for") for each in own["reviews"]], "None planned."),
            ("What changed with us", changed, "No leader and no expectation changed lately."),
        ],
    )


def compact_of(body: Body) -> Body | None:
    compact = body["compact"]
    return compact and compact | {"since": date.fromisoformat(compact["since"])}
