"""A line of 132 x 34 beside a row's words: band = limits, line = mean, dots = target; signals and the last point."""

from collections.abc import Sequence

from markupsafe import Markup

from ui import icons


def sparkline(
    values: Sequence[float | None],
    signals: Sequence[str | None] = (),
    *,
    mean: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    width: int = 132,
    height: int = 34,
) -> Markup:
    """Values oldest first, None where nothing was measured; signals as in icons.VARIATION, one per value."""
    known = [v for v in values if v is not None]
    if not known:
        return Markup("")
    edges = [*known, *(v for v in (lower, upper, target) if v is not None)]
    low, high = min(edges), max(edges)

    def x(i: int) -> float:
        return 3 + i * (width - 8) / max(len(values) - 1, 1)

    def y(v: float) -> float:
        return height - 4 - (v - low) / ((high - low) or 1) * (height - 8)

    body = ""
    if lower is not None and upper is not None:
        body += f'<rect x="0" y="{y(upper):.1f}" width="{width}" height="{y(lower) - y(upper):.1f}" fill="#eef1f3"/>'
    if mean is not None:
        body += f'<path d="M0 {y(mean):.1f}H{width}" stroke="#8b98a1"/>'
    if target is not None:
        body += f'<path d="M0 {y(target):.1f}H{width}" stroke="{icons.INK}" stroke-dasharray="2 3"/>'
    line, broken = "", True
    for i, v in enumerate(values):
        if v is not None:
            line += f"{'M' if broken else 'L'}{x(i):.1f} {y(v):.1f}"
        broken = v is None
    body += f'<path d="{line}" fill="none" stroke="{icons.SAME}" stroke-width="1.4"/>'
    for i, (v, kind) in enumerate(zip(values, signals, strict=False)):
        if v is None or not kind:
            continue
        px, py = round(x(i), 1), round(y(v), 1)
        if kind.startswith("improvement"):
            body += icons.diamond(px, py, 3.4, width=0.9)
        elif kind.startswith("concern"):
            body += icons.square(px, py, 2.5, width=0.9)
        elif kind.startswith("neutral"):
            body += f'<path d="M{px} {py - 3:g}L{px + 3:g} {py + 3:g}H{px - 3:g}Z" fill="{icons.SPECIAL}"/>'
    last = max(i for i, v in enumerate(values) if v is not None)
    end = values[last]
    if end is not None and (last >= len(signals) or signals[last] in (None, "common", "few")):
        body += f'<circle cx="{x(last):.1f}" cy="{y(end):.1f}" r="2.4" fill="{icons.SAME}"/>'
    return Markup(  # noqa: S704 - numbers and our own colours only
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' aria-hidden="true" focusable="false">{body}</svg>'
    )
