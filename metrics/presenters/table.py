"""The Making Data Count table of a value stream: one row a metric, by category."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.spc.rule_sets import in_words
from metrics.presenters.words import (
    CATEGORIES,
    Body,
    limits_words,
    metric_sentence,
    period_words,
    target_words,
    value_words,
)
from ui.sparkline import sparkline
from ui.words import plural


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    note: str
    sentence: str
    latest: str
    latest_on: str
    target: str
    mean: str
    limits: str
    line: Markup
    variation: str
    assurance: str
    better: str
    judged: str = ""


@dataclass(frozen=True)
class MetricsTable:
    """groups: (the category's words, its rows). rules: which rule set judged them."""

    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    rules: str
    synthetic: bool

    @property
    def has_rows(self) -> bool:
        return bool(self.groups)


def metrics_table(metrics: list[Body]) -> MetricsTable:
    watched = [metric for metric in metrics if not metric["retired_on"]]
    groups = [(words, [m for m in watched if m["category"] == category]) for category, words in CATEGORIES.items()]
    groups.append(("No longer watched", [metric for metric in metrics if metric["retired_on"]]))
    return MetricsTable(
        groups=tuple((words, tuple(row(metric) for metric in members)) for words, members in groups if members),
        rules=rules_words(metrics[0]["rules"]) if metrics else "",
        synthetic=any(metric["synthetic"] for metric in metrics),
    )


def rules_words(rules: Body) -> str:
    """As the rule set says itself, from a snapshot's body."""
    return in_words(rules["title"], rules["shift"])


def row(metric: Body) -> Row:
    summary: dict[str, Any] | None = metric["summary"]
    if summary is None:
        return Row(metric["id"], metric["name"], "definition not agreed yet", "", "none", "", "none", "none", "none",
                   Markup(""), "few", "none", "lower")  # fmt: skip
    version = metric["versions"][-1]
    latest = summary["latest"]
    return Row(
        id=metric["id"],
        name=metric["name"],
        note=_note(metric, version),
        sentence=metric_sentence(metric),
        latest=value_words(latest["value"], version) if latest else "none",
        latest_on=period_words(latest["on"], version, short=True) if latest else "",
        target=target_words(summary["target"], version),
        mean=_too_few(summary) if summary["variation"] == "few" else value_words(summary["mean"], version),
        limits=limits_words(summary, version) if summary["lower"] is not None else "",
        line=sparkline(
            [point["value"] for point in summary["recent"]],
            [point["judgement"] for point in summary["recent"]],
            mean=summary["mean"],
            lower=summary["lower"],
            upper=summary["upper"],
            target=summary["target"],
        ),
        variation=summary["variation"],
        assurance=summary["assurance"],
        better=summary["better_when"],
        judged=last_judged(metric, latest["on"] if latest else None, version) if summary["variation"] != "few" else "",
    )


def last_judged(metric: Body, on: str | None, version: Body) -> str:
    """When the icons of a metric that is no longer watched were right."""
    return f"last judged {period_words(on, version)}" if metric["retired_on"] and on else ""


def _too_few(summary: Body) -> str:
    return f"{summary['values']} of {summary['needed']} points" if summary["needed"] else "no measurement"


def _note(metric: Body, version: Body) -> str:
    """What a reader must know of the row beside its figures."""
    said = []
    if metric["retired_on"]:
        said.append(f"until {period_words(metric['retired_on'], version, short=True)}")
    if version["number"] > 1:
        said.append(f"definition {version['number']} from {period_words(version['applies_from'], version, short=True)}")
    if len(version["series"]) > 1:
        said.append(plural(len([one for one in version["series"] if one["subgroup"]]), "subgroup"))
    if metric["proposed"]:
        said.append("an amendment is proposed")
    if metric["synthetic"]:
        said.append("synthetic")
    return ", ".join(said)
