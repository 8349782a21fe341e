"""A chart of the papers as a vector picture, the same on the page and in the PDF. Words beside it say what it shows."""

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from dashboards.tgb.papers import Bars, Line
from ui import icons
from ui.words import number

WIDTH, HEIGHT = 640, 210
LEFT, RIGHT, TOP, BOTTOM = 56, 84, 12, 26
_FONT = 'font-family="Arial, Liberation Sans, Libertinus Serif" font-size="12"'


def picture(chart: Line | Bars) -> Markup:
    return line_picture(chart) if isinstance(chart, Line) else bars_picture(chart)


def line_picture(chart: Line) -> Markup:
    """The values in order of time, with mean, limits and target; signals by shape and colour."""
    drawn = [*chart.values, *chart.means, *chart.lowers, *chart.uppers, chart.target]
    known = [value for value in drawn if value is not None]
    low, high = min(known, default=0), max(known, default=1)
    last = max(len(chart.values) - 1, 1)

    def x(place: int) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / last

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)

    def path(values: Sequence[float | None], style: str) -> str:
        steps, broken = "", True
        for place, value in enumerate(values):
            if value is not None:
                steps += f"{'M' if broken else 'L'}{x(place):.1f} {y(value):.1f}"
            broken = value is None
        return f'<path d="{steps}" fill="none" {style}/>' if steps else ""

    body = path(chart.lowers, f'stroke="{icons.LINE2}" stroke-dasharray="6 4"')
    body += path(chart.uppers, f'stroke="{icons.LINE2}" stroke-dasharray="6 4"')
    body += path(chart.means, f'stroke="{icons.INK2}" stroke-width="1.5"')
    if chart.target is not None:
        body += path([chart.target] * len(chart.values), f'stroke="{icons.LATE}" stroke-dasharray="2 3"')
    body += path(chart.values, f'stroke="{icons.SAME}" stroke-width="2"')
    for place, (value, kind) in enumerate(zip(chart.values, chart.judgements, strict=True)):
        if value is not None:
            body += _mark(round(x(place), 1), round(y(value), 1), kind)
    body += _labels(chart, y)
    body += _text(LEFT, HEIGHT - 6, chart.labels[0], "start") + _text(
        WIDTH - RIGHT, HEIGHT - 6, chart.labels[-1], "end"
    )
    return _svg(body, f"{chart.title}. {chart.sentence}")


def _labels(chart: Line, y: Callable[[float], float]) -> str:
    """The lines by name at the right, where they end; at the left the lowest and the highest value."""
    ends = [
        ("target", chart.target),
        ("mean", chart.means[-1]),
        ("limit", chart.uppers[-1]),
        ("limit", chart.lowers[-1]),
    ]
    body, taken = "", list[float]()
    for words, value in ends:
        if value is None or any(abs(y(value) - other) < 13 for other in taken):
            continue
        taken.append(y(value))
        body += _text(WIDTH - RIGHT + 8, y(value) + 4, f"{words} {_short(value)}", "start")
    known = [value for value in chart.values if value is not None]
    for value in {min(known), max(known)} if known else ():
        body += _text(LEFT - 8, y(value) + 4, _short(value), "end")
    return body


def _short(value: float) -> str:
    return number(value, 0 if abs(value) >= 100 or value == int(value) else 1)


def _mark(x: float, y: float, kind: str | None) -> str:
    if kind and kind.startswith("improvement"):
        return icons.diamond(x, y, 5.5)
    if kind and kind.startswith("concern"):
        return icons.square(x, y, 4)
    if kind and kind.startswith("neutral"):
        return f'<path d="M{x} {y - 5}L{x + 5} {y + 4}H{x - 5}Z" fill="{icons.SPECIAL}"/>'
    return f'<circle cx="{x}" cy="{y}" r="3" fill="{icons.SAME}"/>'


def bars_picture(chart: Bars) -> Markup:
    """Two bars from nought, each with its value."""
    high = max(*chart.values, 0) or 1
    body = ""
    for place, (label, value, said) in enumerate(zip(chart.labels, chart.values, chart.said, strict=True)):
        left, tall = LEFT + 40 + place * 220, value / high * (HEIGHT - 74)
        fill = icons.LINE2 if place == 0 else icons.BLUE
        top = HEIGHT - 36 - tall
        body += f'<rect x="{left}" y="{top:.1f}" width="120" height="{max(tall, 1):.1f}" fill="{fill}"/>'
        body += _text(left + 60, top - 8, said, "middle") + _text(left + 60, HEIGHT - 16, label, "middle")
    return _svg(body, f"{chart.title}. {chart.sentence}")


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} fill="{icons.INK2}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(body: str, label: str) -> Markup:
    return Markup(  # noqa: S704 - drawn here, the words escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-label="{escape(label)}" focusable="false">{body}</svg>'
    )
