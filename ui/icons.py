"""The icons, drawn here: marks of status (16 units), variation and assurance badges (40), mini badges (24).

The outline says the judgement: thin circle no change, thick circle improvement, square concern, diamond neutral,
dashed circle too few points. A label makes the icon role=img; without one it is hidden and words stand beside it.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

INK, INK2, LINE, LINE2 = "#212b32", "#425563", "#d8dde0", "#768692"
BLUE, LATE, DUE, DONE, SAME = "#005eb8", "#a3170d", "#6b4b00", "#00602c", "#56646e"
GOOD, GOOD_FILL, GOOD_WASH = "#00588a", "#00b0f0", "#e2f4fc"
BAD, BAD_FILL, BAD_WASH = "#8a3c00", "#e46c0a", "#fdeee1"
SPECIAL, SPECIAL_WASH = "#490092", "#efe6f7"

VARIATION = {
    "common": "No significant change",
    "improvement_high": "Improving, higher",
    "improvement_low": "Improving, lower",
    "concern_high": "Concern, higher",
    "concern_low": "Concern, lower",
    "neutral_high": "Special cause, high",
    "neutral_low": "Special cause, low",
    "few": "Too few points",
}
ASSURANCE = {"pass": "Will meet target", "fail": "Will miss target", "hit": "Hit or miss", "none": "No target"}
NO_METRIC = "No metric yet"


def _svg(units: int, size: int, body: str, label: str = "") -> Markup:
    says = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - the body is drawn here, the label is escaped
        f'<svg width="{size}" height="{size}" viewBox="0 0 {units} {units}" {says} focusable="false">{body}</svg>'
    )


def _path(d: str, *, fill: str = "none", stroke: str = "none", width: float = 1.0, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'


def _circle(x: float, y: float, r: float, *, fill: str, stroke: str = "none", width: float = 0, dash: str = "") -> str:
    edge = f' stroke="{stroke}" stroke-width="{width:g}"' if width else ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"{edge}{dashes}/>'


def _box(x: float, y: float, w: float, h: float, *, fill: str, stroke: str, width: float, radius: float = 0) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{radius:g}" fill="{fill}"'
        f' stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def diamond(x: float, y: float, r: float, *, fill: str = GOOD_FILL, stroke: str = GOOD, width: float = 1.3) -> str:
    return _path(
        f"M{x:g} {y - r:g}L{x + r:g} {y:g}L{x:g} {y + r:g}L{x - r:g} {y:g}Z", fill=fill, stroke=stroke, width=width
    )


def square(x: float, y: float, r: float, *, fill: str = BAD_FILL, stroke: str = BAD, width: float = 1.3) -> str:
    return _box(x - r, y - r, 2 * r, 2 * r, fill=fill, stroke=stroke, width=width)


def _line(points: Sequence[tuple[float, float]], stroke: str, width: float) -> str:
    joined = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="{stroke}" stroke-width="{width:g}"/>'


def _letter(x: float, y: float, text: str, colour: str, size: float) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="Arial,Liberation Sans,sans-serif" font-size="{size:g}"'
        f' font-weight="700" fill="{colour}" text-anchor="middle">{text}</text>'
    )


MARKS = {
    "late": _path("M8 1L15 14H1Z", fill=LATE) + _path("M8 6V10M8 11.4V12.8", stroke="#fff", width=1.6),
    "error": _circle(8, 8, 7.2, fill=LATE) + _path("M8 4V9M8 10.4V12", stroke="#fff", width=1.8),
    "warning": _path("M8 1L15.3 14.2H.7Z", fill=DUE) + _path("M8 5.8V10M8 11.3V12.8", stroke="#fff", width=1.6),
    "due": _circle(8, 8, 6.2, fill="none", stroke=DUE, width=2) + _path("M8 4.5V8L10.5 9.5", stroke=DUE, width=1.6),
    "done": _path("M2.5 8.5L6.3 12.3L13.5 4", stroke=DONE, width=2.4),
    "to_come": _circle(8, 8, 6, fill="none", stroke=INK2, width=1.6, dash="2.5 2.2"),
    "reason": _path("M5 1.5H11L14.5 5V11L11 14.5H5L1.5 11V5Z", stroke=INK2, width=1.8)
    + _path("M6 5.2V10.8M10 5.2V10.8", stroke=INK2, width=1.8),
    "improvement": diamond(8, 8, 6.5, width=1.5),
    "concern": _box(2.5, 2.5, 11, 11, fill=BAD_FILL, stroke=BAD, width=1.5),
    "common": _circle(8, 8, 4, fill=SAME),
    "special": _path("M8 2L14 13H2Z", fill=SPECIAL),
    "bottom_up": _path("M8 2L14 13H2Z", fill=INK2),
    "top_down": _path("M8 14L2 3H14Z", fill=INK2),
    "corrected": _path("M2 14L3 10.5L11 2.5L13.5 5L5.5 13Z", stroke=INK2, width=1.5),
    "person": _circle(8, 5, 3, fill=INK2) + _path("M2 15C2 10.5 5 9.5 8 9.5S14 10.5 14 15Z", fill=INK2),
    "lock": _box(3, 7, 10, 7.5, fill=INK2, stroke="none", width=0, radius=1.2)
    + _path("M5.2 7V5A2.8 2.8 0 0 1 10.8 5V7", stroke=INK2, width=1.6),
    "updating": _circle(8, 8, 6, fill="none", stroke=LINE, width=2.4)
    + _path("M8 2A6 6 0 0 1 14 8", stroke=BLUE, width=2.4),
    "broken": _path("M1 8H5.5M10.5 8H15", stroke=LATE, width=2.4)
    + _path("M6.5 3.5L5.3 12.5M10.7 3.5L9.5 12.5", stroke=LATE, width=1.6),
    "week": _box(4.5, 1.5, 7, 13, fill=BLUE, stroke=BLUE, width=1),
    "week_planned": _box(4.5, 1.5, 7, 13, fill="#fff", stroke=BLUE, width=1.8),
    "measured": _circle(8, 8, 5, fill=INK),
    "hollow": _circle(8, 8, 5, fill="#fff", stroke=INK, width=2),
    "filled": _circle(8, 8, 5.5, fill=BLUE),
    "hatched": _box(1, 3, 14, 10, fill="#fff", stroke=BLUE, width=1)
    + _path("M3 12L12 4M7 12L14 6M2 9L8 4", stroke=LINE2, width=0.8),
    "info": _circle(8, 8, 6.4, fill="none", stroke=BLUE, width=1.8) + _path("M8 7V12M8 4V5.6", stroke=BLUE, width=1.8),
}
NAMES = {
    "late": "Late", "error": "Error", "warning": "Warning", "due": "Due", "done": "Done", "to_come": "To come",
    "reason": "Not measured, with a reason", "improvement": "Improvement", "concern": "Concern",
    "common": "Common cause", "special": "Special cause", "bottom_up": "Bottom-up", "top_down": "Top-down",
    "corrected": "Corrected", "person": "People", "lock": "Members only", "updating": "Updating",
    "broken": "Broken thread", "week": "Week", "week_planned": "Planned week", "measured": "Measured",
    "hollow": "Without complete measures", "filled": "With complete measures", "hatched": "Interim",
    "info": "For information",
}  # fmt: skip


def _label(label: str | bool | None, default: str) -> str:
    return default if label is True else (label or "")


def icon(name: str, size: int = 16, label: str | bool | None = None) -> Markup:
    """A mark of status. `label=True` speaks its usual words; without a label it is hidden from readers."""
    return _svg(16, size, MARKS[name], _label(label, NAMES[name]))


def variation(kind: str, size: int = 34, label: str | bool | None = None) -> Markup:
    """The variation badge for a key of VARIATION."""
    up = kind.endswith("high")
    grey = [(7.5, 28), (12, 29)] if up else [(7.5, 12), (12, 11)]
    judged = [(17.5, 25), (24, 18.5), (30.5, 12)] if up else [(17.5, 15), (24, 21.5), (30.5, 28)]
    path = _line([*grey, *judged], SAME, 1.5) + "".join(_circle(x, y, 2, fill=SAME) for x, y in grey)
    if kind == "common":
        points = [(7, 22), (12, 16), (17, 24), (22, 15), (27, 23), (33, 18)]
        body = _circle(20, 20, 18, fill="#fff", stroke=SAME, width=1.5) + _line(points, SAME, 1.5)
        body += "".join(_circle(x, y, 2.3, fill=SAME) for x, y in points)
    elif kind.startswith("improvement"):
        body = _circle(20, 20, 18, fill=GOOD_WASH, stroke=GOOD, width=3) + path
        body += "".join(diamond(x, y, 4) for x, y in judged) + _high_or_low(GOOD, up=up)
    elif kind.startswith("concern"):
        body = _box(2, 2, 36, 36, fill=BAD_WASH, stroke=BAD, width=3, radius=5) + path
        body += "".join(square(x, y, 2.8) for x, y in judged) + _high_or_low(BAD, up=up)
    elif kind.startswith("neutral"):
        arrow = "M20 9L27 19H22.5V30H17.5V19H13Z" if up else "M20 31L27 21H22.5V10H17.5V21H13Z"
        body = _path("M20 1L39 20L20 39L1 20Z", fill=SPECIAL_WASH, stroke=SPECIAL, width=3) + _path(arrow, fill=SPECIAL)
    elif kind == "few":
        body = _circle(20, 20, 17.5, fill="#fff", stroke=LINE2, width=1.5, dash="3 3")
        body += "".join(_circle(x, 20, 2, fill=LINE2) for x in (13, 20, 27))
    else:
        raise KeyError(kind)
    return _svg(40, size, body, _label(label, VARIATION[kind]))


def _high_or_low(colour: str, *, up: bool) -> str:
    return _letter(14.5, 18.5, "H", colour, 13.5) if up else _letter(27.5, 16, "L", colour, 13)


def assurance(kind: str, size: int = 34, label: str | bool | None = None, *, better: str = "lower") -> Markup:
    """The assurance badge for a key of ASSURANCE; the target line lies where the better direction puts it."""
    higher = better == "higher"

    def wave(y: float, colour: str) -> str:
        points = [(9, y + 1), (13, y - 2.5), (18, y + 2.5), (23, y - 2.5), (28, y + 2), (31, y - 1)]
        return _line(points, colour, 2)

    if kind == "pass":
        body = _circle(20, 20, 18, fill=GOOD_WASH, stroke=GOOD, width=3)
        body += _path(f"M7 {29 if higher else 12}H33", stroke=GOOD, width=2, dash="3 2")
        body += wave(10.5 if higher else 30, GOOD) + _letter(20, 25 if higher else 25.5, "P", GOOD, 14)
    elif kind == "fail":
        body = _box(2, 2, 36, 36, fill=BAD_WASH, stroke=BAD, width=3, radius=5)
        body += _path(f"M6 {9 if higher else 31}H34", stroke=BAD, width=2, dash="3 2")
        body += wave(31 if higher else 10, BAD) + _letter(20, 25.5 if higher else 27, "F", BAD, 14)
    elif kind == "hit":
        body = _circle(20, 20, 18, fill="#fff", stroke=SAME, width=1.5)
        body += _path("M3 24H37", stroke=SAME, width=2, dash="3 2")
        body += _line([(6, 29), (12, 20), (18, 30), (24, 19), (30, 28), (34, 22)], SAME, 2)
        body += _letter(20, 16, "?", SAME, 14)
    elif kind == "none":
        return Markup("")
    else:
        raise KeyError(kind)
    return _svg(40, size, body, _label(label, ASSURANCE[kind]))


def mini(kind: str | None, size: int = 22, label: str | bool | None = True) -> Markup:
    """The small variation badge of a matrix: outline and arrow, no letters. None is a dash, "No metric yet"."""
    if kind is None or kind == "none":
        return _svg(24, size, _path("M8 12H16", stroke=LINE2, width=1.6), _label(label, NO_METRIC))
    up = kind.endswith("high")
    ends = "M7 17L16 8M9.5 7.5H16.5V14.5" if up else "M7 7L16 16M16.5 9.5V16.5H9.5"
    if kind == "common":
        body = _circle(12, 12, 9.5, fill="#fff", stroke=SAME, width=1.3)
        body += _path("M6 13.5L9 10.5L12 13.5L15 10.5L18 13.5", stroke=SAME, width=1.8)
    elif kind.startswith("improvement"):
        body = _circle(12, 12, 10.4, fill=GOOD_WASH, stroke=GOOD, width=2.2) + _path(ends, stroke=GOOD, width=2.4)
    elif kind.startswith("concern"):
        body = _box(1.6, 1.6, 20.8, 20.8, fill=BAD_WASH, stroke=BAD, width=2.2, radius=3)
        body += _path(ends, stroke=BAD, width=2.4)
    elif kind.startswith("neutral"):
        arrow = "M12 6L16 11.5H13.2V17H10.8V11.5H8Z" if up else "M12 18L8 12.5H10.8V7H13.2V12.5H16Z"
        body = _path("M12 1.2L22.8 12L12 22.8L1.2 12Z", fill=SPECIAL_WASH, stroke=SPECIAL, width=2)
        body += _path(arrow, fill=SPECIAL)
    elif kind == "few":
        body = _circle(12, 12, 9.5, fill="#fff", stroke=LINE2, width=1.3, dash="2.5 2.5")
        body += "".join(_circle(x, 12, 1.2, fill=SAME) for x in (8, 12, 16))
    else:
        raise KeyError(kind)
    return _svg(24, size, body, _label(label, VARIATION[kind]))
