"""The words of a trust summary's pages. What is said comes from the stored body alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse

from analysis.entries import EntryForm, say_value
from dashboards.before_after import Body
from dashboards.models import TrustSummary
from dashboards.presenters.summary_metrics import MetricLine, metric_groups
from dashboards.summaries.standings import Standing, standings
from dashboards.wording import CHANCE, LEFT_OUT, checkpoint_name, said_reduction, said_total
from rpiws.models import Reading
from trusts.models import CqcRating, RegulatoryPeriod, StandDown, Trust
from ui.words import day_year, listing, moment, moment_year, month, number, partial_date, sentence


@dataclass(frozen=True)
class ListLine:
    """A trust on the list: what it released last, or when its summary is expected."""

    name: str
    href: str
    status: tuple[str, str]
    detail: str
    open: str


@dataclass(frozen=True)
class MonthLine:
    name: str
    href: str
    released: str
    note: str
    corrected: bool


@dataclass(frozen=True)
class FigureLine:
    name: str
    value: str
    n: str
    note: str


@dataclass(frozen=True)
class ResultRow:
    """One kind's before and after. `pairs` is empty when no measure has both."""

    name: str
    definition: str
    pairs: str
    baseline: str
    post: str
    change: str
    reduction: str
    median: str
    quartiles: str
    outcomes: list[str]
    left_out: str


@dataclass(frozen=True)
class SummaryPage:
    """A stored body, and its parts in words."""

    body: Body
    month: str
    released: str
    context: list[tuple[str, str | None, tuple[str, str] | None]]
    rpiws: list[tuple[str, str, str]]
    completeness: list[FigureLine]
    results: list[ResultRow]
    metrics: list[tuple[str, list[MetricLine]]]
    """By category, in the order of the five."""

    @classmethod
    def of(cls, summary: TrustSummary) -> "SummaryPage":
        body = json.loads(summary.body)
        return cls(
            body=body,
            month=month(summary.starts),
            released=released_words(body),
            context=_context(body["context"]),
            rpiws=_rpiws(body["rpiws"]),
            completeness=_completeness(body["completeness"]),
            results=[_result(result) for result in body["results"]],
            metrics=metric_groups(body["metrics"]),
        )

    @property
    def supersedes(self) -> str:
        """What a correction supersedes, and why; empty for a first version."""
        return f"It supersedes {self.body['supersedes']}: {self.body['reason']}" if self.body["supersedes"] else ""

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.body["data_as_of"])

    @property
    def next_expected(self) -> date:
        return date.fromisoformat(self.body["next_expected"])

    @property
    def words(self) -> list[tuple[str, str]]:
        own = self.body["in_our_words"]
        return [("Proud of", own["proud_of"]), ("Hard", own["hard"]), ("Help wanted", own["help_wanted"])]


def month_of(summary: TrustSummary) -> str:
    return month(summary.starts)


def list_lines(trusts: Iterable[Trust], released: Iterable[TrustSummary], *, today: date) -> list[ListLine]:
    """Trusts in the order of their seats, each with its newest summary; "not released" says when it is expected."""
    return [_list_line(standing, today) for standing in standings(trusts, released, today=today)]


def _list_line(standing: Standing, today: date) -> ListLine:
    summary, expected = standing.newest, day_year(standing.expected)
    if summary and standing.is_released:
        version = f", version {summary.version}" if summary.version > 1 else ""
        status, detail = (
            ("done", "Released"),
            f"{day_year(_moment(summary))}{version}; the next is expected by {expected}",
        )
    else:
        verb = "was expected" if standing.expected < today else "is expected"
        status, detail = ("plain", "Not released"), f"it {verb} by {expected}"
    href = reverse("summaries_of_trust", args=[standing.trust.ods_code])
    open_at = reverse("summary", args=[summary.pk]) if summary else ""
    return ListLine(standing.trust.name, href, status, detail, open_at)


def _moment(summary: TrustSummary) -> datetime:
    assert summary.released_at is not None
    return summary.released_at


def month_lines(summaries: Iterable[TrustSummary]) -> list[MonthLine]:
    return [_month_line(summary) for summary in summaries]


def _month_line(summary: TrustSummary) -> MonthLine:
    later = getattr(summary, "superseded_by", None)
    corrected = later is not None and later.is_released
    notes = [f"supersedes version {summary.supersedes.version}: {summary.reason}"] if summary.supersedes else []
    return MonthLine(
        name=f"{month(summary.starts)}, version {summary.version}",
        href=reverse("summary", args=[summary.pk]),
        released=f"{moment(summary.released_at)}, {summary.get_released_by_role_display()}",
        note=sentence("; ".join(notes)),
        corrected=corrected,
    )


def released_words(body: Body) -> str:
    """`Released Thu 11 March 2021, 14:31, Chief executive`, or that it is not: with its year, for it is quoted."""
    if body["released_at"] is None:
        return "Not released"
    return f"Released {moment_year(datetime.fromisoformat(body['released_at']))}, {body['released_by']}"


def said_date(text: str | None) -> str:
    """A date as exact as it is stored: `2018`, `February 2018`, `Wed 14 February 2018`."""
    if text is None:
        return ""
    parts = [int(part) for part in text.split("-")]
    precision = ("year", "month", "day")[len(parts) - 1]
    return partial_date(date(*[*parts, 1, 1][:3]), precision)  # type: ignore[arg-type]


def said_period(started: str | None, ended: str | None) -> str:
    if started and ended:
        return f"{said_date(started)} to {said_date(ended)}"
    return f"since {said_date(started)}" if started else f"to {said_date(ended)}" if ended else ""


def _context(stored: Body) -> list[tuple[str, str | None, tuple[str, str] | None]]:
    rating, leader, people = stored["cqc_rating"], stored["chief_executive"], stored["headcount"]
    periods = [
        f"{row['description'] or RegulatoryPeriod.Kind(row['kind']).label}, {row['body']},"
        f" {said_period(row['started'], row['ended'])}"
        for row in stored["regulatory_periods"]
    ]
    return [
        (
            "CQC rating",
            rating and f"{CqcRating.Rating(rating['rating']).label}, {said_date(rating['rated'])}",
            rating and ("CQC’s page", rating["link"]),
        ),
        ("Regulatory periods", "; ".join(periods) or "None recorded", None),
        (
            "Chief executive",
            leader
            and f"{leader['name']}{', interim' if leader['interim'] else ''}, since {said_date(leader['since'])}",
            None,
        ),
        ("Headcount", people and _said_people(people), None),
        ("Stand-downs", "; ".join(_said_stand_down(row) for row in stored["stand_downs"]) or "None recorded", None),
    ]


def _said_people(figure: Body) -> str:
    if figure["suppressed"]:
        return "fewer than 5 people"
    counted = said_date(figure["counted"])
    return f"{number(figure['value'])} people{f', {counted}' if counted else ''}"


def _said_stand_down(row: Body) -> str:
    reason = StandDown.Reason(row["reason"]).label
    where = row["value_stream"] or "the whole trust"
    made = ", generated" if row["synthetic"] else ""
    return f"{listing(row['stops'])} of {where}, {said_period(row['started'], row['ended'])}: {reason}{made}"


def _rpiws(stored: Body) -> list[tuple[str, str, str]]:
    names = {
        "held": "Held",
        "with_patient_representative": "Of them, with a patient representative",
        "stood_down": "Stood down",
        "cancelled": "Cancelled",
    }
    return [
        (name, number(stored["in_period"][key]["value"]), number(stored["to_date"][key]["value"]))
        for key, name in names.items()
    ]


_WHOLES = ("held", "measures")
"""What the others are parts of."""


def _completeness(stored: Body) -> list[FigureLine]:
    names = {
        "held": "RPIWs held",
        "due": "RPIWs due",
        "complete": "RPIWs complete",
        "measures": "Measures",
        "paired": "Measures paired",
    }
    lines = [
        FigureLine(
            name,
            number(stored[key]["value"]),
            "" if key in _WHOLES else f"of {number(stored[key]['n'])}",
            stored[key]["definition"],
        )
        for key, name in names.items()
    ]
    return [*lines, FigureLine("Posts", _posts(stored["posts_by_checkpoint"]), "", "which checkpoint each came from")]


def _posts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number(count)} at {checkpoint_name(name)}" for name, count in counts.items()) or "none"


def excluded_words(excluded: dict[str, int]) -> str:
    """`2 no baseline, 1 not remeasured`."""
    return ", ".join(f"{number(count)} {LEFT_OUT[reason]}" for reason, count in excluded.items())


def not_measured_words(counts: dict[str, int]) -> str:
    """`2 nobody was free to measure`. Until schema 1.1 it counted why measures were not paired, which `paired` says."""
    reasons = dict(Reading.NotMeasured.choices)
    return ", ".join(f"{number(count)} {reasons[why]}" for why, count in counts.items() if why in reasons)


FEW = "may tell of fewer than 5"
NOT_SAID = "not said"


def _result(result: Body) -> ResultRow:
    kind = result["kind"]

    def said(figure: str) -> str:
        if result[figure]["suppressed"]:
            return FEW if figure in ("baseline", "post") else NOT_SAID
        return said_total(kind, result[figure]["value"])

    reduction, withheld = result["percentage_reduction"], result["change_median"]["suppressed"]
    outcomes = ("improved", "unchanged", "worsened")
    return ResultRow(
        name=result["name"],
        definition=result["baseline"]["definition"].removesuffix(", at the baseline"),
        pairs=number(result["pairs"]["value"]) if result["pairs"]["value"] else "",
        baseline=said("baseline"),
        post=said("post"),
        change=said("change"),
        reduction="" if reduction["suppressed"] else said_reduction(reduction["value"]),
        median=said("change_median"),
        quartiles="" if withheld else f"{said('change_lower_quartile')} to {said('change_upper_quartile')}",
        outcomes=[f"{number(result[name]['value'])} {name}" for name in outcomes],
        left_out=excluded_words(result["pairs"]["excluded"]),
    )


def single_words(measure: Body) -> str:
    """What became of one measure of an RPIW that the trust opted in: `34, then 9`."""
    ends = (measure["baseline"], measure["post"])
    if any(end and end["value"] is None for end in ends):
        return f"not said, as it {FEW}"
    if None in ends:
        return "no pair"
    return ", then ".join(_single_value(measure, end) for end in ends)


def _single_value(measure: Body, end: Body) -> str:
    if measure["unit"] == "minutes":
        return said_total("lead_time", float(end["value"]))
    if measure["kind"] == "defect_ratio" or measure["unit"] == "ratio":
        return say_value(Decimal(end["value"]), form=EntryForm.RATIO)
    form = EntryForm.LEVEL_5S if measure["kind"] == "safety_5s" else EntryForm.VALUE
    return say_value(Decimal(end["value"]), form=form, unit=measure["unit"])


PAGE_WORDS = {
    "chance": CHANCE,
    "said_date": said_date,
    "said_period": said_period,
    "excluded_words": excluded_words,
    "not_measured_words": not_measured_words,
    "single_words": single_words,
}
"""What the templates of a summary say themselves."""
