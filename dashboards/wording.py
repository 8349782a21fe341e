"""The words that dashboards share: why something is left out, and how a figure is said."""

from datetime import date
from decimal import Decimal
from typing import Any

from analysis.checkpoints import Checkpoint
from analysis.entries import EntryForm, say_value
from dashboards.before_after import KINDS
from ui.words import number, signed

LEFT_OUT = {
    "no_baseline": "no baseline",
    "no_post": "not remeasured at 30, 60, 90 or 120 days",
    "only_simulated": "only a simulated reading at report-out",
    "post_not_measured": "not remeasured, with a reason",
    "post_not_comparable": "its later readings cannot be compared with the baseline",
    "baseline_not_comparable": "its baseline cannot be compared",
    "kept_apart": "shown apart, as printed",
    "not_held": "the RPIW has not reported out",
}
RECONSTRUCTED = "Reconstructed to match published totals, not as measured."
GENERATED = "Generated, or reconstructed to match published totals; not as measured."
CHANCE = "Two measurements cannot tell chance from cause: they show that something changed, not why."
DEFINITIONS = {
    "lead_time": "sum of average lead times, from the start to the end of the process as each RPIW defines them",
    "defects": "sum of defects, anything not done as intended; averages count as they are, so there are decimals",
    "defect_ratio": "mean of defect ratios, defects divided by outputs",
}

_FORMS = {"duration": EntryForm.DURATION, "ratio": EntryForm.RATIO, "value": EntryForm.VALUE}


def value_of(measure: dict[str, Any], end: str) -> Decimal | None:
    """The baseline or post of a measure's row as a number, None where there is none."""
    reading = measure[end]
    return None if reading is None or reading["value"] is None else Decimal(reading["value"])


def said_value(measure: dict[str, Any], end: str) -> str:
    """The baseline or post of a measure's row in the measure's own unit: `9 min`, `71%`."""
    value = value_of(measure, end)
    if value is None:
        return "none"
    form = EntryForm.LEVEL_5S if measure["kind"] == "safety_5s" else _FORMS[measure["shape"]]
    return say_value(value, form=form, unit=measure["unit"], day_hours=Decimal(measure["day_hours"]))


def checkpoint_name(checkpoint: str) -> str:
    return Checkpoint(checkpoint).label


def counted_posts(posts_at: dict[str, int]) -> str:
    """`12 at 90 days, 3 at 60 days`: where the posts came from, in the order of the checkpoints."""
    named = [(checkpoint, posts_at[checkpoint.value]) for checkpoint in Checkpoint if posts_at.get(checkpoint.value)]
    return ", ".join(
        f"{number(count)} {'after, time not published' if checkpoint.days_after is None else 'at ' + checkpoint.label}"
        for checkpoint, count in named
    )


def hours(minutes: float) -> str:
    """`109 h`, `3.2 h`: a total in hours."""
    amount = minutes / 60
    return f"{number(amount, 0 if abs(amount) >= 10 else 1)} h"


def said_total(kind: str, total: float | None) -> str:
    """A total, or for ratios a mean, as dashboards say it: `109 h`, `182`, `0.60`."""
    if total is None:
        return "none"
    if kind == "lead_time":
        return hours(total) if abs(total) >= 120 else f"{number(total, 0)} min"
    if kind == "defect_ratio":
        return number(total, 2)
    return number(total, 0 if abs(total) >= 10 and round(total, 1) == round(total) else 1).removesuffix(".0")


def shown_total(kind: str, summary: dict[str, Any], end: str) -> float | None:
    """The figure of a kind that is compared: totals, but the mean of ratios, which do not add up."""
    return summary[f"{end}_mean" if kind == "defect_ratio" else f"{end}_total"]


def said_reduction(reduction: float | None) -> str:
    """A percentage reduction as the change it is: 55 is `–55%`, -5 is `+5%`."""
    if reduction is None:
        return "no percentage from a baseline of 0"
    return f"{signed(-reduction, 0)}%"


def said_fall(kind: str, reduction: float | None) -> str:
    """`Lead time has more than halved`; `Total defects have risen by 5%`."""
    name = KINDS[kind]
    has = "have" if kind == "defects" else "has"
    if reduction is None:
        return f"{name}: no percentage can be taken from a baseline of 0"
    if reduction > 50:
        return f"{name} {has} more than halved"
    rounded = number(abs(reduction), 0)
    if rounded == "0":
        return f"{name} {has} not changed"
    return f"{name} {has} {'fallen' if reduction > 0 else 'risen'} by {rounded}%"


def said_p(p: float | None) -> str:
    """A probability as journals print it: `p < .001`, `p = .013`."""
    if p is None:
        return "p cannot be computed"
    if p < 0.001:
        return "p < .001"
    return f"p = {p:.{4 if p < 0.01 else 3}f}".replace("0.", ".", 1)


def day_of(text: str | None) -> date | None:
    """The date that a snapshot stores as text."""
    return None if text is None else date.fromisoformat(text)


PAGE_WORDS = {"chance": CHANCE, "checkpoint_name": checkpoint_name, "day_of": day_of}
"""What templates of dashboards say themselves."""
