"""Which figures of a summary may tell of fewer than five people, by themselves or by subtraction.

No measure says whether what it counts are people, and nothing guesses it from a name: every count may be one.
docs/trust-summary.md says the same in plain words.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dashboards.before_after import Body
from dashboards.summaries.figures import FEWEST_PEOPLE

_COUNTS = frozenset({"defects", "inventory", "own"})
_IN_TOTALS = ("defects", "defect_ratio")
"""Kinds whose total or mean stands in the results; that of lead times counts nobody."""
_ENDS = ("baseline", "post")
_UNCERTAIN = 2 * FEWEST_PEOPLE
"""Counts that are left out together come to so much at least, so that their sum tells none of them."""


def is_small(counted: Decimal | float) -> bool:
    return 0 <= counted < FEWEST_PEOPLE


def may_tell(measure: Body) -> bool:
    """Whether a baseline or post is, or is out of, so few that it is not said."""
    return any(is_small(counted) for end in _ENDS for counted in _counted(measure, measure[end]))


def withheld(measures: Sequence[Body]) -> frozenset[int]:
    """The measures whose values no single row says: those that may tell, and some that keep a total from telling."""
    telling = {measure["id"] for measure in measures if may_tell(measure)}
    kept = set(telling)
    for kind in _IN_TOTALS:
        paired = sorted(
            (measure for measure in measures if measure["kind"] == kind and not measure["left_out"]),
            key=lambda measure: (measure["id"] not in telling, *(_value(measure, end) for end in ("post", "baseline"))),
        )
        if paired and paired[0]["id"] in telling:
            together = sum(measure["id"] in telling for measure in paired)
            while together < len(paired) and not _hide_each_other(paired[:together]):
                together += 1
            kept |= {measure["id"] for measure in paired[:together]}
    return frozenset(kept)


def _hide_each_other(measures: Sequence[Body]) -> bool:
    if len(measures) < 2:
        return False
    if measures[0]["kind"] == "defect_ratio":
        return True
    return all(sum(_value(measure, end) for measure in measures) >= _UNCERTAIN for end in _ENDS)


def _value(measure: Body, end: str) -> Decimal:
    return Decimal(measure[end]["value"])


def _counted(measure: Body, reading: Body | None) -> Iterator[Decimal]:
    """What a reading counts, or what can be worked out of it: the part, the whole, and what is not in the part."""
    if reading is None or reading["value"] is None:
        return
    value, n = Decimal(reading["value"]), reading["n"]
    if measure["shape"] == "ratio":
        of = Decimal(reading["denominator"] or n or 0)
        if of:
            part = Decimal(reading["numerator"]) if reading["numerator"] else value * of
            yield from (part, of) if part > of else (part, of, of - part)
    elif measure["kind"] in _COUNTS and measure["shape"] == "value":
        if value == value.to_integral_value():
            yield value
        if n is not None:
            yield value * n
