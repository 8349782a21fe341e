"""Lists: a page at a time by cursor as JSON, or whole as CSV."""

import csv
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from ui.exports import cell

LARGEST_ID = 2**63 - 1


class ById(CursorPagination):
    """In the order in which rows were made: new ones come last, so that nobody who turns pages misses one."""

    ordering = "pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _is_position(str(cursor.position)):
            raise NotFound("This cursor does not come from here.")
        return cursor


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_ID


class Csv(BaseRenderer):
    """Columns are named as in JSON. Texts that a spreadsheet would run are disarmed."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        serializer = renderer_context["view"].get_serializer_class()
        names = list(serializer().fields)
        lines = _Lines()
        writer = csv.writer(lines)
        writer.writerow(names)
        for row in data:
            writer.writerow([_cell(row[name]) for name in names])
        return "".join(lines).encode()


def _cell(value: Any) -> Any:
    """Several numbers stand in one cell with spaces between."""
    return cell(" ".join(map(str, value)) if isinstance(value, list) else value)


class _Lines(list[str]):
    def write(self, text: str) -> None:
        self.append(text)
