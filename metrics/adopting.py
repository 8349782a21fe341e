""" "Can this metric move?", answered for a metric that nobody has adopted yet."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from analysis.before_after import Better
from analysis.spc.rule_sets import RuleSet
from analysis.spc.xmr import xmr
from metrics.series import Body, moved

_FIRST = date(2000, 1, 1)
"""Typed values are in order and have no dates; the chart asks for some."""


def proposed_body(definition: Mapping[str, Any], history: Sequence[float], rules: RuleSet) -> Body:
    """What the snapshot would hold of the definition, its `move` answered from values in order of time."""
    version = {**definition, "hoped": _number(definition["hoped"]), "move": None}
    chart = xmr(
        [(_FIRST + timedelta(days=i), value) for i, value in enumerate(history)],
        rules,
        better=Better(definition["better_when"]),
    )
    last = chart.last
    if not chart.enough or last is None or last.mean is None or last.upper is None:
        return version
    if version["activity"] is not None and version["hoped"] is not None:
        version["move"] = moved(
            mean=last.mean,
            reach=last.upper - last.mean,
            share=version["touched"] / version["activity"],
            hoped=version["hoped"],
            rules=rules,
        )
    return version


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
