"""One sheet out of an OpenDocument workbook, streamed: the CQC's have hundreds of megabytes of other sheets."""

import html
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from metrics.files import limits
from metrics.files.cells import shown_as_percent
from metrics.files.limits import Unreadable

CHUNK = 256 * 1024
_SHEET = re.compile(rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"[^>]*>")
_END = b"</table:table>"


def ods_sheets(file: BinaryIO) -> list[str]:
    """The names of the sheets."""
    names: list[str] = []
    before = b""
    for chunk in _content(file):
        piece = before + chunk
        for match in _SHEET.finditer(piece):
            if match.end() > len(before):
                names.append(_unescaped(match[1]))
        before = piece[-1024:]
    return names


def ods_rows(file: BinaryIO, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet, from 1. Raises Unreadable."""
    cells = _Cells()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    try:
        # The sheet alone is parsed: no document type comes before it, so that no entity can unfold.
        parser.Parse(b"<sheet>")
        for piece in _of_sheet(file, sheet):
            parser.Parse(piece)
            yield from cells.taken()
        parser.Parse(b"</sheet>", True)
    except expat.ExpatError:
        raise Unreadable(limits.DAMAGED) from None


def _content(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _of_sheet(file: BinaryIO, sheet: str) -> Iterator[bytes]:
    """The bytes from a sheet's opening tag to its end."""
    before, inside = b"", False
    for chunk in _content(file):
        piece = before + chunk
        if not inside:
            found = next((m for m in _SHEET.finditer(piece) if _unescaped(m[1]) == sheet), None)
            if found is None:
                before = piece[-1024:]
                continue
            inside, piece = True, piece[found.start() :]
        end = piece.find(_END)
        if end >= 0:
            yield piece[: end + len(_END)]
            return
        # What may be the beginning of the end waits for the next piece.
        before = piece[-len(_END) :]
        yield piece[: -len(_END)]


def _unescaped(name: bytes) -> str:
    return html.unescape(name.decode("utf-8", "replace"))


class _Cells:
    """Collects the texts of rows from the parser's events. Repeated empty rows and cells are counted, not made."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.number = 0
        self._row: list[str] | None = None
        self._row_times = 1
        self._empty = 0
        self._cell: list[str] | None = None
        self._cell_times = 1
        self._value = ""
        self._formula = ""
        self._paragraphs = 0
        self._aside = 0

    def taken(self) -> list[tuple[int, list[str]]]:
        rows, self.rows = self.rows, []
        return rows

    def start(self, name: str, given: dict[str, Any]) -> None:
        if name == "office:annotation":
            self._aside += 1
        elif name == "table:table-row":
            self._row, self._empty = [], 0
            self._row_times = _times(given, "table:number-rows-repeated")
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._paragraphs = [], 0
            self._cell_times = _times(given, "table:number-columns-repeated")
            self._value = given.get("office:date-value", "")[:10] or _number(given)
            # A formula that no program has calculated has no kind of value either.
            self._formula = "" if "office:value-type" in given else given.get("table:formula", "")
        elif name == "text:p" and self._cell is not None and not self._aside:
            if self._paragraphs:
                self._cell.append(" ")
            self._paragraphs += 1
        elif name == "text:s" and self._cell is not None:
            self._cell.append(" ")

    def text(self, data: str) -> None:
        if self._cell is not None and not self._aside:
            self._cell.append(data)

    def end(self, name: str) -> None:
        if name == "office:annotation":
            self._aside -= 1
        elif name in ("table:table-cell", "table:covered-table-cell") and self._row is not None:
            text = self._value or "".join(self._cell or ()).strip() or self._formula.removeprefix("of:")
            self._cell = None
            if not text:
                self._empty += self._cell_times
                return
            if len(self._row) + self._empty + self._cell_times > limits.COLUMNS:
                raise Unreadable(limits.TOO_MANY_COLUMNS)
            self._row += [""] * self._empty + [text] * self._cell_times
            self._empty = 0
        elif name == "table:table-row" and self._row is not None:
            if self._row and self.number + self._row_times > limits.ROWS:
                raise Unreadable(limits.TOO_MANY_ROWS)
            if self._row and self._row_times * len(self._row) > 100_000:
                raise Unreadable(limits.UNPACKS_TOO_FAR)
            if self._row:
                self.rows += [(self.number + n, self._row) for n in range(1, self._row_times + 1)]
            self.number += self._row_times
            self._row = None


_SIGNS = {"GBP": "£", "USD": "$", "EUR": "€"}


def _number(given: dict[str, Any]) -> str:
    """A cell's number with the sign that it shows."""
    value: str = given.get("office:value", "")
    kind = given.get("office:value-type")
    if value and kind == "percentage":
        return shown_as_percent(value)
    return f"{_SIGNS.get(given.get('office:currency', ''), '')}{value}" if value and kind == "currency" else value


def _times(given: dict[str, Any], name: str) -> int:
    """How often the file repeats a row or cell."""
    text = given.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 9 else 1
