"""One sheet out of a workbook, as its reader sees it.

calamine gives the values. What it does not tell is taken from the sheet itself: the sign that a cell's format shows
beside its number, like 84.2% of 0.842, and formulas without a value.
"""

import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.parsers import expat

from metrics.files import limits
from metrics.files.cells import shown_as_percent
from metrics.files.limits import Unreadable

CHUNK = 256 * 1024
MOST_FORMULAS = 10_000
NEVER_CALCULATED = (
    f"More than {MOST_FORMULAS:,} formulas have no value: the program that wrote the workbook calculated none. Open it"
    " in Excel, save it, and upload that."
)
_STYLED = rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,2})(\d{1,7})")[^>]*?\bs="(%s)"'
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,2})(\d{1,7})")([^>]*)>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v>([^<]+)</)?"
)
_TEXT = re.compile(rb'\bt="(?:str|s|inlineStr|e|b)"')


def workbook(file: BinaryIO) -> Any:
    import python_calamine

    file.seek(0)
    try:
        return python_calamine.CalamineWorkbook.from_filelike(file)  # type: ignore[arg-type]
    except (python_calamine.CalamineError, python_calamine.PasswordError, OSError):
        raise Unreadable(limits.DAMAGED) from None


def xlsx_rows(file: BinaryIO, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet, from 1. Raises Unreadable."""
    shown = _shown(file, sheet)
    page = workbook(file).get_sheet_by_name(sheet)
    top, left = page.start or (0, 0)
    margin = [""] * left
    # Rows of formulas without a value alone are no rows to calamine.
    yield from shown.rows_of_formulas(until=top)
    for number, cells in enumerate(page.iter_rows() if page.start is not None else (), top + 1):
        texts = margin + [text_of(cell) for cell in cells]
        for place, sign in shown.signs(number):
            if left <= place < len(texts) and isinstance(cell := cells[place - left], float | int):
                texts[place] = _signed(cell, texts[place], sign)
        yield number, shown.with_formulas(number, texts)
    yield from shown.rows_of_formulas()


def text_of(cell: Any) -> str:
    """A workbook's value as it would be typed."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _signed(cell: Any, text: str, sign: str) -> str:
    if isinstance(cell, bool):
        return text
    return shown_as_percent(text) if sign == "%" else f"{sign}{text}"


def sign_of(code: str) -> str:
    """The sign that a number format shows beside a number: % with the number a hundredfold, £, $ or €; else none."""
    shown = re.sub(r"\[\$([^\]\-]*)[^\]]*\]", r'"\1"', code)
    shown = re.sub(r"\[[^\]]*\]|_.|\*.", "", shown)
    bare = re.sub(r'"[^"]*"|\\.', "", shown).split(";")[0]
    money = re.search("[£$€]", shown)
    return "%" if "%" in bare else money[0] if money else ""


@dataclass
class _Shown:
    """Of each column the runs of rows whose cells show a sign, and the formulas without a value by row and column."""

    runs: dict[int, list[list[Any]]] = field(default_factory=dict)
    formulas: dict[int, dict[int, str]] = field(default_factory=dict)
    _at: dict[int, int] = field(default_factory=dict)

    def note_sign(self, row: int, column: int, sign: str) -> None:
        runs = self.runs.setdefault(column, [])
        if runs and runs[-1][1] == row - 1 and runs[-1][2] == sign:
            runs[-1][1] = row
        else:
            runs.append([row, row, sign])

    def signs(self, row: int) -> Iterator[tuple[int, str]]:
        """The columns that show a sign in a row. Rows are asked for in their order."""
        for column, runs in self.runs.items():
            at = self._at.get(column, 0)
            while at < len(runs) and runs[at][1] < row:
                at += 1
            self._at[column] = at
            if at < len(runs) and runs[at][0] <= row:
                yield column, runs[at][2]

    def with_formulas(self, row: int, texts: list[str]) -> list[str]:
        for column, formula in self.formulas.pop(row, {}).items():
            texts += [""] * (column + 1 - len(texts))
            texts[column] = formula
        return texts

    def rows_of_formulas(self, *, until: int = limits.ROWS) -> Iterator[tuple[int, list[str]]]:
        for row in sorted(self.formulas):
            if row <= until:
                yield row, self.with_formulas(row, [])


def _shown(file: BinaryIO, sheet: str) -> _Shown:
    file.seek(0)
    shown = _Shown()
    try:
        with zipfile.ZipFile(file) as archive:
            there = {name.lower(): name for name in archive.namelist()}
            part, calculates_on_opening = _part_of(archive, there, sheet)
            if part is None:
                return shown
            signs = _signs_of_styles(archive, there)
            for piece in _pieces(archive, part):
                _note(shown, piece, signs, calculates_on_opening)
    except (expat.ExpatError, KeyError):
        raise Unreadable(limits.DAMAGED) from None
    return shown


def _note(shown: _Shown, piece: bytes, signs: dict[bytes, str], calculates_on_opening: bool) -> None:
    if signs:
        for match in re.finditer(_STYLED % b"|".join(signs), piece):
            shown.note_sign(int(match[2]), _place(match[1]), signs[match[3]])
    if b"<f" not in piece and b":f" not in piece:
        return
    for match in _FORMULA.finditer(piece):
        column, row, attributes, formula, value = match.groups()
        # Some programs write 0 as the value of every formula, and ask to calculate when the workbook is opened.
        if _TEXT.search(attributes) or (value and not (value == b"0" and calculates_on_opening)):
            continue
        if len(shown.formulas) >= MOST_FORMULAS:
            raise Unreadable(NEVER_CALCULATED)
        text = html.unescape((formula or b"").decode("utf-8", "replace"))
        shown.formulas.setdefault(int(row), {})[_place(column)] = f"={' '.join(text.split())[:60]}"


def _place(letters: bytes) -> int:
    """The column of its letters: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A sheet in pieces that end with a row."""
    before = b""
    with archive.open(part) as sheet:
        while chunk := sheet.read(CHUNK):
            before += chunk
            end = before.rfind(b"row>") + 4
            if end > 3:
                yield before[:end]
                before = before[end:]
    yield before


def _part_of(archive: zipfile.ZipFile, there: dict[str, str], sheet: str) -> tuple[str | None, bool]:
    """Where a sheet lies in the archive, and whether the workbook is to be calculated when it is opened."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}
    full: list[bool] = []

    def in_workbook(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            ids[given.get("name", "")] = next((value for key, value in given.items() if key.endswith(":id")), "")
        elif name == "calcPr":
            full.append(given.get("fullCalcOnLoad") in ("1", "true"))

    def in_relations(name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _elements(archive, there.get("xl/workbook.xml"), in_workbook)
    _elements(archive, there.get("xl/_rels/workbook.xml.rels"), in_relations)
    target = targets.get(ids.get(sheet, ""), "")
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return there.get(path.lower()), any(full)


def _signs_of_styles(archive: zipfile.ZipFile, there: dict[str, str]) -> dict[bytes, str]:
    """The sign that each style shows, by its number as cells name it."""
    formats = {"9": "%", "10": "%"}
    styles: list[str] = []
    inside: list[str] = []

    def element(name: str, given: dict[str, str]) -> None:
        if name in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            inside[:] = [name]
        elif name == "numFmt" and inside == ["numFmts"]:
            formats[given.get("numFmtId", "")] = sign_of(given.get("formatCode", ""))
        elif name == "xf" and inside == ["cellXfs"]:
            styles.append(given.get("numFmtId", ""))

    _elements(archive, there.get("xl/styles.xml"), element)
    return {str(n).encode(): sign for n, style in enumerate(styles) if (sign := formats.get(style, ""))}


def _elements(archive: zipfile.ZipFile, part: str | None, element: Any) -> None:
    """Tell of each element of a small part its name, without a namespace, and its attributes."""
    if part is None:
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: element(name.rsplit(":", 1)[-1], given)
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk)
    parser.Parse(b"", True)
