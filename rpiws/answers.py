"""What a person answers in the grid, as a form has read it and an action writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analysis.entries import Entry
from rpiws.models import Reading


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """When, over what period and of how many a reading was taken. The new readings of one save share theirs."""

    measured_on: date | None = None
    period: str = ""
    sample: int | None = None
    note: str = ""
    simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one cell says: a value as it was read, or why there is none.

    seen: the version of the reading that the person had before them; 0 when the cell was empty.
    why: asked for when a reading is corrected. own: what a correction says of its own day, period, sample and note;
    None leaves them as they are.
    """

    measure_id: int
    seen: int = 0
    entry: Entry | None = None
    typed: str = ""
    not_measured: str = ""
    because: str = ""
    not_comparable: str = ""
    why: str = ""
    own: Circumstances | None = None

    def is_stored(self, reading: Reading | None) -> bool:
        """Whether the reading says this already: two people who typed the same value do not disagree."""
        if reading is None:
            return False
        entry, own = self.entry, self.own
        if own and (own.period, own.note) != (reading.period, reading.note):
            return False
        if entry is None:
            said = (reading.not_measured, reading.not_measured_note)
            return bool(self.not_measured) and said == (self.not_measured, self.because)
        if own and (own.measured_on, own.simulated) != (reading.measured_on, reading.simulated):
            return False
        n = entry.n or (own.sample if own else None)
        return (
            reading.value == entry.value
            and reading.numerator == entry.numerator
            and reading.denominator == entry.denominator
            and (not (self.seen or self.not_comparable) or reading.not_comparable == self.not_comparable)
            and (reading.sample_size == n or (n is None and own is None))
        )
