"""The rows of a file as lists of texts, with the row numbers that its reader sees. Values only: no formula is run.

Everything streams, but for XLSX, which calamine holds in memory; what it would hold is counted before.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from metrics.files import limits
from metrics.files.limits import Unreadable
from metrics.files.ods import ods_rows, ods_sheets
from metrics.files.xlsx import workbook, xlsx_rows

Row = tuple[int, list[str]]
CHUNK = 256 * 1024

_OLD_WORKBOOK = (
    "This is a workbook of the old kind (.xls), or one with a password. Save it as .xlsx without a password, or as CSV,"
    " and upload that."
)
_MACROS = "The workbook holds macros, which are never run here. Save it as .xlsx, without macros, and upload that."
_NO_TABLE = "This is neither a CSV file nor a workbook (.xlsx or .ods). Save your table as one of these."
_EMPTY = "The file is empty."


@dataclass(frozen=True)
class Book:
    """What kind of file it is, and its sheets. A CSV file has one sheet without a name."""

    kind: str
    sheets: list[str] = field(default_factory=lambda: [""])
    encoding: str = ""
    delimiter: str = ""


def open_book(file: BinaryIO) -> Book:
    """Find out what the file is. Raises Unreadable."""
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Unreadable(_EMPTY)
    if start.startswith(b"PK"):
        return _open_zip(file)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_OLD_WORKBOOK)
    encoding = _encoding(file)
    return Book("csv", encoding=encoding, delimiter=_delimiter(file, encoding))


def rows_of(file: BinaryIO, book: Book, sheet: str) -> Iterator[Row]:
    """Every row of a sheet that holds anything, with its number from 1."""
    file.seek(0)
    if book.kind == "csv":
        rows = _csv_rows(file, book.encoding, book.delimiter)
    elif book.kind == "ods":
        rows = ods_rows(file, sheet)
    else:
        rows = xlsx_rows(file, sheet)
    for number, cells in rows:
        if number > limits.ROWS:
            raise Unreadable(limits.TOO_MANY_ROWS)
        if len(cells) > limits.COLUMNS and any(cells[limits.COLUMNS :]):
            raise Unreadable(limits.TOO_MANY_COLUMNS)
        if any(cells):
            yield number, cells


# Texts.


def _encoding(file: BinaryIO) -> str:
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in start:
        # UTF-16 without a mark: of plain letters every second byte is zero.
        for name, places in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
            if places.count(0) > len(places) * 0.7:
                return name
        raise Unreadable(_NO_TABLE)
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"{\\rtf", b"<!DOCTYPE", b"<html")):
        raise Unreadable(_NO_TABLE)
    try:
        for _ in io.TextIOWrapper(_Kept(file), encoding="utf-8", newline=""):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8"


class _Kept(io.BufferedReader):
    """A reader that leaves the file open when it is done with."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(io.FileIO(file.fileno(), closefd=False), CHUNK)


def _lines(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(_Kept(file), encoding=encoding, errors="replace", newline="")


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """The separator that cuts the first rows into the most columns, alike in most rows."""
    lines = _lines(file, encoding)
    start = lines.read(64 * 1024).splitlines()[:40]

    def columns(delimiter: str) -> int:
        try:
            widths = [len(row) for row in csv.reader(start, delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0
        widths = [width for width in widths if width > 1]
        return sum(width == max(set(widths), key=widths.count) for width in widths) if widths else 0

    return max(",;\t|", key=columns)


def _csv_rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    try:
        yield from enumerate(csv.reader(_lines(file, encoding), delimiter=delimiter, strict=True), 1)
    except csv.Error:
        raise Unreadable(
            "A text in the file has no end: a quotation mark is missing. Save the table again as CSV, and upload that."
        ) from None


# Workbooks.


def _open_zip(file: BinaryIO) -> Book:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unreadable(limits.DAMAGED) from None
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(_MACROS)
    if "content.xml" in names:
        _unpack(archive, None)
        return Book("ods", sheets=ods_sheets(file))
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable(_NO_TABLE)
    _unpack(archive, _far_cells)
    return Book("xlsx", sheets=workbook(file).sheet_names)


def _unpack(archive: zipfile.ZipFile, look: Any) -> None:
    """Unpack every part piece by piece, keeping none: what it says of its own size may be untrue."""
    total, packed = 0, sum(entry.compress_size for entry in archive.infolist())
    try:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                before = b""
                while chunk := part.read(CHUNK):
                    total += len(chunk)
                    if total > limits.UNPACKED or total > max(packed, 50_000) * limits.RATIO:
                        raise Unreadable(limits.UNPACKS_TOO_FAR)
                    if look and entry.filename.startswith("xl/worksheets/"):
                        look(before + chunk)
                        before = chunk[-32:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Unreadable(limits.DAMAGED) from None
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "bz2"):
            raise Unreadable(limits.DAMAGED) from None
        raise


# A cell beyond column IV, the 256th.
_FAR = re.compile(rb'<(?:\w+:)?c [^>]*?\br="(?:[J-Z][A-Z]|I[W-Z]|[A-Z]{3,})\d+"')


def _far_cells(piece: bytes) -> None:
    if _FAR.search(piece):
        raise Unreadable(limits.TOO_MANY_COLUMNS)
