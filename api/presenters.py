"""The API's description in words for a page: its addresses, what each takes, and what the columns mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

_OF_EVERY_LIST = frozenset({"cursor", "page_size", "format", "If-None-Match"})
"""Told once, above the addresses."""
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
_CHOICE = re.compile(r"^\* `([^`]+)`", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """A parameter or a column, and what it means."""

    name: str
    means: Markup


@dataclass(frozen=True)
class Address:
    method: str
    path: str
    summary: str
    takes: list[Line]


@dataclass(frozen=True)
class Columns:
    """What a row of an answer holds, or what is sent."""

    name: str
    lines: list[Line]


def addresses(schema: dict[str, Any]) -> list[Address]:
    return [
        Address(
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            takes=[
                Line(one["name"], said(one.get("description", "")))
                for one in operation.get("parameters", ())
                if one["in"] != "path" and one["name"] not in _OF_EVERY_LIST
            ],
        )
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


def answered(schema: dict[str, Any]) -> list[Columns]:
    """What each column of each list means."""
    return _components(schema, lambda name: name.endswith("Row"))


def sent(schema: dict[str, Any]) -> list[Columns]:
    """What a system sends to log something."""
    return _components(schema, lambda name: name.startswith("New") and not name.endswith("Enum"))


def _components(schema: dict[str, Any], chosen: Callable[[str], bool]) -> list[Columns]:
    return [
        Columns(_said_name(name), [Line(key, said(about.get("description", ""))) for key, about in columns.items()])
        for name, columns in (
            (name, one.get("properties", {})) for name, one in schema["components"]["schemas"].items()
        )
        if chosen(name)
    ]


def _said_name(name: str) -> str:
    """`value stream` of ValueStreamRow."""
    words = _WORDS.sub(" ", name.removesuffix("Row")).lower()
    return "RPIW" if words == "rpiw" else words


def said(text: str) -> Markup:
    """A description: what stands between backticks as code, and after its first line the choices that there are."""
    first, _, rest = text.partition("\n")
    choices = [f"`{choice}`" for choice in _CHOICE.findall(rest)]
    whole = f"{first} One of {', '.join(choices)}." if choices else first
    parts = [escape(part) for part in whole.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts))
