"""The example's files, row by row."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "nhs_vmi"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of the example, cells stripped."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: (cell or "").strip() for column, cell in row.items()}


def text(name: str) -> str:
    """A text of the example, one remark a line."""
    return (FOLDER / name).read_text(encoding="utf-8").strip()


def partial_date(text: str) -> tuple[date | None, str]:
    """A date as printed, `2018`, `2018-02` or `2018-02-14`, with its precision; (None, 'day') for an empty cell."""
    if not text:
        return None, "day"
    parts = [int(part) for part in text.split("-")]
    precision = ("year", "month", "day")[len(parts) - 1]
    year, month, day = (*parts, 1, 1)[:3]
    return date(year, month, day), precision


def yes(cell: str) -> bool:
    return cell == "yes"


def months_ago(months: int, today: date) -> date:
    """The first day of the month so many months before today's."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)
