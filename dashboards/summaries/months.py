"""The month that a summary is of, and when it is expected."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

EXPECTED_ON = 15
"""The day of the next month by which a month's summary is expected."""


@dataclass(frozen=True)
class Month:
    """`starts` is its first day."""

    starts: date

    @classmethod
    def before(cls, day: date) -> "Month":
        """The last whole month before the one that holds the day."""
        return cls((day.replace(day=1) - timedelta(days=1)).replace(day=1))

    @property
    def ends(self) -> date:
        return self.starts.replace(day=monthrange(self.starts.year, self.starts.month)[1])

    @property
    def next(self) -> "Month":
        return Month(self.ends + timedelta(days=1))

    @property
    def expected(self) -> date:
        """When this month's summary is expected."""
        return self.next.starts.replace(day=EXPECTED_ON)

    def holds(self, day: date) -> bool:
        return self.starts <= day <= self.ends
