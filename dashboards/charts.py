"""Plain data to Plotly figures."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.figures import plain

INK, BLUE, GRID = "#212b32", "#005eb8", "#d8dde0"
ROW, MARGIN = 38, 12
TOO_CLOSE = 0.12
"""The share of the scale below which both values stand in one text."""


@dataclass(frozen=True)
class Dumbbell:
    """One row: a measure's baseline and its latest value, with their words; empty when the RPIW has no such pair."""

    label: str
    baseline: float | None = None
    latest: float | None = None
    baseline_words: str = ""
    latest_words: str = ""
    name: str = ""


def height(rows: Sequence[Dumbbell]) -> int:
    return ROW * max(len(rows), 1) + 2 * MARGIN


def dumbbells(rows: Sequence[Dumbbell], *, labelled: bool = True) -> dict[str, Any]:
    """Baseline hollow, latest filled, joined by a bar; the values stand at both ends. Rows keep their order.

    Charts that stand side by side share their rows, so only the first is labelled; on phones, where they stand below
    each other, each is.
    """
    known = [row for row in rows if row.baseline is not None and row.latest is not None]
    most = max((max(row.baseline or 0, row.latest or 0) for row in known), default=0) or 1
    data: list[dict[str, Any]] = []
    for y, row in enumerate(rows):
        if row.baseline is not None and row.latest is not None:
            data += _row(y, row, most)
    left = 148 if labelled else 8
    across = {
        "range": [-0.42 * most, 1.5 * most],
        "fixedrange": True,
        "showticklabels": False,
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": GRID,
        "zerolinewidth": 1,
    }
    axis = {
        "tickvals": list(range(len(rows))),
        "ticktext": [_wrapped(row.label) for row in rows],
        "range": [len(rows) - 0.5, -0.5],
        "showticklabels": labelled,
        "fixedrange": True,
        "gridcolor": GRID,
        "zeroline": False,
        "tickfont": {"size": 13},
    }
    return {
        "data": data,
        "layout": {
            "height": height(rows),
            "margin": {"l": left, "r": 8, "t": MARGIN, "b": MARGIN},
            "xaxis": across,
            "yaxis": axis,
        },
        "phone_layout": {
            "margin": {"l": 118, "r": 4, "t": MARGIN, "b": MARGIN},
            # The values at both ends need as many pixels as on a wide screen, which here is more of the axis.
            "xaxis": {**across, "range": [-0.95 * most, 2.3 * most]},
            "yaxis": {**axis, "showticklabels": True, "tickfont": {"size": 12}},
        },
    }


def _row(y: int, row: Dumbbell, most: float) -> list[dict[str, Any]]:
    before, after = float(row.baseline or 0), float(row.latest or 0)
    bar = {
        "type": "scatter",
        "mode": "lines",
        "x": [before, after],
        "y": [y, y],
        "line": {"color": BLUE, "width": 4},
        "hoverinfo": "skip",
    }
    was, now = plain(row.baseline_words), plain(row.latest_words)
    if abs(before - after) < TOO_CLOSE * most:
        words = [(max(before, after), f"{was} → {now}", "middle right")]
    else:
        words = [
            (before, was, "middle right" if before > after else "middle left"),
            (after, now, "middle left" if before > after else "middle right"),
        ]
    texts = [
        {
            "type": "scatter",
            "mode": "text",
            "x": [x],
            "y": [y],
            "text": [_aside(text, position)],
            "textposition": position,
            "textfont": {"size": 13, "color": INK},
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
        for x, text, position in words
    ]
    said = f"{plain(row.name)}: baseline {was}, latest {now}"
    ends = [
        _end(after, y, said, {"color": BLUE, "size": 12, "line": {"color": BLUE, "width": 2}}),
        _end(before, y, said, {"color": "#ffffff", "size": 11, "line": {"color": INK, "width": 2}}),
    ]
    return [bar, *ends, *texts]


def _end(x: float, y: int, said: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": marker,
        "cliponaxis": False,
        "text": [said],
        "hoverinfo": "text",
    }


def _aside(text: str, position: str) -> str:
    """Room between the mark and its words."""
    return f"   {text}" if position == "middle right" else f"{text}   "


def _wrapped(label: str) -> str:
    """The label in at most two lines."""
    lines = textwrap.wrap(label, width=21) or [""]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), width=20, placeholder="…")]
    return "<br>".join(plain(line) for line in lines)
