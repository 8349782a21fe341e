"""The list of an RPIW's measures in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from rpiws.entries import say_target
from rpiws.models import Measure
from rpiws.presenters.report import definition
from trusts.names import NOT_OF_THIS_TRUST

MORE_THAN_USUAL = (
    "An RPIW has up to eight measures as a rule. With more, each remeasure takes longer and is skipped more easily."
)


def measure_rows(measures: Iterable[Measure], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Rows of the list; `readings_count` was counted with the measures. `names`: people as the trust knows them."""
    rows = []
    for measure in measures:
        who = measure.remeasured_by_post
        if not who and measure.remeasured_by_id:
            who = names.get(measure.remeasured_by_id, NOT_OF_THIS_TRUST)
        left_out = measure.get_later_not_comparable_display()
        rows.append(
            {
                "measure": measure,
                "kind": measure.get_kind_display(),
                "definition": definition(measure),
                "target": say_target(measure) or "No target yet",
                "better": measure.get_better_when_display(),
                "serves": [metric.name for metric in measure.metrics.all()],
                "who": who or "Nobody yet",
                "left_out": f"Readings from then on are not compared: {left_out}." if left_out else "",
                "can_be_deleted": not getattr(measure, "readings_count", 0),
            }
        )
    return rows
