"""The figures that tests of faults measure, and the table of docs/reliability.md that shows the last ones.

python -m tests.reliability     after `make soak`: writes the figures of that run into the table
"""

import fcntl
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "var" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
ROW = re.compile(r"^\| `(?P<test>test_[\w\[\]]+)` \|(?P<told>.*)\|[^|]*\|$", re.MULTILINE)


def note(test: str, **figures: float | int | str) -> None:
    """Keep what a test has measured, in place of what it measured before."""
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        kept = json.loads(text) if text else {}
        told = {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}
        kept[test] = {"on": date.today().isoformat(), **told}
        file.seek(0)
        file.truncate()
        json.dump(kept, file, indent=1)


def in_words(figures: Mapping[str, float | int | str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items() if name != "on")


def with_figures(page: str, kept: Mapping[str, Mapping[str, float | int | str]]) -> str:
    """The page with the last column of its table written anew; a test that was not run keeps its old figures."""

    def row(match: re.Match[str]) -> str:
        test = match["test"]
        if test not in kept:
            return match[0]
        return f"| `{test}` |{match['told']}| {in_words(kept[test])} |"

    return ROW.sub(row, page)


if __name__ == "__main__":
    PAGE.write_text(with_figures(PAGE.read_text(), json.loads(FIGURES.read_text())))
