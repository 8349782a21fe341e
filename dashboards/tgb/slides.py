"""The papers as slides: PowerPoint's own charts, which can be edited, and its own text and tables."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import zip_longest
from math import ceil
from textwrap import shorten, wrap
from typing import Any, TypeVar

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Emu, Inches, Pt

from dashboards.tgb.papers import Bars, Claim, Line, Papers, TrustPaper
from ui.words import day_year, sentence

INK, GREY, BLUE = RGBColor(0x21, 0x2B, 0x32), RGBColor(0x42, 0x55, 0x63), RGBColor(0x00, 0x5E, 0xB8)
SAME, LATE = RGBColor(0x56, 0x64, 0x6E), RGBColor(0xA3, 0x17, 0x0D)
JUDGED = {
    "Improving": ("improvement", XL_MARKER_STYLE.DIAMOND, RGBColor(0x00, 0xB0, 0xF0)),
    "Concern": ("concern", XL_MARKER_STYLE.SQUARE, RGBColor(0xE4, 0x6C, 0x0A)),
    "Special cause": ("neutral", XL_MARKER_STYLE.TRIANGLE, RGBColor(0x49, 0x00, 0x92)),
}
"""Judged values stand once more, as a series of marks: every program draws those, and its legend names them."""
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
WHOLE, ROOM = 12.13, 5.4
"""Inches between the edges, and below the title above the foot."""
CHARACTERS, LINE, GAP = 8, 0.28, 0.13
"""Letters in an inch of the widest font that stands in for PowerPoint's own, and the height of a line, at 16 points."""
LONG_TITLE, CELL = 46, 300
Said = tuple[str, str]
Row = TypeVar("Row")


def pptx(papers: Papers) -> bytes:
    deck = _Deck(papers)
    deck.cover()
    deck.claims(papers.claims)
    deck.texts(f"Changed since {day_year(papers.since)}", [(each.who, each.text) for each in papers.changes])
    for trust in papers.trusts:
        deck.trust(trust)
    deck.texts(papers.regulator.name, _of_regulator(papers))
    rows = [(task.text, task.owner, f"{task.due}, {task.status[1].lower()}") for task in papers.tasks]
    deck.table("Open actions", ("Action", "Who", "By when"), rows)
    deck.texts("Questions to frame a challenge", [("", question) for question in papers.framing])
    if papers.compact:
        for theme in papers.compact["themes"]:
            heads = [sentence(name) for name in papers.compact["parties"]]
            deck.table(f"{papers.compact['title']}: {theme['title']}", heads, theme["rows"])
    return deck.file()


def _pages(rows: Sequence[Row], height: Callable[[Row], float]) -> Iterator[list[Row]]:
    """As many rows on each slide as it has room for."""
    page: list[Row] = []
    for row in rows:
        if page and sum(map(height, page)) + height(row) > ROOM:
            yield page
            page = []
        page.append(row)
    if page:
        yield page


def _lines(words: str, inches: float) -> int:
    return sum(max(1, ceil(len(part) / (inches * CHARACTERS))) for part in words.split("\n"))


def _parted(said: Sequence[Said], inches: float) -> list[Said]:
    """Whatever is longer than a slide has room for, in parts."""
    most = int(0.8 * ROOM / LINE * inches * CHARACTERS)
    parts = []
    for label, words in said:
        first, *rest = wrap(words, most, replace_whitespace=False, drop_whitespace=False) or [words]
        parts += [(label, first), *(("", each) for each in rest)]
    return parts


def _said_height(inches: float) -> Callable[[Said], float]:
    return lambda said: _lines(": ".join(filter(None, said)), inches) * LINE + GAP


def _of_regulator(papers: Papers) -> list[Said]:
    said = []
    for heading, lines, none_words in papers.regulator.columns:
        said += [(heading, f"{text} ({small})") for text, small in lines] or [(heading, none_words)]
    return said


class _Deck:
    """Slides in the order in which they are asked for."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.links: list[tuple[str, Any, Any]] = []
        self.charts: dict[str, Any] = {}
        self.file_of = Presentation()
        self.file_of.slide_width, self.file_of.slide_height = WIDTH, HEIGHT
        properties = self.file_of.core_properties
        properties.title, properties.author = f"{papers.title}, {papers.when}", papers.board
        properties.language = "en-GB"

    def file(self) -> bytes:
        for key, slide, run in self.links:
            _lead(slide, run, to=self.charts[key])
        file = BytesIO()
        self.file_of.save(file)
        return file.getvalue()

    def slide(self, title: str) -> Any:
        """With its title in PowerPoint's own place for it, so that outlines and readers find it."""
        slide = self.file_of.slides.add_slide(self.file_of.slide_layouts[5])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Inches(0.25), WIDTH - 2 * EDGE, Inches(0.9)
        shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        shape.text = title
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        _style(shape.text_frame.paragraphs[0], 24 if len(title) > LONG_TITLE else 28, bold=True)
        foot = self.text(slide, Inches(7.02), Inches(0.35))
        said = f"{self.papers.board}, {self.papers.when}. {self.papers.made}, version {self.papers.version}."
        _write(foot, said, 10, GREY)
        return slide

    def text(self, slide: Any, top: int, height: int, left: int = EDGE, width: int = WIDTH - 2 * EDGE) -> Any:
        box = slide.shapes.add_textbox(left, top, width, height)
        box.text_frame.word_wrap = True
        return box.text_frame.paragraphs[0]

    def cover(self) -> None:
        slide = self.slide(f"{self.papers.title}, {self.papers.when}")
        lines = [self.papers.place, f"{self.papers.as_of}.", "Change is read within a trust: trusts are not compared."]
        if self.papers.synthetic:
            lines.append("Some figures are generated, not as measured.")
        frame = self.text(slide, Inches(1.6), Inches(3))._parent
        self._paragraphs(frame, [("", line) for line in lines if line])

    def texts(self, title: str, said: Sequence[Said]) -> None:
        """As many slides as it takes; none where nothing is said."""
        for number, page in enumerate(_pages(_parted(said, WHOLE), _said_height(WHOLE))):
            slide = self.slide(title + (", continued" if number else ""))
            self._paragraphs(self.text(slide, Inches(1.4), Inches(ROOM))._parent, page)

    def claims(self, claims: Sequence[Claim]) -> None:
        """Each leads to the slide of the chart that supports it."""
        heads = ("Trust", "Claim", "What supports it")
        rows = [(claim.trust, claim.text, claim.support.words) for claim in claims]
        made = self.table("Claims of improvement", heads, rows, spare=1)
        for claim, (slide, cells) in zip(claims, made, strict=True):
            if claim.chart:
                # A line of its own: a link across several lines is drawn upon itself by some programs.
                line = cells[2].text_frame.add_paragraph()
                _write(line, "To its chart", 14)
                self.links.append((claim.chart, slide, line.runs[0]))

    def _paragraphs(self, frame: Any, said: Sequence[Said]) -> None:
        for place, (label, words) in enumerate(said):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(8)
            if label:
                _write(paragraph, f"{label}: ", 16, GREY)
            _write(paragraph, words, 16)

    def table(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, spare: int = 0
    ) -> list[tuple[Any, Any]]:
        """Each row's slide and cells. A cell holds the beginning of a long text. `spare`: lines that come later."""
        rows = [[shorten(words, CELL, placeholder="…") for words in row] for row in rows]
        made_rows: list[tuple[Any, Any]] = []

        def height(row: Sequence[str]) -> float:
            # At 14 points, which are smaller than what LINE and CHARACTERS tell of, with the cell's own edges.
            columns = zip(row, _shares(heads), strict=True)
            lines = max(_lines(words, (share * WHOLE - 0.2) / 0.875) for words, share in columns)
            return (lines + spare) * LINE * 0.875 + 0.1

        for number, shown in enumerate(_pages(rows, height)):
            slide = self.slide(title + (", continued" if number else ""))
            size = (len(shown) + 1, len(heads))
            made = slide.shapes.add_table(*size, EDGE, Inches(1.4), WIDTH - 2 * EDGE, Inches(0.4) * size[0]).table
            for column, share in zip(made.columns, _shares(heads), strict=True):
                column.width = Emu(int((WIDTH - 2 * EDGE) * share))
            for row, said in zip(made.rows, [heads, *shown], strict=True):
                for cell, words in zip(row.cells, said, strict=True):
                    cell.text_frame.word_wrap = True
                    cell.text = words
                    for paragraph in cell.text_frame.paragraphs:
                        for run in paragraph.runs:
                            run.font.size = Pt(14)
            made_rows += [(slide, row.cells) for row in list(made.rows)[1:]]
        return made_rows

    def trust(self, trust: TrustPaper) -> None:
        panel = trust.panel
        if panel is None:
            self.texts(trust.name, [("", trust.waits)])
            return
        own = [("Success", panel.success), ("What supports it", panel.support.words), ("Challenge", panel.challenge)]
        own += [("Help wanted", panel.help_wanted or "None asked for"), ("", panel.released)]
        self._beside(trust.name, own, [*panel.facts, *(("Amended", line) for line in panel.amended)])
        for shown in trust.charts:
            self._chart(trust, shown)
        rows = [(metric.name, metric.stream, metric.sentence) for metric in panel.metrics]
        self.table(f"{trust.name}: all metrics", ("Metric", "Value stream", "What it says"), rows)

    def _beside(self, title: str, left: Sequence[Said], right: Sequence[Said]) -> None:
        """What is said on the left, facts on the right, each going on where a slide has no room for more."""
        half = (WHOLE - 0.6) / 2
        columns = [list(_pages(_parted(said, half), _said_height(half))) for said in (left, right)]
        for number, pages in enumerate(zip_longest(*columns, fillvalue=[])):
            slide = self.slide(title + (", continued" if number else ""))
            for place, page in enumerate(pages):
                at = EDGE + Inches(place * (half + 0.6))
                frame = self.text(slide, Inches(1.4), Inches(ROOM), left=at, width=Inches(half))._parent
                self._paragraphs(frame, page)

    def _chart(self, trust: TrustPaper, shown: Line | Bars) -> None:
        key, title, said, note = shown.key, shown.title, shown.sentence, shown.note
        line = shown if isinstance(shown, Line) else None
        data = _line_data(shown) if isinstance(shown, Line) else _bars_data(shown)
        slide = self.charts[key] = self.slide(title)
        _write(self.text(slide, Inches(1.15), Inches(0.5)), f"{trust.name}. {said}", 16)
        kind = XL_CHART_TYPE.LINE_MARKERS if line else XL_CHART_TYPE.COLUMN_CLUSTERED
        box = (EDGE, Inches(1.8), WIDTH - 2 * EDGE, Inches(4.7))
        frame = slide.shapes.add_chart(kind, *box, data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {said}")
        chart = frame.chart
        chart.has_title, chart.has_legend = False, line is not None
        chart.font.size = Pt(12)
        if line:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
            _style_lines(chart)
        else:
            chart.value_axis.minimum_scale = 0
            chart.plots[0].has_data_labels = True
        _write(self.text(slide, Inches(6.55), Inches(0.4)), note, 12, GREY)


_SHARES = {
    "Trust": (0.18, 0.42, 0.4),
    "Metric": (0.32, 0.2, 0.48),
    "Action": (0.5, 0.25, 0.25),
}
"""How wide the columns of a table are, by its first heading."""


def _shares(heads: Sequence[str]) -> Sequence[float]:
    return _SHARES.get(heads[0], (1 / len(heads),) * len(heads))


def _line_data(line: Line) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = line.labels
    series = [("Value", line.values), ("Mean", line.means), ("Lower limit", line.lowers), ("Upper limit", line.uppers)]
    if line.target is not None:
        series.append(("Target", [line.target] * len(line.values)))
    for name, (kind, _style, _colour) in JUDGED.items():
        judged = [(each or "").startswith(kind) for each in line.judgements]
        series.append((name, [value if is_so else None for value, is_so in zip(line.values, judged, strict=True)]))
    for name, values in series:
        if any(value is not None for value in values):
            data.add_series(name, values)
    return data


def _bars_data(bars: Bars) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = bars.labels
    data.add_series(bars.title, bars.values)
    return data


_STYLES = {
    "Value": (SAME, 2.25, None),
    "Mean": (INK, 1.5, None),
    "Lower limit": (GREY, 1.25, MSO_LINE_DASH_STYLE.DASH),
    "Upper limit": (GREY, 1.25, MSO_LINE_DASH_STYLE.DASH),
    "Target": (LATE, 1.5, MSO_LINE_DASH_STYLE.ROUND_DOT),
}


def _style_lines(chart: Any) -> None:
    """As on the product's charts: judged values by shape and colour, the lines without marks."""
    for series in chart.plots[0].series:
        series.smooth = False
        if series.name in JUDGED:
            _kind, style, colour = JUDGED[series.name]
            series.format.line.fill.background()
            series.marker.style, series.marker.size = style, 10
            _fill(series.marker, colour)
            continue
        colour, width, dash = _STYLES[series.name]
        series.format.line.color.rgb, series.format.line.width = colour, Pt(width)
        if dash is not None:
            series.format.line.dash_style = dash
        series.marker.style, series.marker.size = XL_MARKER_STYLE.NONE, 5
        if series.name == "Value":
            series.marker.style = XL_MARKER_STYLE.CIRCLE
            _fill(series.marker, SAME)


def _fill(marker: Any, colour: RGBColor) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour
    marker.format.line.color.rgb = colour


def _lead(slide: Any, run: Any, *, to: Any) -> None:
    """A link within the file: python-pptx itself makes them for shapes alone."""
    link = run._r.get_or_add_rPr().add_hlinkClick(slide.part.relate_to(to.part, RT.SLIDE))
    link.set("action", "ppaction://hlinksldjump")


def _write(paragraph: Any, words: str, size: int, colour: RGBColor = INK) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.color.rgb = Pt(size), colour


def _style(paragraph: Any, size: int, *, bold: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, INK
