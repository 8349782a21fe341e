"""What would stand in an installation's log: every line that a test causes, in the form that production writes."""

import io
import json
import logging
from typing import Any

from improvement.logs import JsonLines


class Written:
    """The lines so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


def listen() -> tuple[Written, logging.Handler]:
    written = Written()
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    return written, handler
