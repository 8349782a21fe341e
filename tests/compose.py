"""docker-compose.yml as Compose reads it: variables put in, each part with its command and its check."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>[A-Z_]+)(?::(?P<how>[?-])(?P<rest>[^}]*))?\})")


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """Compose's own rules for `$$`, `${NAME:?}` and `${NAME:-default}`."""

    def put(found: re.Match[str]) -> str:
        if found["name"] is None:
            return "$"
        value = values.get(found["name"], "")
        assert value or found["how"] == "-", f"{found['name']} must be set"
        return value or found["rest"]

    return VARIABLE.sub(put, text)


def filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [filled(value, values) for value in part]
    return interpolate(part, values) if isinstance(part, str) else part


def text() -> str:
    return (ROOT / "docker-compose.yml").read_text()


def variables() -> set[str]:
    return {found["name"] for found in VARIABLE.finditer(text()) if found["name"]}


def read(values: Mapping[str, str]) -> dict[str, Any]:
    return filled(yaml.safe_load(text()), values)


def check_of(service: Mapping[str, Any]) -> list[str]:
    """A health check as the command that it runs."""
    how, *rest = service["healthcheck"]["test"]
    return rest if how == "CMD" else ["sh", "-c", *rest]


def image_environment() -> dict[str, str]:
    """What the last stage of the Dockerfile puts into the environment, but for its PATH."""
    last = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1].replace("\\\n", " ")
    pairs = [pair for line in re.findall(r"^ENV (.+)$", last, re.MULTILINE) for pair in shlex.split(line)]
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name != "PATH"}
