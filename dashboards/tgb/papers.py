"""The papers of a meeting: what its page, its slides and its PDF all say, put together once from a frozen pack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from dashboards.before_after import Body
from dashboards.models import Pack
from dashboards.presenters.tgb import (
    Change,
    RegulatorPanel,
    Task,
    TrustPanel,
    changes,
    compact_of,
    data_as_of,
    not_released_words,
    regulator_panel,
    tasks,
    trust_panel,
)
from dashboards.tgb.report import Support, metrics_of, support_of
from metrics.presenters.words import BETTER
from ui.words import clock, day_long, day_year, month_short

JUDGED = ("improvement", "concern", "neutral")
"""A metric that is said to have changed has its chart in the papers."""


@dataclass(frozen=True)
class Line:
    """A metric's chart: one value a date, None where it is missing or may tell of fewer than five people."""

    key: str
    title: str
    sentence: str
    note: str
    days: list[date]
    values: list[float | None]
    judgements: list[str | None]
    means: list[float | None]
    lowers: list[float | None]
    uppers: list[float | None]
    target: float | None

    @property
    def labels(self) -> list[str]:
        return [month_short(day) for day in self.days]


@dataclass(frozen=True)
class Bars:
    """Before and after: two measurements of one RPIW."""

    key: str
    title: str
    sentence: str
    note: str
    labels: tuple[str, str]
    values: tuple[float, float]
    said: tuple[str, str]


@dataclass(frozen=True)
class Claim:
    """A claim of improvement, and what stands behind it. `chart` is the anchor of the chart that supports it."""

    trust: str
    text: str
    support: Support
    chart: str = ""


@dataclass(frozen=True)
class TrustPaper:
    id: int
    name: str
    panel: TrustPanel | None
    waits: str
    lines: list[Line]
    bars: list[Bars]

    @property
    def charts(self) -> list[Line | Bars]:
        return [*self.lines, *self.bars]


@dataclass(frozen=True)
class Papers:
    board: str
    title: str
    when: str
    place: str
    made: str
    version: int
    as_of: str
    since: date
    changes: list[Change]
    claims: list[Claim]
    trusts: list[TrustPaper]
    regulator: RegulatorPanel
    tasks: list[Task]
    framing: list[str]
    compact: Body | None
    synthetic: bool


def papers(pack: Pack) -> Papers:
    body = json.loads(pack.body)
    meeting = body["meeting"]
    on = date.fromisoformat(meeting["on"])
    made_on = timezone.localdate(pack.made_at)
    trusts = [_trust(entry, made_on) for entry in body["trusts"]]
    charts = {chart.key for trust in trusts for chart in trust.charts}
    return Papers(
        board=meeting["board"],
        title="Papers of the TGB",
        when=f"{day_long(on)}, {meeting['begins_at']}",
        place=meeting["place"],
        made=f"Frozen {day_year(made_on)} at {clock(pack.made_at)}",
        version=pack.version,
        as_of=data_as_of(body),
        since=date.fromisoformat(body["since"]),
        changes=changes(body, own=()),
        claims=[claim for entry in body["trusts"] if entry["report"] for claim in _claims(entry, charts)],
        trusts=trusts,
        regulator=regulator_panel(body, today=made_on),
        tasks=[task for task in tasks(body, seats=(), today=made_on) if task.status[0] != "done"],
        framing=body["framing"],
        compact=compact_of(body),
        synthetic=any(trust.panel and trust.panel.synthetic for trust in trusts),
    )


def _trust(entry: Body, made_on: date) -> TrustPaper:
    report = entry["report"]
    if report is None:
        return TrustPaper(entry["id"], entry["name"], None, not_released_words(entry, today=made_on), [], [])
    body = report["body"]
    pair = body["success_pair"]
    return TrustPaper(
        id=entry["id"],
        name=entry["name"],
        panel=trust_panel(entry, links=False),
        waits="",
        lines=[_line(metric) for metric in _charted(body)],
        bars=[_bars(pair)] if pair else [],
    )


def _charted(body: Body) -> list[Body]:
    return [
        metric
        for metric in metrics_of(body)
        if metric["points"] and (metric["key"] == body["success_chart"] or metric["variation"].startswith(JUDGED))
    ]


def _claims(entry: Body, charts: set[str]) -> Iterator[Claim]:
    """What the trust says, and what its metrics say by themselves: the latter are their own charts."""
    body, name = entry["report"]["body"], entry["short_name"]
    support = support_of(body)
    yield Claim(name, body["words"]["success"], support, support.key if support.key in charts else "")
    for metric in metrics_of(body):
        if metric["variation"].startswith("improvement") and metric["key"] != body["success_chart"]:
            shown = Support("shown", "Its own chart shows it.", metric["key"])
            yield Claim(name, f"{metric['name']}. {metric['sentence']}", shown, metric["key"])


def _line(metric: Body) -> Line:
    points = metric["points"]
    withheld = sum(point["value"] is None for point in points)
    said = [
        BETTER[metric["better_when"]],
        f"latest {metric['latest']}, {metric['latest_on']}" if metric["latest_on"] else "",
        f"target {metric['target']}" if metric["target"] != "none" else "no target",
        f"{withheld} values that may tell of fewer than 5 people are left out" if withheld else "",
        "generated, not as measured" if metric["synthetic"] else "",
    ]
    return Line(
        key=metric["key"],
        title=metric["name"],
        sentence=metric["sentence"],
        note="; ".join(each for each in said if each) + ".",
        days=[date.fromisoformat(point["on"]) for point in points],
        values=[point["value"] for point in points],
        judgements=[point["judgement"] for point in points],
        means=[point["mean"] for point in points],
        lowers=[point["lower"] for point in points],
        uppers=[point["upper"] for point in points],
        target=metric["target_value"],
    )


def _bars(pair: Body) -> Bars:
    ends = ("baseline", "post")
    days = [date.fromisoformat(pair[f"{end}_on"]) if pair[f"{end}_on"] else None for end in ends]
    before, after = (f", {day_year(day)}" if day else "" for day in days)
    made = "; generated, not as measured" if pair["synthetic"] else ""
    return Bars(
        key=pair["key"],
        title=f"{pair['process']}: {pair['name']}",
        sentence=f"{pair['baseline_words']}, then {pair['post_words']}.",
        note=f"Two measurements cannot tell chance from cause{made}.",
        labels=(f"Before{before}", f"After{after}"),
        values=(pair["baseline"], pair["post"]),
        said=(pair["baseline_words"], pair["post_words"]),
    )
