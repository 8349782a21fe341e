"""The golden thread as a picture, drawn on the server: columns of boxes and the threads between them.

The picture is for the eye; the list beside it says the same to everybody. A value stream's RPIWs and metrics stand on a
ground of their own; a thread runs from each measure to each metric that it serves. What is missing is dashed, and has
the number of its open thread.
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from dashboards.thread.together import PriorityReach
from dashboards.thread.tree import MetricNode, ObjectiveNode, RpiwNode, StreamNode, Thread
from trusts.models import ValueStream
from ui import icons

THREAD = "#8a6d00"
GROUND = "#f7f9fa"
SIZE, LINE, PAD = 13.0, 17.0, 9.0
GAP, BETWEEN = 10.0, 26.0
TOP = 30.0
COLUMNS = {"priority": (0.0, 168.0), "objective": (206.0, 182.0), "stream": (428.0, 178.0), "rpiw": (644.0, 272.0),
           "metric": (958.0, 170.0)}  # fmt: skip
"""From where, and how wide."""
HEADS = {"priority": "National priority", "objective": "Trust objective", "stream": "Value stream",
         "rpiw": "RPIW, and measures that serve", "metric": "Metric"}  # fmt: skip
TOGETHER = {"priority": (0.0, 330.0), "objective": (403.0, 330.0), "stream": (806.0, 330.0)}
TOGETHER_HEADS = {"priority": "National priority, all trusts together", "objective": "Objective of the own trust",
                  "stream": "Value stream of the own trust"}  # fmt: skip
WIDTH = 1136.0
MARGIN = 8.0
MANY = 3
"""So many RPIWs that share an open thread share a box."""
CHOSEN = {ValueStream.Chosen.TOP_DOWN: "top_down", ValueStream.Chosen.BOTTOM_UP: "bottom_up"}


@dataclass
class Box:
    """One node: its words, and where it stands once it is placed. open: the number of its open thread."""

    column: str
    title: Sequence[str]
    below: Sequence[str] = ()
    icon: str = ""
    drawn: str = ""
    bold: bool = False
    open: int = 0
    note: str = ""
    y: float = 0.0
    ports: dict[int, float] = field(default_factory=dict)
    columns: Mapping[str, tuple[float, float]] = field(default_factory=lambda: COLUMNS)

    @property
    def x(self) -> float:
        return self.columns[self.column][0]

    @property
    def width(self) -> float:
        return self.columns[self.column][1]

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * (len(self.title) + len(self.below) + bool(self.note)) - 2

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Block:
    """A value stream with its RPIWs and metrics."""

    stream: Box
    rpiws: dict[int, Box]
    metrics: dict[int, Box]
    node: StreamNode

    @property
    def height(self) -> float:
        return max(self.stream.height, _stack(self.rpiws.values()), _stack(self.metrics.values())) + 2 * MARGIN


def picture(thread: Thread) -> Markup:
    """The whole, as SVG without links: whoever cannot see it misses nothing that the list does not say."""
    ordered = _in_order(thread)
    blocks = [_block(node) for node in ordered]
    y = TOP + 8
    for block in blocks:
        _place_block(block, y)
        y += block.height + BETWEEN
    streams = {block.node.row.id: block.stream for block in blocks}
    objectives = {one.row.id: _objective(one) for one in thread.objectives}
    aims = {one.row.id: [streams[key].middle for key in one.streams] for one in thread.objectives}
    bottom = _settle(objectives, aims, after=y)
    priorities = {
        one.id: Box("priority", _wrapped(one.name, "priority", bold=True), bold=True) for one in thread.priorities
    }
    aims = {
        one.id: [objectives[each.row.id].middle for each in thread.objectives_of(one.id)] for one in thread.priorities
    }
    height = max(y, bottom, _settle(priorities, aims, after=TOP + 8)) + 4
    under = [_ground(block) for block in blocks]
    lines = [*_threads_above(thread, priorities, objectives, streams), *(line for b in blocks for line in _threads(b))]
    boxes = [*priorities.values(), *objectives.values()]
    boxes += [box for b in blocks for box in (b.stream, *b.rpiws.values(), *b.metrics.values())]
    body = "".join(
        [*_heads(COLUMNS, HEADS), *under, *lines, *(_drawn(box) for box in boxes), *_ends(thread, objectives, streams)]
    )
    return _svg(body, height)


def picture_together(
    found: Sequence[PriorityReach], *, of_priority: Mapping[int, Sequence[str]], of_stream: Mapping[int, Sequence[str]]
) -> Markup:
    """National priorities with their totals, and of the reader's own trusts their objectives and value streams.

    of_priority, of_stream: what stands below the name of each, by its id.
    """
    own = {(thread.trust.id, one.row.id): (thread, one) for each in found for thread in each.own
           for one in thread.objectives_of(each.priority.id)}  # fmt: skip
    streams: dict[int, Box] = {}
    y = TOP + 8
    for thread, one in own.values():
        for stream in thread.streams_of(one):
            if stream.row.id not in streams:
                title = _wrapped(stream.row.name, "stream", bold=True, columns=TOGETHER)
                box = Box("stream", title, of_stream[stream.row.id], bold=True, y=y, columns=TOGETHER)
                streams[stream.row.id] = box
                y += box.height + GAP
    objectives = {
        one.row.id: Box("objective", _wrapped(one.row.name, "objective", columns=TOGETHER), columns=TOGETHER)
        for _thread, one in own.values()
    }
    aims = {one.row.id: [streams[key].middle for key in one.streams] for _thread, one in own.values()}
    bottom = _settle(objectives, aims, after=y)
    priorities = {
        one.priority.id: Box(
            "priority",
            _wrapped(one.priority.name, "priority", bold=True, columns=TOGETHER),
            of_priority[one.priority.id],
            bold=True,
            open=int(one.is_open),
            columns=TOGETHER,
        )
        for one in found
    }
    aims = {
        one.priority.id: [objectives[o.row.id].middle for t in one.own for o in t.objectives_of(one.priority.id)]
        for one in found
    }
    height = max(y, bottom, _settle(priorities, aims, after=TOP + 8)) + 4
    threads = [_between(priorities[one.row.national_priority_id], objectives[one.row.id]) for _t, one in own.values()]
    threads += [_between(objectives[one.row.id], streams[key]) for _thread, one in own.values() for key in one.streams]
    boxes = [*priorities.values(), *objectives.values(), *streams.values()]
    heads = _heads(TOGETHER, TOGETHER_HEADS)
    return _svg("".join([*heads, *threads, *(_drawn(box) for box in boxes)]), height)


def _svg(body: str, height: float) -> Markup:
    return Markup(  # noqa: S704 - every text in the body is escaped where it is drawn
        f'<svg viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" aria-hidden="true"'
        f' focusable="false" class="thread-tree">{body}</svg>'
    )


# Boxes -------------------------------------------------------------------------


def _objective(node: ObjectiveNode) -> Box:
    note = "serves no national priority" if node.no_priority else ""
    return Box("objective", _wrapped(node.row.name, "objective"), open=node.open, note=note)


def _block(node: StreamNode) -> Block:
    row = node.row
    chosen = CHOSEN.get(row.chosen, "")
    below = [f"chosen {ValueStream.Chosen(row.chosen).label}" if chosen else "how chosen: not known"]
    if row.status != ValueStream.Status.ACTIVE:
        below.append(str(ValueStream.Status(row.status).label))
    stream = Box("stream", _wrapped(row.name, "stream", bold=True), below, icon=chosen, bold=True, open=node.open)
    order = {one.row.id: place for place, one in enumerate(node.rpiws)}
    metrics = sorted(node.metrics, key=lambda one: _pull(one, node, order))
    return Block(stream, _rpiws(node), {one.row.id: _metric(one) for one in metrics}, node)


def _rpiws(node: StreamNode) -> dict[int, Box]:
    """A box for each RPIW, but one for all that share an open thread, where they are many."""
    sharing = Counter(one.open for one in node.rpiws if one.open)
    boxes: dict[int, Box] = {}
    told: set[int] = set()
    for one in node.rpiws:
        if sharing[one.open] < MANY:
            boxes[one.row.id] = _rpiw(one)
        elif one.open not in told:
            told.add(one.open)
            title = [f"{sharing[one.open]} RPIWs, like"]
            like = [_short(one.row.process, COLUMNS["rpiw"][1] - 46)]
            boxes[one.row.id] = Box("rpiw", title, like, icon="week", open=one.open, note="touch no metric")
    return boxes


def _pull(metric: MetricNode, stream: StreamNode, order: dict[int, int]) -> float:
    """Where among the RPIWs those stand that serve it, so that threads cross little; last if there are none."""
    places = [order[one.row.id] for one in stream.rpiws if any(metric.row.id in m.metrics for m in one.measures)]
    return sum(places) / len(places) if places else len(order) + 1


def _rpiw(node: RpiwNode) -> Box:
    below = [_short(measure.row.name, COLUMNS["rpiw"][1] - 46) for measure in node.serving]
    note = "touches no metric" if node.open else "" if node.measures else "no measures yet"
    return Box("rpiw", _wrapped(node.row.process, "rpiw", room=26), below, icon="week", open=node.open, note=note)


def _metric(node: MetricNode) -> Box:
    note = "cannot move" if node.open else "" if node.served_by else "no measure serves it"
    drawn = icons.mini(node.variation, 20) if node.variation else icons.icon("updating", 18)
    return Box("metric", _wrapped(node.row.name, "metric", room=32), drawn=str(drawn), open=node.open, note=note)


def _wrapped(
    text: str,
    column: str,
    *,
    bold: bool = False,
    room: float = 0,
    columns: Mapping[str, tuple[float, float]] = COLUMNS,
) -> list[str]:
    """On four lines at most; what does not fit is in the list."""
    letters = int((columns[column][1] - 2 * PAD - 6 - room) / (SIZE * (0.57 if bold else 0.505)))
    return textwrap.wrap(text, letters, max_lines=4, placeholder="…") or [""]


def _short(text: str, room: float) -> str:
    letters = int(room / (SIZE * 0.5))
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


# Places ------------------------------------------------------------------------


def _stack(boxes: Iterable[Box]) -> float:
    heights = [box.height for box in boxes]
    return sum(heights) + GAP * (len(heights) - 1) if heights else 0.0


def _place_block(block: Block, y: float) -> None:
    middle = y + block.height / 2
    block.stream.y = middle - block.stream.height / 2
    for boxes in (block.rpiws, block.metrics):
        at = middle - _stack(boxes.values()) / 2
        for box in boxes.values():
            box.y = at
            at += box.height + GAP
    for rpiw in (one for one in block.node.rpiws if one.serving):
        box = block.rpiws[rpiw.row.id]
        first = box.y + PAD + LINE * len(box.title) + LINE / 2 - 2
        box.ports = {measure.row.id: first + LINE * place for place, measure in enumerate(rpiw.serving)}


def _settle(boxes: dict[int, Box], aims: dict[int, list[float]], *, after: float) -> float:
    """Put each box beside what it leads to, and below the one before it; what leads nowhere comes last, from `after`.

    Returns where the last one ends.
    """
    wanted = {key: sum(at) / len(at) for key, at in aims.items() if at}
    bottom = TOP + 8 - GAP
    for key in sorted(wanted, key=lambda key: wanted[key]):
        box = boxes[key]
        box.y = max(wanted[key] - box.height / 2, bottom + GAP)
        bottom = box.y + box.height
    bottom = max(bottom, after - GAP)
    for key, box in boxes.items():
        if key not in wanted:
            box.y = bottom + GAP
            bottom = box.y + box.height
    return bottom


def _in_order(thread: Thread) -> list[StreamNode]:
    """The value streams by priority and objective, so that threads cross little; those that serve none last."""
    priority = {one.id: place for place, one in enumerate(thread.priorities)}
    rows = sorted(thread.objectives, key=lambda one: priority.get(one.row.national_priority_id, len(priority)))
    objective = {one.row.id: place for place, one in enumerate(rows)}
    return sorted(
        thread.streams,
        key=lambda one: (min((objective[key] for key in one.objectives), default=len(objective)), one.row.number),
    )


# Drawing -----------------------------------------------------------------------


def _heads(columns: Mapping[str, tuple[float, float]], heads: Mapping[str, str]) -> list[str]:
    return [_text(columns[name][0], 14, words, bold=True, colour=icons.INK2) for name, words in heads.items()]


def _text(x: float, y: float, text: str, *, bold: bool = False, colour: str = icons.INK, anchor: str = "start",
          size: float = SIZE) -> str:  # fmt: skip
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="Arial,Liberation Sans,sans-serif" font-size="{size:g}"'
        f' font-weight="{700 if bold else 400}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _drawn(box: Box) -> str:
    edge, dash = (icons.LATE, ' stroke-dasharray="4 3"') if box.open else (icons.LINE2, "")
    out = [
        f'<rect x="{box.x + 0.75:g}" y="{box.y:g}" width="{box.width - 1.5:g}" height="{box.height:g}" rx="4"'
        f' fill="#fff" stroke="{edge}" stroke-width="{1.6 if box.open else 1.2}"{dash}/>'
    ]
    if box.column in ("priority", "objective"):
        rule = icons.LATE if box.open else THREAD
        out.append(f'<rect x="{box.x:g}" y="{box.y:g}" width="5" height="{box.height:g}" rx="1" fill="{rule}"/>')
    left = box.x + PAD + 5
    if box.column == "rpiw":
        out.append(_placed(str(icons.icon("week", 16)), left - 4, box.y + PAD - 2))
        left += 18
    if box.drawn:
        out.append(_placed(box.drawn, left - 5, box.y + PAD - 4))
        left += 23
    at = box.y + PAD + 11
    for line in box.title:
        out.append(_text(left, at, line, bold=box.bold))
        at += LINE
    for line in box.below:
        out += _below(box, line, left, at)
        at += LINE
    if box.note:
        out.append(_text(left, at, box.note, bold=bool(box.open), colour=icons.LATE if box.open else icons.INK2))
    if box.open and box.column in ("rpiw", "metric"):
        out.append(_number(box.open, box.x + box.width - 14, box.y + box.height - 14))
    return "".join(out)


def _below(box: Box, line: str, left: float, at: float) -> list[str]:
    """A line below the title: how a value stream was chosen, or a measure that serves a metric."""
    if box.column == "stream" and box.icon and line.startswith("chosen"):
        return [_placed(str(icons.icon(box.icon, 11)), left, at - 9), _text(left + 16, at, line, colour=icons.INK2)]
    if box.column == "rpiw" and not box.open:
        dot = f'<circle cx="{left + 3:g}" cy="{at - 4.5:g}" r="3" fill="{THREAD}"/>'
        return [dot, _text(left + 12, at, line, colour=icons.INK2)]
    return [_text(left, at, line, colour=icons.INK2)]


def _placed(drawn: str, x: float, y: float) -> str:
    return drawn.replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1)


def _number(number: int, x: float, y: float) -> str:
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="9.5" fill="{icons.LATE}"/>'
    return circle + _text(x, y + 4.3, str(number), bold=True, colour="#fff", anchor="middle", size=12)


def _ground(block: Block) -> str:
    """What the RPIWs and metrics of one value stream stand on."""
    y = block.stream.middle - block.height / 2
    left = COLUMNS["rpiw"][0] - MARGIN
    return (
        f'<rect x="{left:g}" y="{y:g}" width="{WIDTH - left:g}" height="{block.height:g}" rx="4" fill="{GROUND}"'
        f' stroke="{icons.LINE}" stroke-width="1"/>'
    )


def _threads_above(
    thread: Thread, priorities: dict[int, Box], objectives: dict[int, Box], streams: dict[int, Box]
) -> list[str]:
    out = []
    for one in thread.objectives:
        box = objectives[one.row.id]
        if one.row.national_priority_id in priorities:
            out.append(_between(priorities[one.row.national_priority_id], box))
        out += [_between(box, streams[key]) for key in one.streams]
    return out


def _threads(block: Block) -> list[str]:
    """From the value stream to what stands on its ground, and from each measure to the metrics that it serves."""
    out = [_between(block.stream, box) for box in block.rpiws.values()]
    if not block.rpiws and block.metrics:
        left = block.stream.x + block.stream.width
        out.append(_curve(left, block.stream.middle, COLUMNS["rpiw"][0] - MARGIN, block.stream.middle))
    for rpiw in (one for one in block.node.rpiws if one.serving):
        box = block.rpiws[rpiw.row.id]
        for measure in rpiw.serving:
            for key in measure.metrics:
                metric = block.metrics[key]
                start = box.x + box.width
                out.append(_curve(start, box.ports[measure.row.id], metric.x, metric.middle, broken=bool(metric.open)))
    return out


def _between(left: Box, right: Box) -> str:
    return _curve(left.x + left.width, left.middle, right.x, right.middle)


def _curve(x0: float, y0: float, x1: float, y1: float, *, broken: bool = False) -> str:
    middle = (x0 + x1) / 2
    colour, dash = (icons.LATE, ' stroke-dasharray="4 3"') if broken else (THREAD, "")
    return (
        f'<path d="M{x0:g} {y0:g}C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}" fill="none" stroke="{colour}"'
        f' stroke-width="2"{dash}/>'
    )


def _ends(thread: Thread, objectives: dict[int, Box], streams: dict[int, Box]) -> list[str]:
    """The threads that end in nothing, with their numbers."""
    out = []
    for objective in thread.objectives:
        box = objectives[objective.row.id]
        if objective.open:
            out += _end(box.x + box.width, box.middle, 22, objective.open)
        if objective.no_priority:
            out += _end(box.x, box.middle, -22, objective.no_priority)
    for stream in thread.streams:
        if stream.open:
            box = streams[stream.row.id]
            out += _end(box.x, box.middle, -22, stream.open)
    return out


def _end(x: float, y: float, reach: float, number: int) -> list[str]:
    line = f'<path d="M{x:g} {y:g}H{x + reach:g}" stroke="{icons.LATE}" stroke-width="1.8" stroke-dasharray="3 3"/>'
    return [line, _number(number, x + reach, y)]
