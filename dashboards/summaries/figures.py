"""Figures of a trust summary: each says what it counts, over which period, by which rules, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboards.before_after import Body, iso
from dashboards.summaries.months import Month

RULES = "trust summary 4"
FEWEST_PEOPLE = 5
"""A smaller count of people is never said."""


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Makes figures that say where they come from."""

    month: Month
    source_version: int
    rpiws: tuple[Body, ...] = ()
    measures: tuple[Body, ...] = field(default=())

    def figure(
        self,
        value: float | None,
        unit: str,
        definition: str,
        *,
        n: int | None,
        in_month: bool = False,
        excluded: Mapping[str, int] | None = None,
        suppressed: bool = False,
        period: tuple[str | None, str] | None = None,
    ) -> Body:
        """One value. `period` replaces to date, or the month, where a figure covers days of its own."""
        starts, ends = period or (iso(self.month.starts) if in_month else None, iso(self.month.ends))
        return {
            "value": None if suppressed else value,
            "unit": unit,
            "n": None if suppressed else n,
            "period": {"from": starts, "to": ends},
            "definition": definition,
            "rule_version": RULES,
            "excluded": dict(sorted((excluded or {}).items())),
            "source_version": self.source_version,
            "suppressed": suppressed,
        }

    def count(self, counted: int, unit: str, definition: str, *, of: int | None = None, in_month: bool = False) -> Body:
        return self.figure(counted, unit, definition, n=counted if of is None else of, in_month=in_month)

    def people(self, counted: int, definition: str) -> Body:
        return self.figure(counted, "people", definition, n=counted, suppressed=counted < FEWEST_PEOPLE)
