"""Rows as CSV and XLSX. Texts that a spreadsheet would run are disarmed; what is synthetic says so on every row."""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    means: str = ""


@dataclass(frozen=True)
class Export:
    """`name` is the file's name without its ending. `synthetic` marks every row; rows may say it themselves."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    title: str = ""
    source: str = ""
    synthetic: bool = False
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def all_columns(self) -> list[Column]:
        if not self.synthetic or any(c.key == "synthetic" for c in self.columns):
            return list(self.columns)
        means = "yes: generated or reconstructed, not as published"
        return [*self.columns, Column("synthetic", "Synthetic", means)]

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        return [cell(row.get(c.key, "yes" if c.key == "synthetic" else None)) for c in self.all_columns]


def cell(value: Any) -> Any:
    """A value for a spreadsheet: numbers and dates as they are, yes or no, texts disarmed, None empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal | dt.date):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def csv_lines(export: Export) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([cell(c.heading) for c in export.all_columns])
    for row in export.rows:
        yield writer.writerow([_written(value) for value in export.values(row)])


def _written(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, dt.date) else value


def csv_response(export: Export) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(export), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{export.name}.csv"'
    return response


def xlsx_response(export: Export) -> FileResponse:
    """Written row by row to a temporary file, which goes away with the response."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False,
                                      "strings_to_urls": False, "nan_inf_to_errors": True})  # fmt: skip
    _write_rows(book, export)
    _write_notes(book, export)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{export.name}.xlsx", content_type=XLSX_TYPE)


def _write_rows(book: Any, export: Export) -> None:
    sheet = book.add_worksheet("Rows")
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "d mmm yyyy"})
    minute = book.add_format({"num_format": "d mmm yyyy hh:mm"})
    for n, column in enumerate(export.all_columns):
        sheet.set_column(n, n, max(12, min(len(column.heading) + 2, 40)))
    sheet.freeze_panes(1, 0)
    for n, column in enumerate(export.all_columns):
        sheet.write_string(0, n, str(cell(column.heading)), bold)
    for number, row in enumerate(export.rows, 1):
        for n, value in enumerate(export.values(row)):
            if isinstance(value, dt.datetime):
                here = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
                sheet.write_datetime(number, n, here, minute)
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, n, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif isinstance(value, str):
                sheet.write_string(number, n, value)
            else:
                sheet.write_number(number, n, value)


def _write_notes(book: Any, export: Export) -> None:
    sheet = book.add_worksheet("What this is")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines: list[tuple[str, str]] = []
    if export.title:
        lines.append(("Title", export.title))
    if export.source:
        lines.append(("Source", export.source))
    if export.synthetic:
        lines.append(("Synthetic", "Rows marked synthetic are generated or reconstructed, not as published."))
    lines += [("Note", note) for note in export.notes]
    lines.append(("Downloaded", f"{timezone.localtime():%d %B %Y, %H:%M}"))
    lines += [("", ""), ("Column", "What it means")]
    lines += [(c.heading, c.means) for c in export.all_columns]
    for number, (left, right) in enumerate(lines):
        sheet.write_string(number, 0, str(cell(left)), bold)
        sheet.write_string(number, 1, str(cell(right)))
