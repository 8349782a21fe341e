"""A table of the trust's own: each column is matched with the date, a metric, or with what else a row may say."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from metrics.files import cells as of
from metrics.files.cells import Decimals, OtherMark, Refused
from metrics.files.entries import MOST_DOUBTS, Entries, MetricPlan, as_name, checked_text, read_counts
from metrics.files.sheets import Row
from metrics.files.table import Table


def recognises(table: Table) -> bool:
    table.first_headings()
    return True


def read(rows: Iterable[Row], out: Entries) -> None:
    """plan["columns"]: column by what it holds: period, subgroup, metric, note, organisation. plan["figures"]: for
    each metric (None: the one that the row names) the columns of value, numerator and denominator."""
    reader = _Reader(out)
    told, heading_row = out.told, out.plan["heading_row"]
    for line, cells in rows:
        if line <= heading_row:
            continue
        told.rows += 1
        reader.row(line, cells)
    told.same_marks = reader.same_marks


class _Reader:
    def __init__(self, out: Entries) -> None:
        self.out = out
        columns: dict[str, int] = out.plan["columns"]
        self.period = columns["period"]
        self.subgroup = columns.get("subgroup")
        self.metric = columns.get("metric")
        self.note = columns.get("note")
        self.organisation = columns.get("organisation")
        self.figures: list[tuple[MetricPlan | None, Any, Any, Any]] = [
            (out.metrics.get(one["metric"]), one.get("value"), one.get("numerator"), one.get("denominator"))
            for one in out.plan["figures"]
        ]
        self.fractions = bool(out.plan.get("fractions"))
        # Most numbers need no second look.
        self.as_it_stands = not self.fractions and out.decimals is not Decimals.COMMA
        self.same_marks = 0
        self.marked: list[tuple[int, str]] = []
        used = [*columns.values(), *(column for _, *three in self.figures for column in three if column is not None)]
        self.width = max(used) + 1

    def row(self, line: int, cells: list[str]) -> None:
        """Write the entries of a row, or the problems of a row that has any: a row is taken whole or not at all."""
        out = self.out
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        problems: list[tuple[int, str]] = []
        if self.marked:
            self.marked = []
        if self.organisation is not None and cells[self.organisation].strip().upper() not in ("", out.ods_code):
            if not cells[self.organisation].startswith("="):
                out.told.others += 1
                return
            problems.append((self.organisation, of.FORMULA))
        subgroup = self._text(cells, self.subgroup, 80, "subgroup", problems)
        note = self._text(cells, self.note, 240, "note", problems)
        named = self._named(cells, problems)
        found: list[str] = []
        for fixed, *places in self.figures:
            metric = fixed or named
            if metric is None or not any(cells[place].strip() for place in places if place is not None):
                continue
            try:
                day, version = out.place(cells[self.period], metric)
            except Refused as refused:
                words = str(refused) if cells[self.period].strip() else "The date is missing. Write which period it is"
                if (self.period, words) not in problems:
                    problems.append((self.period, words))
                continue
            try:
                value, above, below, missing, first, has_sign = self._figure(cells, metric, *places)
            except _At as at:
                problems.append((at.cell, str(at)))
                continue
            found.append(
                out.entry(
                    line,
                    first,
                    version,
                    day,
                    subgroup=subgroup,
                    value=value,
                    numerator=above,
                    denominator=below,
                    missing=missing,
                    note=note,
                    has_sign=has_sign,
                )
            )
        if problems:
            for cell, words in problems:
                out.problem(line, cell, words, cells[cell])
        else:
            out.write(found)
            if self.marked:
                self._tell_marked(line)

    def _tell_marked(self, line: int) -> None:
        told = self.out.told
        told.marks += len(self.marked)
        room = MOST_DOUBTS - len(told.marked)
        told.marked += [(line, cell, text.strip()[:40]) for cell, text in self.marked[:room]]

    def _named(self, cells: list[str], problems: list[tuple[int, str]]) -> MetricPlan | None:
        if self.metric is None or not cells[self.metric].strip():
            if self.metric is not None and any(cells):
                problems.append((self.metric, "The metric is missing. Write which one it is"))
            return None
        metric = self.out.named.get(as_name(cells[self.metric]))
        if metric is None and cells[self.metric].startswith("="):
            problems.append((self.metric, of.FORMULA))
        elif metric is None:
            problems.append((self.metric, "No metric of this value stream has this name. Look how it is spelt"))
        return metric

    @staticmethod
    def _text(cells: list[str], place: int | None, length: int, what: str, problems: list[tuple[int, str]]) -> str:
        if place is None or not cells[place]:
            return ""
        try:
            return checked_text(cells[place], length, what)
        except Refused as refused:
            problems.append((place, str(refused)))
            return ""

    def _figure(
        self, cells: list[str], metric: MetricPlan, value: int | None, above: int | None, below: int | None
    ) -> tuple[str, str, str, str, int, bool]:
        """(value, numerator, denominator, why it is missing, the cell it stands in, whether % stood beside it)."""
        counts = ("\\N", "\\N", "\\N", "")
        if above is not None and below is not None and (cells[above].strip() or cells[below].strip()):
            for place in (above, below):
                if missing := of.read_missing(cells[place]):
                    return "\\N", "\\N", "\\N", missing, place, False
                if not cells[place].strip():
                    raise _At(place, "The other count stands alone: write both, or neither")
            # Of a part of a hundred or a thousand both counts are plain; else what is counted has the metric's unit.
            counted_in = metric.unit if metric.per == 1 else ""
            both = self._number(cells, above, counted_in), self._number(cells, below, "")
            try:
                counts = read_counts(*both, metric.per)
            except Refused as refused:
                raise _At(below, str(refused)) from None
        if value is None or not (text := cells[value].strip()):
            return *counts, above if value is None and above is not None else value or 0, False
        if self.as_it_stands and of.PLAIN.fullmatch(text):
            number = text
            if "." in text:
                self.same_marks += 1
        elif missing := of.read_missing(text):
            return "\\N", "\\N", "\\N", missing, value, False
        else:
            number = self._number(cells, value, metric.unit, fraction=self.fractions and metric.unit == "percent")
        if number[0] == "-" and metric.unit not in of.MAY_BE_NEGATIVE:
            raise _At(value, "This is less than nothing. Write zero or more")
        if counts[0] != "\\N" and not _agree(number, counts[0]):
            raise _At(
                value, f"The counts beside it give {Decimal(counts[0]).normalize():f}. Keep the value or the counts"
            )
        return number, counts[1], counts[2], "", value, text[-1] == "%"

    def _number(self, cells: list[str], place: int, unit: str, *, fraction: bool = False) -> str:
        """The number of a cell, which is noted where its mark could be of thousands or of decimals. Raises _At."""
        text, decimals = cells[place], self.out.decimals
        try:
            number = of.read_number(text, unit=unit, fraction=fraction, decimals=decimals)
        except Refused as refused:
            self.out.told.other_marks += isinstance(refused, OtherMark)
            raise _At(place, str(refused)) from None
        same, mark = (",", ".") if decimals is Decimals.COMMA else (".", ",")
        if same in text:
            self.same_marks += 1
        if mark in text and decimals is not Decimals.EITHER and of.reads_either_way(text, mark):
            self.marked.append((place, text))
        return number


def _agree(value: str, counted: str) -> bool:
    """Whether the value is what the counts give, as far as it was rounded."""
    exponent = Decimal(value).as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(Decimal(value) - Decimal(counted)) <= Decimal(1).scaleb(exponent)


class _At(Exception):
    """What is the matter at a cell."""

    def __init__(self, cell: int, words: str) -> None:
        super().__init__(words)
        self.cell = cell
