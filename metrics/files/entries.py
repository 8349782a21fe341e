"""From rows of texts to entries: a metric's definition, subgroup, day and value, or what is the matter at which cell.

An entry is written as a line for PostgreSQL's COPY. Only plain functions and texts: this runs in the child process.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.core.exceptions import ValidationError

from metrics.files import cells as of
from metrics.files.cells import Refused
from metrics.files.limits import Unreadable
from ui.patient_data import REFUSED, refuse_patient_data

COLUMNS = ("line", "cell", "version_id", "subgroup", "day", "value", "numerator", "denominator", "missing", "note",
           "problem", "said")  # fmt: skip
MOST_PROBLEMS = 10_000
_MILLIONTH = Decimal("0.000001")
_TOO_LARGE = Decimal(10) ** 12
MOST_DOUBTS = 200
TOO_MANY_PROBLEMS = (
    f"More than {MOST_PROBLEMS:,} rows have a problem. Look whether each column is matched with what it holds."
)


@dataclass(frozen=True)
class MetricPlan:
    """What reading needs to know of a metric. versions: (applies from, "" for ever, id) of its definitions in force."""

    id: int
    name: str
    often: str
    unit: str
    versions: list[tuple[str, int]]
    until: str = ""

    @property
    def per(self) -> int:
        """What numerator over denominator is multiplied with to be a value in the unit."""
        return {"percent": 100, "rate": 1000}.get(self.unit, 1)

    def version_on(self, day: str) -> int:
        """The definition in force on a day; before the first, the first."""
        return next((version for since, version in reversed(self.versions) if since <= day), self.versions[0][1])


@dataclass
class Told:
    """What is said of the file as a whole.

    either: how many dates could be read with day and month the other way round. same_marks: how many numbers
    have the mark that was said to stand before decimals, other_marks how many only the other one. marks: how many could
    be read with either, and marked the first of them: row, cell, text.
    """

    rows: int = 0
    others: int = 0
    either: int = 0
    either_like: str = ""
    same_marks: int = 0
    other_marks: int = 0
    marks: int = 0
    marked: list[tuple[int, int, str]] = field(default_factory=list)


class Entries:
    """Takes cells of rows, and writes entries and problems."""

    def __init__(self, plan: Mapping[str, Any], write: Callable[[str], object]) -> None:
        self.plan = plan
        self.metrics = {one["id"]: MetricPlan(**one) for one in plan["metrics"]}
        self.named = {as_name(one.name): one for one in self.metrics.values()}
        self.ods_code = plan["ods_code"].upper()
        self.today = plan["today"]
        self.day_first = plan.get("day_first", True)
        self.decimals = of.Decimals(plan.get("decimals", of.Decimals.POINT))
        self.told = Told()
        self._write = write
        self._days: dict[tuple[str, int], tuple[str, int]] = {}
        self._either: set[dt.date] = set()
        self._problems = 0

    def place(self, text: str, metric: MetricPlan) -> tuple[str, int]:
        """(first day of the period, id of the definition). Raises Refused."""
        key = (text, metric.id)
        if (found := self._days.get(key)) is None:
            read = of.read_date(text, day_first=self.day_first)
            found = self.place_of(read.date, metric)
            if read.either:
                self._either.add(read.date)
                self.told.either = len(self._either)
                self.told.either_like = self.told.either_like or f"{text.strip()} as {read.date.isoformat()}"
            if len(self._days) < 100_000:
                self._days[key] = found
        return found

    def place_of(self, date: dt.date, metric: MetricPlan) -> tuple[str, int]:
        if date.isoformat() > self.today:
            raise Refused("The date lies in the future. Look at its day, month and year")
        day = of.first_of_period(date, metric.often).isoformat()
        if metric.until and day > metric.until:
            raise Refused(f"{metric.name} was retired before this date")
        return day, metric.version_on(day)

    def problem(self, line: int, cell: int, words: str, said: str = "") -> None:
        self._problems += 1
        if self._problems > MOST_PROBLEMS:
            raise Unreadable(TOO_MANY_PROBLEMS)
        said = said.strip()[:40]
        try:
            refuse_patient_data(said)
        except ValidationError:
            said = ""
        self._write(f"{line}\t{cell}\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t{copied(words)}\t{copied(said)}\n")

    def entry(self, line: int, cell: int, version: int, day: str, *, subgroup: str = "", value: str = "\\N",
              numerator: str = "\\N", denominator: str = "\\N", missing: str = "", note: str = "",
              has_sign: bool = False) -> str:  # fmt: skip
        """One line to write. Without a value there must be a reason why it is missing. has_sign: % stood beside it."""
        sign = "%" if has_sign else "\\N"
        return (
            f"{line}\t{cell}\t{version}\t{copied(subgroup)}\t{day}\t{value}\t{numerator}\t{denominator}\t{missing}\t"
            f"{copied(note)}\t\\N\t{sign}\n"
        )

    def write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._write(line)


def read_counts(above: str, below: str, per: int) -> tuple[str, str, str, str]:
    """(value, numerator, denominator, missing) of two counts that were read. 0 out of 0 is missing. Raises Refused."""
    if below.startswith("-"):
        raise Refused("What it is out of cannot be less than nothing")
    value = ratio(Decimal(above), Decimal(below), per)
    return (value, above, below, "") if value else ("\\N", above, below, of.NOTHING)


def ratio(above: Decimal, below: Decimal, per: int = 100) -> str:
    """above / below x per to six places; empty when there is nothing to count in. Raises Refused."""
    if not below:
        return ""
    value = above * per / below
    if abs(value) >= _TOO_LARGE:
        raise Refused(of.TOO_LARGE)
    return f"{value.quantize(_MILLIONTH, ROUND_HALF_EVEN):f}"


def as_name(text: str) -> str:
    """A name as it is compared: without case and extra space."""
    return " ".join(text.removeprefix("'").split()).lower()


def copied(text: str) -> str:
    """A text as COPY reads it."""
    if text.isalnum():
        return text
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text.replace("\0", "")


def checked_text(text: str, length: int, what: str) -> str:
    """A free text, tidied. Raises Refused when it is too long or holds patient data."""
    of.refuse_formula(text)
    text = " ".join(text.removeprefix("'").split())
    if len(text) > length:
        raise Refused(f"The {what} is longer than {length} characters. Shorten it")
    try:
        refuse_patient_data(text)
    except ValidationError:
        raise Refused(REFUSED) from None
    return text
