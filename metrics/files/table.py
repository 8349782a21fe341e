"""Where a table stands in a file: its sheet, its row of headings, and its first rows to look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from metrics.files.cells import Decimals, Refused, decimals_of, read_date, read_number, reads_either_way
from metrics.files.limits import Unreadable
from metrics.files.sheets import Book, Row, open_book, rows_of

LOOKED_AT = 60


@dataclass
class Table:
    """The beginning of a sheet. headings: the texts of its row number `heading_row`."""

    book: Book
    sheet: str
    rows: list[Row] = field(default_factory=list)
    heading_row: int = 0
    headings: list[str] = field(default_factory=list)

    def headed_by(self, *wanted: str) -> bool:
        """Find the row that holds all these headings, whatever their case."""
        for number, cells in self.rows:
            there = {" ".join(cell.split()).lower() for cell in cells}
            if set(wanted) <= there:
                self.heading_row, self.headings = number, cells
                return True
        return False

    def first_headings(self) -> None:
        """The first row with two texts or more and no date or number: titles above have one, rows below have both."""
        for number, cells in self.rows[:20]:
            said = [cell for cell in cells if cell.strip()]
            if len(said) > 1 and not any(is_value(cell) for cell in said):
                self.heading_row, self.headings = number, cells
                return
        raise Unreadable(
            "No row of headings was found. The first row should name the columns, like Period and Patients seen."
        )

    def marks(self) -> dict[str, Any]:
        """How many of the first numbers have decimals behind a comma only, how many behind a point only, and one that
        could be read with either."""
        texts = [cell for _, cells in self.samples for cell in cells if "," in cell or "." in cell]
        found = [decimals_of(text) for text in texts]
        either = next((text.strip()[:20] for text in texts if reads_either_way(text)), "")
        return {"comma": found.count(Decimals.COMMA), "point": found.count(Decimals.POINT), "either": either}

    @property
    def samples(self) -> list[Row]:
        return [row for row in self.rows if row[0] > self.heading_row]


def is_value(text: str) -> bool:
    if text.startswith("=") or decimals_of(text):
        return True
    for read in (read_number, read_date):
        try:
            read(text.strip(" £%"))
            return True
        except Refused:
            continue
    return False


def tables(file: BinaryIO) -> Iterator[Table]:
    """The beginning of each sheet that holds anything."""
    book = open_book(file)
    for sheet in book.sheets:
        if rows := list(islice(rows_of(file, book, sheet), LOOKED_AT)):
            yield Table(book, sheet, rows)
