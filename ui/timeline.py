"""Rows of bars and marks on one time axis, drawn on the server; the same marks as words for phones.

A drawing never stands alone: the page gives it a key and a table.
"""

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from ui import icons, words

# kind of a mark: the icon that draws it
MARK_ICONS = {
    "week": "week", "planned": "week_planned", "measured": "measured", "reason": "reason", "late": "late",
    "never": "late", "to_come": "to_come", "complete": "filled", "incomplete": "hollow",
}  # fmt: skip
# On phones, where marks are words, "measured" is a tick.
PHONE_ICONS = MARK_ICONS | {"measured": "done", "complete": "done"}
# kind of a bar: fill, edge
BARS = {
    "plain": ("#f7f9fa", "#425563"),
    "blue": ("#fff", "#005eb8"),
    "wash": ("#e8f1f9", "#005eb8"),
    "bad": ("#fdeee1", "#8a3c00"),
    "hatched": ("url(#hatch)", "#005eb8"),
    "stopped": ("url(#hatch)", "#425563"),
}
MARK_SIZE = 14
ROW, BAR, TOP = 30, 34, 44
NARROW = 125  # the column of labels that stays in view on a phone
YEARS_ONLY = 4 * 366  # a longer axis names years, not months


@dataclass(frozen=True)
class Bar:
    """From - to; without an end it stays open at today."""

    start: dt.date
    end: dt.date | None
    label: str = ""
    detail: str = ""
    kind: str = "plain"


@dataclass(frozen=True)
class Mark:
    at: dt.date
    kind: str
    words: str

    @property
    def icon(self) -> str:
        return PHONE_ICONS[self.kind]


@dataclass(frozen=True)
class Row:
    """`line` joins two dates, dotted while only planned. `note` stands beside the last mark or before the first."""

    label: str
    bars: Sequence[Bar] = ()
    marks: Sequence[Mark] = ()
    line: tuple[dt.date, dt.date] | None = None
    dotted: bool = False
    bold: bool = False
    note: str = ""
    note_kind: str = "plain"
    note_before: bool = False


@dataclass(frozen=True)
class Band:
    """Hatching across all rows: a stand-down."""

    start: dt.date
    end: dt.date | None
    label: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Timeline:
    rows: Sequence[Row]
    today: dt.date
    bands: Sequence[Band] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    width: int = 1136
    label_width: int = 252


@dataclass
class Drawing:
    rows: Sequence[Row]
    width: int
    height: int
    body: str
    bounds: tuple[dt.date, dt.date] = field(default=(dt.date.min, dt.date.max))
    labels: str = ""

    def svg(self, label: str = "") -> Markup:
        """The picture; the label is what a screen reader says in its place."""
        return Markup(  # noqa: S704 - every text in the body is escaped where it is drawn
            f'<svg viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}" role="img"'
            f' aria-label="{escape(label)}" focusable="false" class="tl">{_DEFS}{self.body}</svg>'
        )

    def labels_svg(self) -> Markup:
        """The rows' labels alone, in a narrow column at the picture's scale, for a box that scrolls sideways."""
        return Markup(  # noqa: S704 - every text in the labels is escaped where it is drawn
            f'<svg viewBox="0 0 {NARROW} {self.height}" width="{NARROW}" height="{self.height}" aria-hidden="true"'
            f' focusable="false" class="tl-labels">{self.labels}</svg>'
        )


_DEFS = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#f4f6f7"/><path d="M0 0V7" stroke="#cfd6da" stroke-width="1.6"/></pattern></defs>'
)


def draw(timeline: Timeline) -> Drawing:
    first, last = _bounds(timeline)
    axis = _Axis(first, last, timeline.label_width, timeline.width - 12)
    parts, heights = [], [_height(row, axis) for row in timeline.rows]
    # The words of bands have a lane of their own, so that they cover no row.
    lane = max((_band_height(band) + 6 for band in timeline.bands if band.label), default=0)
    bottom = TOP + lane + sum(heights)
    parts.append(_grid(axis, bottom))
    parts += [_band(band, axis, bottom, timeline.today) for band in timeline.bands]
    over: list[str] = []
    labels: list[str] = []
    y = TOP + lane
    ruled = any(row.bars for row in timeline.rows)
    for row, height in zip(timeline.rows, heights, strict=True):
        parts.append(_row(row, axis, y, height, timeline.today, bold=ruled or row.bold))
        over += _words_of(row, axis, y, height, timeline.today)
        labels.append(_narrow_label(row, _middle(row, y, height), height, bold=ruled or row.bold))
        y += height
        if ruled and row is not timeline.rows[-1]:
            parts.append(f'<path d="M0 {y}H{timeline.width}" stroke="#e4e8ea"/>')
    if first <= timeline.today <= last:
        years_only = axis.days > YEARS_ONLY
        parts.append(_today(axis, timeline.today, bottom, top=17 if years_only else 0))
    # Words stand above the line of today.
    parts += over + [_band_words(band, axis, timeline.today) for band in timeline.bands]
    return Drawing(timeline.rows, timeline.width, bottom + 8, "".join(parts), (first, last), "".join(labels))


class _Axis:
    def __init__(self, first: dt.date, last: dt.date, left: float, right: float) -> None:
        self.first, self.last, self.left, self.right = first, last, left, right
        self.days = max((last - first).days, 1)

    def x(self, date: dt.date) -> float:
        share = min(max((date - self.first).days / self.days, 0), 1)
        return round(self.left + share * (self.right - self.left), 1)


def _bounds(timeline: Timeline) -> tuple[dt.date, dt.date]:
    dates = [timeline.today]
    for row in timeline.rows:
        dates += [d for bar in row.bars for d in (bar.start, bar.end) if d]
        dates += [mark.at for mark in row.marks]
        dates += list(row.line or ())
    dates += [d for band in timeline.bands for d in (band.start, band.end) if d]
    first, last = timeline.start or min(dates), timeline.end or max(dates)
    if (last - first).days > YEARS_ONLY:
        return dt.date(first.year, 1, 1), timeline.end or last + dt.timedelta(days=(last - first).days // 14)
    quarter = dt.date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    return quarter, timeline.end or last + dt.timedelta(days=max((last - quarter).days // 12, 30))


def _ticks(axis: _Axis) -> list[tuple[dt.date, str, str]]:
    """Date, upper word (the year) and lower word (the month) of each line of the grid."""
    if axis.days > YEARS_ONLY:
        step = 1 if axis.days < 16 * 366 else 2
        years = range(axis.first.year, axis.last.year + 1, step)
        return [(dt.date(y, 1, 1), "", str(y)) for y in years if dt.date(y, 1, 1) >= axis.first]
    out: list[tuple[dt.date, str, str]] = []
    date = axis.first
    while date <= axis.last:
        year = str(date.year) if date.month == 1 or not out else ""
        out.append((date, year, words.MONTHS[date.month - 1][:3]))
        date = dt.date(date.year + (date.month > 9), (date.month + 2) % 12 + 1, 1)
    return out


def _text(x: float, y: float, text: str, *, size: float = 13, bold: bool = False, colour: str = icons.INK,
          anchor: str = "start", halo: bool = False) -> str:  # fmt: skip
    edge = ' stroke="#fff" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="Arial,Liberation Sans,sans-serif" font-size="{size:g}"'
        f' font-weight="{700 if bold else 400}" fill="{colour}" text-anchor="{anchor}"{edge}>{escape(text)}</text>'
    )


def _long(text: str, *, bold: bool = False, size: float = 13) -> float:
    """About how wide a text is in Arial."""
    return len(text) * size * (0.55 if bold else 0.49)


def _grid(axis: _Axis, bottom: float) -> str:
    out = []
    for date, year, name in _ticks(axis):
        x = axis.x(date)
        strong = bool(year) and date.month == 1
        out.append(f'<path d="M{x} 24V{bottom}" stroke="{icons.LINE2 if strong else icons.LINE}"/>')
        if year:
            out.append(_text(x + 4, 14, year, bold=True))
        if x + 30 < axis.right:
            # Years alone stand above the box that says today.
            out.append(_text(x + 4, 11 if name.isdecimal() else 33, name, size=12.5, colour=icons.INK2))
    return "".join(out)


def _today(axis: _Axis, today: dt.date, bottom: float, *, top: float) -> str:
    x = axis.x(today)
    return (
        f'<path d="M{x} {top + 18:g}V{bottom}" stroke="{icons.INK}" stroke-width="1.6"/>'
        f'<rect x="{x - 23:g}" y="{top:g}" width="46" height="19" rx="2" fill="{icons.INK}"/>'
        + _text(x, top + 14, "Today", bold=True, colour="#fff", anchor="middle", size=12.5)
    )


def _band(band: Band, axis: _Axis, bottom: float, today: dt.date) -> str:
    x, end = axis.x(band.start), axis.x(band.end or today)
    return f'<rect x="{x}" y="{TOP - 6}" width="{max(end - x, 2):g}" height="{bottom - TOP + 6:g}" fill="url(#hatch)"/>'


def _band_height(band: Band) -> int:
    return 38 if band.detail else 22


def _band_words(band: Band, axis: _Axis, today: dt.date) -> str:
    if not band.label:
        return ""
    width = max(_long(band.label, bold=True), _long(band.detail)) + 18
    middle = (axis.x(band.start) + axis.x(band.end or today)) / 2
    left = min(max(middle - width / 2, axis.left), axis.right - width)
    middle, height = left + width / 2, _band_height(band)
    box = f'<rect x="{left:g}" y="{TOP - 3}" width="{width:g}" height="{height}" rx="2" fill="#fff" stroke="#e4e8ea"/>'
    lines = _text(middle, TOP + 12, band.label, bold=True, anchor="middle", size=12.5)
    return box + lines + (_text(middle, TOP + 28, band.detail, anchor="middle", size=12.5) if band.detail else "")


# Rows ----------------------------------------------------------------------


def _lanes(row: Row, axis: _Axis) -> list[int]:
    """Marks closer than their size go below each other, each in the first lane with room."""
    ends: list[float] = []
    out = []
    for mark in sorted(row.marks, key=lambda m: m.at):
        x = axis.x(mark.at)
        lane = next((i for i, end in enumerate(ends) if x - end >= MARK_SIZE), len(ends))
        if lane == len(ends):
            ends.append(x)
        ends[lane] = x
        out.append(lane)
    return out


def _placed(row: Row, axis: _Axis) -> list[tuple[Bar, float, float, str]]:
    """Each bar with its ends and where its words go: inside, left, right or below."""
    edges = [(axis.x(bar.start), axis.x(bar.end) if bar.end else None) for bar in row.bars]
    out = []
    for i, (bar, (x, stop)) in enumerate(zip(row.bars, edges, strict=True)):
        end = stop if stop is not None else axis.right
        following = edges[i + 1][0] if i + 1 < len(edges) else axis.right
        before = edges[i - 1][1] if i else axis.left
        wanted = max(_long(bar.label, bold=True), _long(bar.detail, size=12.5)) + 16
        outside = _long(f"{bar.label}: {bar.detail}" if bar.detail else bar.label) + 12
        if wanted <= end - x or (stop is None and wanted <= axis.right - x):
            place = "inside"
        elif before is not None and outside <= x - before:
            place = "left"
        elif outside <= following - end:
            place = "right"
        else:
            place = "below"
        out.append((bar, x, end, place))
    return out


def _height(row: Row, axis: _Axis) -> int:
    if row.bars:
        return BAR + 18 + (16 if any(place == "below" for *_, place in _placed(row, axis)) else 0)
    lanes = max(_lanes(row, axis), default=0)
    return ROW + lanes * 18 + (10 if lanes else 0)


def _middle(row: Row, y: float, height: float) -> float:
    return y + (BAR + 18) / 2 if row.bars else y + height / 2


def _words_of(row: Row, axis: _Axis, y: float, height: float, today: dt.date) -> list[str]:
    out = [_bar_words(bar, x, _stop(bar, end, axis, today), place, y + 9, axis)
           for bar, x, end, place in _placed(row, axis)]  # fmt: skip
    return [*out, _note(row, axis, _middle(row, y, height))] if row.note else out


def _stop(bar: Bar, end: float, axis: _Axis, today: dt.date) -> float:
    return axis.x(today) if bar.end is None else end


def _row(row: Row, axis: _Axis, y: float, height: float, today: dt.date, *, bold: bool) -> str:
    middle = _middle(row, y, height)
    out = [_text(0, middle + 4.5, _shorten(row.label, axis.left - 8, bold=bold), size=14, bold=bold)]
    out += [_bar(bar, x, _stop(bar, end, axis, today), y + 9) for bar, x, end, _place in _placed(row, axis)]
    if row.line:
        dash = ' stroke-dasharray="2 3"' if row.dotted else ""
        out.append(
            f'<path d="M{axis.x(row.line[0])} {middle:g}H{axis.x(row.line[1])}" stroke="{icons.INK2}"'
            f' stroke-width="1.5"{dash}/>'
        )
    lanes = _lanes(row, axis)
    stacked = max(lanes, default=0) * 18 / 2
    for mark, lane in zip(sorted(row.marks, key=lambda m: m.at), lanes, strict=True):
        out.append(_mark(mark, axis.x(mark.at), middle - stacked + lane * 18))
    return "".join(out)


def _shorten(text: str, room: float, *, bold: bool) -> str:
    most = int(room / (14 * (0.54 if bold else 0.475)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _narrow_label(row: Row, middle: float, height: float, *, bold: bool) -> str:
    """The label on as many lines as the row has room for, and below it what the newest bar says."""
    room = NARROW - 6
    newest = row.bars[-1].label if row.bars else ""
    most = max(int(height // 15) - bool(newest), 1)
    lines = textwrap.wrap(row.label, int(room / (14 * (0.58 if bold else 0.5))), max_lines=most, placeholder="…")
    top = middle + 4.5 - (len(lines) - 1 + bool(newest)) * 15 / 2
    written = [_text(0, top + 15 * n, line, size=14, bold=bold) for n, line in enumerate(lines)]
    if newest:
        below = _shorten(newest, room, bold=False)
        written.append(_text(0, top + 15 * len(lines), below, size=12.5, colour=icons.INK2))
    return "".join(written)


def _mark(mark: Mark, x: float, y: float) -> str:
    size = 20 if mark.kind in ("week", "planned") else MARK_SIZE
    scale = size / 16
    drawn = icons.MARKS[MARK_ICONS[mark.kind]]
    ground = f'<circle cx="{x:g}" cy="{y:g}" r="7" fill="#fff"/>' if mark.kind in ("reason", "to_come") else ""
    title = f"<title>{escape(mark.words)}</title>"
    return f'{ground}<g transform="translate({x - size / 2:g} {y - size / 2:g}) scale({scale:g})">{title}{drawn}</g>'


def _note(row: Row, axis: _Axis, middle: float) -> str:
    colour = icons.LATE if row.note_kind == "late" else icons.INK2
    dates = [mark.at for mark in row.marks] or list(row.line or ()) or [axis.first]
    late, width = row.note_kind == "late", _long(row.note, bold=row.note_kind == "late")
    xs = [axis.x(d) for d in [*dates, *(row.line or ())]]
    before = row.note_before or max(xs) + 12 + width > axis.right + 10
    x, anchor = (min(xs) - 12, "end") if before else (max(xs) + 12, "start")
    # A ground of its own: a line of the grid would cross the gaps between its words, which a halo leaves open.
    left = x - width if before else x
    ground = f'<rect x="{left - 2:g}" y="{middle - 9:g}" width="{width + 4:g}" height="18" fill="#fff"/>'
    return ground + _text(x, middle + 4.5, row.note, bold=late, colour=colour, anchor=anchor, halo=True)


def _bar(bar: Bar, x: float, stop: float, y: float) -> str:
    fill, edge = BARS[bar.kind]
    width = max(stop - x - (0 if bar.end is None else 2), 4)
    dash = ' stroke-dasharray="4 3"' if bar.kind == "hatched" else ""
    # An open bar has no right edge: it is still going on.
    right = "" if bar.end is None else f"V{y + BAR:g}"
    outline = f"M{x} {y:g}H{x + width:g}{right}" + (f"M{x} {y + BAR:g}H{x + width:g}")
    return (
        f'<rect x="{x}" y="{y:g}" width="{width:g}" height="{BAR}" fill="{fill}"/>'
        f'<path d="{outline}" fill="none" stroke="{edge}" stroke-width="1.2"{dash}/>'
        f'<rect x="{x}" y="{y:g}" width="5" height="{BAR}" fill="{edge}"/>'
    )


def _bar_words(bar: Bar, x: float, end: float, place: str, y: float, axis: _Axis) -> str:
    one_line = f"{bar.label}: {bar.detail}" if bar.detail else bar.label
    if not bar.label:
        return ""
    if place == "inside":
        leaves = max(_long(bar.label, bold=True), _long(bar.detail, size=12.5)) + 14 > end - x
        if not bar.detail:
            return _text(x + 12, y + 21.5, bar.label, bold=True, halo=leaves)
        return _text(x + 12, y + 15, bar.label, bold=True, size=12.5, halo=leaves) + _text(
            x + 12, y + 29, bar.detail, size=12.5, colour=icons.INK2, halo=leaves
        )
    if place == "left":
        return _text(x - 8, y + 21.5, one_line, size=12.5, colour=icons.INK2, anchor="end", halo=True)
    if place == "right":
        return _text(end + 8, y + 21.5, one_line, size=12.5, colour=icons.INK2, halo=True)
    half = _long(one_line, size=12.5) / 2
    middle = min(max((x + end) / 2, axis.left + half), axis.right - half)
    return f'<path d="M{(x + end) / 2:g} {y + BAR}v4" stroke="{icons.INK2}"/>' + _text(
        middle, y + BAR + 16, one_line, size=12.5, anchor="middle", halo=True
    )
