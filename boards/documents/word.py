"""A document of Word, in Word's own headings and tables, so that a secretariat can go on working with it."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from boards.presenters.compact import CompactShown
from boards.presenters.minutes import Minutes, Part, Task
from ui.words import day_year, sentence

GREY = RGBColor(0x42, 0x55, 0x63)
INK = RGBColor(0x21, 0x2B, 0x32)


def docx(minutes: Minutes) -> bytes:
    document = Document()
    _style(document, minutes)
    document.add_paragraph(minutes.board, style="Subtitle")
    document.add_heading(minutes.title, level=1)
    document.add_paragraph(", ".join(said for said in (minutes.when, minutes.place) if said))
    if minutes.draft:
        document.add_paragraph().add_run("Draft: the meeting is not closed yet.").bold = True
    document.add_paragraph(minutes.lede)
    for name, said in (
        ("In the chair", minutes.chair),
        ("In the room", "; ".join(minutes.present) or "Not recorded"),
        ("Apologies", "; ".join(minutes.apologies)),
    ):
        if said:
            _labelled(document, name, said)
    for part in minutes.parts:
        _part(document, part)
    if minutes.compact:
        _compact(document, minutes.compact)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _part(document: Any, part: Part) -> None:
    document.add_heading(f"{part.number}. {part.title}", level=2)
    if part.about:
        document.add_paragraph().add_run(part.about).font.color.rgb = GREY
    if part.remark:
        document.add_paragraph().add_run(part.remark).italic = True
    for who, said in part.notes:
        _labelled(document, who, said)
    for decision in part.decisions:
        paragraph = document.add_paragraph()
        paragraph.add_run("Decision. ").bold = True
        paragraph.add_run(decision)
    if part.tasks:
        _tasks(document, part.tasks)


def _tasks(document: Any, tasks: list[Task]) -> None:
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, name in zip(table.rows[0].cells, ("Action", "Who", "By when"), strict=True):
        cell.text = name
    _repeats(table.rows[0])
    for task in tasks:
        when = f"{task.when}. {task.state}" if task.state else task.when
        for cell, said in zip(table.add_row().cells, (task.what, task.who, when), strict=True):
            cell.text = said
    document.add_paragraph()


def _compact(document: Any, compact: CompactShown) -> None:
    document.add_heading(compact.title, level=2)
    document.add_paragraph().add_run(f"In force since {day_year(compact.since)}").font.color.rgb = GREY
    if compact.vision:
        document.add_paragraph().add_run(compact.vision).italic = True
    for theme in compact.themes:
        document.add_heading(theme.title, level=3)
        table = document.add_table(rows=1, cols=len(compact.parties), style="Table Grid")
        for cell, name in zip(table.rows[0].cells, compact.parties, strict=True):
            cell.text = sentence(name)
        _repeats(table.rows[0])
        for row in theme.rows:
            for cell, said in zip(table.add_row().cells, row, strict=True):
                cell.text = said


def _repeats(row: Any) -> None:
    """The header stands at the head of each page, and is read aloud as one."""
    for cell in row.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)


def _labelled(document: Any, name: str, said: str) -> None:
    paragraph = document.add_paragraph()
    label = paragraph.add_run(name)
    label.font.size, label.font.color.rgb = Pt(9), GREY
    label.add_break()
    paragraph.add_run(said)


def _style(document: Any, minutes: Minutes) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = (
        f"{minutes.title}, {minutes.when}",
        minutes.board,
        "en-GB",
    )
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Subtitle"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = "Arial", GREY if name == "Subtitle" else INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for of in ("w:asciiTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(of), None)
