"""Log lines without personal data: each says when, how grave, who speaks, what, and to which request it belongs.

What a library puts into a line cannot be known beforehand. So the texts of exceptions are left out (PostgreSQL's
repeat the rows that it refused), only the fields named here are written, and what looks like an e-mail address, a
network address, a query string or a long number is struck out of every message.
"""

import copy
import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django_guid import get_guid

# The id of the person who is signed in, and nothing else about them.
person: ContextVar[int | None] = ContextVar("person", default=None)

# What our own lines may say on top, and nothing else.
EXTRA = ("route", "method", "status", "seconds")

_STRUCK_OUT = (
    (re.compile(r"\S+@[\w.-]+\.\w+"), "[e-mail]"),
    (re.compile(r"\?[^\s'\"<>]*=[^\s'\"<>]*"), "?[query]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "[address]"),
    (re.compile(r"(?<![\w:])(?=[0-9a-fA-F:]*::|(?:[0-9a-fA-F]{1,4}:){7})[0-9a-fA-F:]{3,}"), "[address]"),
    (re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])"), "[number]"),
)


def somebody(*_asked: Any) -> str:
    """What django-axes calls whoever it holds off: the access list in the database says more to those who may see."""
    return "somebody"


def route_of(request: Any) -> str:
    """The name of the address that was asked for. The path may hold codes of rows and keys of letters."""
    match = getattr(request, "resolver_match", None)
    return (match and match.view_name) or "none"


def strike_out(text: str) -> str:
    for pattern, instead in _STRUCK_OUT:
        text = pattern.sub(instead, text)
    return text


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def trace_of(thrown: BaseException) -> str:
    """Where an error came from: types and places, never texts and values."""
    lines = []
    for error in chain(thrown):
        lines.append(type(error).__name__)
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join(lines)


def _said(value: Any, request: Any) -> Any:
    """An argument of a line, as it may be written."""
    if isinstance(value, BaseException):
        return type(value).__name__
    if request is not None and isinstance(value, str) and value in (request.path, request.get_full_path()):
        return route_of(request)
    return value


def message_of(record: logging.LogRecord) -> str:
    """The line's message without what must not be in it."""
    request = getattr(record, "request", None)
    request = request if hasattr(request, "get_full_path") else None
    spoken = copy.copy(record)
    if isinstance(record.args, tuple):
        spoken.args = tuple(_said(value, request) for value in record.args)
    elif isinstance(record.args, dict):
        # Celery says what a task was given, what it returned and what it threw.
        hidden = {"args", "kwargs", "return_value", "traceback", "exc"}
        spoken.args = {
            name: "(not said)" if name in hidden else _said(value, request) for name, value in record.args.items()
        }
    message = spoken.getMessage()
    if isinstance(record.msg, BaseException):
        message = type(record.msg).__name__
    for error in chain(record.exc_info[1] if record.exc_info else None):
        for text in (repr(error), str(error)):
            if text:
                message = message.replace(text, type(error).__name__)
    return strike_out(message)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is written of a line, by name; what it does not have is left out."""
    at = datetime.fromtimestamp(record.created, UTC)
    fields: dict[str, Any] = {
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message_of(record),
        "request_id": get_guid(),
        "person": person.get(),
    }
    if hasattr(record, "request"):
        fields["route"] = route_of(record.request)
    fields |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
    if record.exc_info and record.exc_info[1]:
        fields["trace"] = trace_of(record.exc_info[1])
    return {name: value for name, value in fields.items() if value is not None}


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """For one developer's terminal, where nobody's data are: errors say everything."""

    def format(self, record: logging.LogRecord) -> str:
        at = self.formatTime(record, "%H:%M:%S")
        request_id = get_guid()
        line = f"{at} {record.levelname.lower():<7} {f'[{request_id}] ' if request_id else ''}{record.getMessage()}"
        # A refusal (403) is told as a warning: nothing broke, so where it came from is of no use.
        if record.exc_info and record.levelno >= logging.ERROR:
            line += "\n" + self.formatException(record.exc_info)
        return line
