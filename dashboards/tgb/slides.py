"""The papers as slides: PowerPoint's own charts, which can be edited, and its own text and tables."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
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
LINES_A_SLIDE, ROWS_A_SLIDE = 9, 7
"""How much stands on one slide at a size that a room can read."""
Said = tuple[str, str]


def pptx(papers: Papers) -> bytes:
    deck = _Deck(papers)
    deck.cover()
    deck.table(
        "Claims of improvement", ("Trust", "Claim", "What supports it"), [_claim(each) for each in papers.claims]
    )
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


def _claim(claim: Claim) -> tuple[str, str, str]:
    return claim.trust, claim.text, claim.support.words


def _of_regulator(papers: Papers) -> list[Said]:
    said = []
    for heading, lines, none_words in papers.regulator.columns:
        said += [(heading, f"{text} ({small})") for text, small in lines] or [(heading, none_words)]
    return said


class _Deck:
    """Slides in the order in which they are asked for."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.file_of = Presentation()
        self.file_of.slide_width, self.file_of.slide_height = WIDTH, HEIGHT
        properties = self.file_of.core_properties
        properties.title, properties.author = f"{papers.title}, {papers.when}", papers.board
        properties.language = "en-GB"

    def file(self) -> bytes:
        file = BytesIO()
        self.file_of.save(file)
        return file.getvalue()

    def slide(self, title: str) -> Any:
        """With its title in PowerPoint's own place for it, so that outlines and readers find it."""
        slide = self.file_of.slides.add_slide(self.file_of.slide_layouts[5])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Inches(0.35), WIDTH - 2 * EDGE, Inches(0.9)
        shape.text_frame.word_wrap = True
        shape.text = title
        _style(shape.text_frame.paragraphs[0], 28, bold=True)
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
        for start in range(0, len(said), LINES_A_SLIDE):
            more = ", continued" if start else ""
            frame = self.text(self.slide(title + more), Inches(1.4), Inches(5.4))._parent
            self._paragraphs(frame, said[start : start + LINES_A_SLIDE])

    def _paragraphs(self, frame: Any, said: Sequence[Said]) -> None:
        for place, (label, words) in enumerate(said):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(8)
            if label:
                _write(paragraph, f"{label}: ", 16, GREY)
            _write(paragraph, words, 16)

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        for start in range(0, len(rows), ROWS_A_SLIDE):
            shown = rows[start : start + ROWS_A_SLIDE]
            slide = self.slide(title + (", continued" if start else ""))
            size = (len(shown) + 1, len(heads))
            made = slide.shapes.add_table(*size, EDGE, Inches(1.4), WIDTH - 2 * EDGE, Inches(0.4) * size[0]).table
            for column, head in zip(made.columns, heads, strict=True):
                column.width = Emu(int((WIDTH - 2 * EDGE) * _share(heads, head)))
            for row, said in zip(made.rows, [heads, *shown], strict=True):
                for cell, words in zip(row.cells, said, strict=True):
                    cell.text_frame.word_wrap = True
                    cell.text = words
                    for paragraph in cell.text_frame.paragraphs:
                        for run in paragraph.runs:
                            run.font.size = Pt(14)

    def trust(self, trust: TrustPaper) -> None:
        panel = trust.panel
        if panel is None:
            self.texts(trust.name, [("", trust.waits)])
            return
        own = [("Success", panel.success), ("What supports it", panel.support.words), ("Challenge", panel.challenge)]
        own += [("Help wanted", panel.help_wanted or "None asked for"), ("", panel.released)]
        self.texts(trust.name, own)
        self.texts(f"{trust.name}: as released", [*panel.facts, *(("Amended", line) for line in panel.amended)])
        for line in trust.lines:
            self._chart(trust, line.title, line.sentence, line.note, _line_data(line), line=line)
        for bars in trust.bars:
            self._chart(trust, bars.title, bars.sentence, bars.note, _bars_data(bars))
        rows = [(metric.name, metric.stream, metric.sentence) for metric in panel.metrics]
        self.table(f"{trust.name}: all metrics", ("Metric", "Value stream", "What it says"), rows)

    def _chart(
        self, trust: TrustPaper, title: str, said: str, note: str, data: CategoryChartData, line: Line | None = None
    ) -> None:
        slide = self.slide(title)
        _write(self.text(slide, Inches(1.2), Inches(0.5)), f"{trust.name}. {said}", 16)
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


def _share(heads: Sequence[str], head: str) -> float:
    """How wide a column is: the first of three is narrow when it names who, and wide when it says what."""
    if len(heads) != 3:
        return 1 / len(heads)
    return dict(zip(heads, (0.18, 0.42, 0.4) if heads[0] == "Trust" else (0.4, 0.28, 0.32), strict=True))[head]


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


def _write(paragraph: Any, words: str, size: int, colour: RGBColor = INK) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.color.rgb = Pt(size), colour


def _style(paragraph: Any, size: int, *, bold: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, INK
