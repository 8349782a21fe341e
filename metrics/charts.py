"""Plain data to Plotly figures, in Making Data Count's manner, and with a shape for every colour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from metrics.happenings import Kind
from metrics.presenters.words import Body, counted, period_words, unit_words, value_words
from ui.figures import plain
from ui.icons import BAD, BAD_FILL, BLUE, GOOD, GOOD_FILL, INK, INK2, LATE, LINE, LINE2, SAME, SPECIAL

Figure = dict[str, Any]
HEIGHT, TOP, BOTTOM, RIGHT = 400, 34, 40, 122
BLUE_WASH, GROUND = "#e8f1f9", "#eef1f3"
NEAR_THE_EDGE = 0.06
"""Flags in this part of the chart's width grow inwards, so that none is cut off."""
ALONE = 31
"""Days on either side of a chart's only value: axes of hours would mislead."""
APART = 17
"""Pixels between the words of two lines at the right, at least."""

_SHAPES = {
    "common": ("Common cause", {"symbol": "circle", "size": 8, "color": SAME, "line": {"color": SAME, "width": 1}}),
    "improvement": (
        "Improvement",
        {"symbol": "diamond", "size": 12, "color": GOOD_FILL, "line": {"color": GOOD, "width": 1.5}},
    ),
    "concern": ("Concern", {"symbol": "square", "size": 10, "color": BAD_FILL, "line": {"color": BAD, "width": 1.5}}),
    "neutral_high": (
        "Special cause, high",
        {"symbol": "triangle-up", "size": 12, "color": SPECIAL, "line": {"color": SPECIAL, "width": 1}},
    ),
    "neutral_low": (
        "Special cause, low",
        {"symbol": "triangle-down", "size": 12, "color": SPECIAL, "line": {"color": SPECIAL, "width": 1}},
    ),
    "ghost": (
        "Shown, counted nowhere",
        {"symbol": "circle-open", "size": 9, "color": SAME, "line": {"color": SAME, "width": 1.5}},
    ),
}


@dataclass(frozen=True)
class Mark:
    """What happened at a date, or until another. kind: recalculation, definition, note; or a kind of happening, which
    appears by itself. flag: which line of the list tells it."""

    flag: str
    on: str
    kind: str
    until: str | None = None

    @property
    def by_itself(self) -> bool:
        return self.kind in set(Kind)

    @property
    def middle(self) -> str:
        """Where its flag stands."""
        on, until = (date.fromisoformat(day) for day in (self.on, self.until or self.on))
        return (on + (until - on) / 2).isoformat()


def metric_figure(
    version: Body, series: Body, earlier: Sequence[tuple[Body, Body]] = (), marks: Sequence[Mark] = (), *, title: str
) -> Figure:
    """One series' chart: with limits where there are points enough, else a run chart with its median.

    earlier: former definitions with their series, drawn dotted. title: stands above the picture that is downloaded.
    """
    points = series["points"]
    lines = _limits(version, points) if series["enough"] else _median(version, series)
    target = _target(version, points)
    drawn = [*_earlier(earlier), *lines, *target, _values(version, points), *_judged(version, points)]
    low, high = _range(drawn)
    labels = _labels(version, series)
    days = _days(drawn, marks)
    xaxis = {
        "type": "date",
        "showgrid": False,
        "linecolor": LINE2,
        "ticks": "outside",
        "tickcolor": LINE2,
        "fixedrange": True,
        "range": days,
        "tickangle": 0,
    }
    layout = {
        "height": HEIGHT,
        "margin": {"l": 52, "r": RIGHT, "t": TOP, "b": BOTTOM},
        "xaxis": xaxis,
        "yaxis": {"range": [low, high], "gridcolor": LINE, "zeroline": False, "fixedrange": True,
                  "title": {"text": unit_words(version), "standoff": 4, "font": {"size": 12}}},
        "shapes": _marked(marks),
        "annotations": [*_flags(marks, days, closest=0.04), *_apart(labels, low, high)],
    }  # fmt: skip
    return {
        "data": drawn,
        "layout": layout,
        "phone_layout": {
            "margin": {"l": 44, "r": 8, "t": TOP, "b": BOTTOM},
            "xaxis": {**xaxis, "nticks": 4},
            "annotations": _flags(marks, days, closest=0.2),
        },
        "picture": {"title": plain(title)},
    }


def moving_range_figure(version: Body, series: Body, *, title: str) -> Figure:
    """The differences from each value to the next, with their mean and the limit beyond which one is unusual."""
    points = counted(series)
    lines = []
    for part in series["moving_ranges"]:
        days = [point["on"] for point in points if point["section"] == part["section"]]
        lines.append(_line(days, [part["mean"]] * len(days), color=INK, width=2, said="Mean"))
        lines.append(_line(days, [part["limit"]] * len(days), color=INK2, width=1.5, dash="dash", said="Upper limit"))
    limits = {part["section"]: part["limit"] for part in series["moving_ranges"]}
    usual = [point for point in points if point["moving_range"] is not None and not _is_unusual(point, limits)]
    unusual = [point for point in points if point["moving_range"] is not None and _is_unusual(point, limits)]
    joined = _line([p["on"] for p in points], [p["moving_range"] for p in points], color=SAME, width=2, said="")
    data = [*lines, joined, _dots(version, usual, "common", of="moving_range")]
    if unusual:
        data.append(_dots(version, unusual, "neutral_high", of="moving_range", said="Unusually large"))
    return {
        "data": data,
        "layout": {
            "margin": {"l": 52, "r": 16, "t": 16, "b": BOTTOM},
            "xaxis": {"type": "date", "showgrid": False, "linecolor": LINE2, "fixedrange": True, "tickangle": 0},
            "yaxis": {"rangemode": "tozero", "gridcolor": LINE, "zeroline": False, "fixedrange": True,
                      "title": {"text": unit_words(version), "standoff": 4, "font": {"size": 12}}},
        },
        "picture": {"title": plain(title)},
    }  # fmt: skip


def _is_unusual(point: Body, limits: dict[int, float]) -> bool:
    return point["section"] in limits and point["moving_range"] > limits[point["section"]]


# Traces ------------------------------------------------------------------------


def _line(x: list[Any], y: list[Any], *, color: str, width: float, said: str, dash: str = "solid") -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": said,
        "line": {"color": color, "width": width, "dash": dash},
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _values(version: Body, points: list[Body]) -> Figure:
    return _line([p["on"] for p in points], [p["value"] for p in points], color=SAME, width=2, said="Value")


def _dots(version: Body, points: Iterable[Body], kind: str, *, of: str = "value", said: str = "") -> Figure:
    words, marker = _SHAPES[kind]
    shown = list(points)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [point["on"] for point in shown],
        "y": [point[of] for point in shown],
        "name": said or words,
        "marker": marker,
        "cliponaxis": False,
        "text": [f"{period_words(point['on'], version)}: {value_words(point[of], version)}" for point in shown],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _judged(version: Body, points: list[Body]) -> list[Figure]:
    """The points by what they show, common cause first, so that signals lie above it."""
    found: dict[str, list[Body]] = {kind: [] for kind in _SHAPES}
    for point in points:
        if point["value"] is not None:
            found["ghost" if point["ghost"] else _kind(point["judgement"])].append(point)
    return [_dots(version, members, kind) for kind, members in found.items() if members]


def _kind(judgement: str | None) -> str:
    if judgement is None:
        return "common"
    return judgement if judgement.startswith("neutral") else judgement.partition("_")[0]


def _limits(version: Body, points: list[Body]) -> list[Figure]:
    """Mean and limits, broken where they were recalculated."""
    traces = []
    for of, words, width, dash, color in (
        ("mean", "Mean", 2, "solid", INK),
        ("upper", "Upper limit", 1.5, "dash", INK2),
        ("lower", "Lower limit", 1.5, "dash", INK2),
    ):
        x: list[Any] = []
        y: list[Any] = []
        for _, part in groupby(points, key=lambda point: point["section"]):
            members = list(part)
            x += [*(point["on"] for point in members), members[-1]["on"]]
            y += [*(point[of] for point in members), None]
        traces.append(_line(x, y, color=color, width=width, dash=dash, said=words))
    return traces


def _median(version: Body, series: Body) -> list[Figure]:
    if series["run_chart"] is None:
        return []
    days = [point["on"] for point in counted(series)]
    return [_line(days, [series["run_chart"]["median"]] * len(days), color=INK, width=1.5, dash="dash", said="Median")]


def _target(version: Body, points: list[Body]) -> list[Figure]:
    """In steps, from the day each target holds to the next, as far as there are points."""
    if not points or not version["targets"]:
        return []
    first, last = points[0]["on"], points[-1]["on"]
    x: list[str] = []
    y: list[float] = []
    ends = [*(target["starts"] for target in version["targets"][1:]), last]
    for target, end in zip(version["targets"], ends, strict=True):
        if target["starts"] <= last and end >= first:
            x += [max(target["starts"], first), min(end, last)]
            y += [target["value"]] * 2
    return [_line(x, y, color=LATE, width=2, dash="dot", said="Target")] if x else []


def _earlier(earlier: Sequence[tuple[Body, Body]]) -> list[Figure]:
    return [
        _line(
            [point["on"] for point in series["points"]],
            [point["value"] for point in series["points"]],
            color=INK2,
            width=1.5,
            dash="dot",
            said="Earlier definition",
        )
        for version, series in earlier
    ]


# Ranges, labels and marks ----------------------------------------------------------


def _range(drawn: list[Figure]) -> tuple[float, float]:
    values = [value for trace in drawn for value in trace["y"] if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low) * 0.07 or abs(high) * 0.1 or 1.0
    return low - room, high + room


def _days(drawn: list[Figure], marks: Sequence[Mark]) -> list[str]:
    """From the first day to the last, with room for half a mark at both ends; what is marked after the last fits."""
    days = sorted({day for trace in drawn for day in trace["x"]})
    if not days:
        return []
    days = sorted([*days, *(mark.on for mark in marks if mark.on > days[-1])])
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    room = timedelta(days=max(1, (last - first).days // 60) if last > first else ALONE)
    return [(first - room).isoformat(), (last + room).isoformat()]


def _labels(version: Body, series: Body) -> list[tuple[float, str, str]]:
    """What stands at the right end of each line: its value there, its words, its colour."""
    found: list[tuple[float, str, str]] = []
    last = next((point for point in reversed(counted(series)) if point["upper"] is not None), None)
    if series["enough"] and last is not None:
        for of, words, color in (("upper", "Upper limit", INK2), ("mean", "Mean", INK), ("lower", "Lower limit", INK2)):
            found.append((last[of], f"{words} {value_words(last[of], version)}", color))
    elif series["run_chart"] is not None:
        median = series["run_chart"]["median"]
        found.append((median, f"Median {value_words(median, version)}", INK))
    if series["target"] is not None:
        found.append((series["target"], f"Target {value_words(series['target'], version)}", LATE))
    return found


def _apart(labels: list[tuple[float, str, str]], low: float, high: float) -> list[Figure]:
    """The labels at the right, moved up or down until none lies on another."""
    pixels = (HEIGHT - TOP - BOTTOM) / (high - low)
    placed: list[tuple[float, float, str, str]] = []
    for value, words, color in sorted(labels):
        at = value * pixels
        placed.append((max(at, placed[-1][0] + APART) if placed else at, value * pixels, words, color))
    if placed:
        # Half of what the upper ones were pushed is given back, so that the stack stands around its lines.
        over = max(0.0, placed[-1][0] - placed[-1][1]) / 2
        placed = [(at - over, true, words, color) for at, true, words, color in placed]
    return [
        {
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 6,
            "y": true / pixels,
            "yshift": at - true,
            "yanchor": "middle",
            "text": words,
            "showarrow": False,
            "font": {"size": 12, "color": color},
        }
        for at, true, words, color in placed
    ]


_LINES = {
    "recalculation": (BLUE, "solid"),
    "definition": (INK2, "dash"),
    "note": (LINE2, "dot"),
    Kind.IDEA: (BLUE, "dot"),
}
_BANDS = {Kind.WEEK: (BLUE_WASH, BLUE), Kind.STAND_DOWN: (GROUND, LINE2)}


def _marked(marks: Sequence[Mark]) -> list[Figure]:
    """A line at the date of each mark, or a band below everything where it lasted."""
    return [_band(mark) if mark.kind in _BANDS else _upright(mark) for mark in marks]


def _band(mark: Mark) -> Figure:
    fill, edge = _BANDS[Kind(mark.kind)]
    ends = date.fromisoformat(mark.until or mark.on) + timedelta(days=1)
    return {
        "type": "rect",
        "layer": "below",
        "x0": mark.on,
        "x1": ends.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "fillcolor": fill,
        "line": {"color": edge, "width": 1},
    }


def _upright(mark: Mark) -> Figure:
    color, dash = _LINES[mark.kind]
    return {
        "type": "line",
        "x0": mark.on,
        "x1": mark.on,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": color, "dash": dash, "width": 1.5},
    }


def _flags(marks: Sequence[Mark], days: list[str], *, closest: float) -> list[Figure]:
    """The flags of the marks above them; those closer than this part of the chart's width share one. A flag of what
    appears by itself is blue, and has a letter; one with a number was written by somebody."""
    if not days:
        return []
    apart = (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days * closest
    groups: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: (_inside(mark.middle, days), mark.on)):
        at = date.fromisoformat(_inside(mark.middle, days))
        if groups and (at - date.fromisoformat(_inside(groups[-1][0].middle, days))).days <= apart:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [_flag(members, _inside(members[0].middle, days), days) for members in groups]


def _inside(day: str, days: list[str]) -> str:
    """A band may reach beyond the chart; its flag does not."""
    return min(max(day, days[0]), days[-1])


def _flag(members: Sequence[Mark], at: str, days: list[str]) -> Figure:
    alone = all(mark.by_itself for mark in members)
    first, last, here = (date.fromisoformat(day).toordinal() for day in (*days, at))
    share = (here - first) / max(last - first, 1)
    return {
        "x": at,
        "xanchor": "left" if share < NEAR_THE_EDGE else "right" if share > 1 - NEAR_THE_EDGE else "center",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "text": ", ".join(mark.flag for mark in members),
        "showarrow": False,
        "bgcolor": BLUE_WASH if alone else "#ffffff",
        "bordercolor": BLUE if alone else INK2,
        "borderwidth": 1,
        "borderpad": 3,
        "yshift": 5,
        "font": {"size": 12, "color": INK, "weight": 700},
    }
