"""The papers as a PDF by Typst: the words go in as data, the charts as vectors."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from markupsafe import Markup

from dashboards.tgb.papers import Papers
from dashboards.tgb.picture import picture
from ui.words import day_year, sentence

LAYOUT = Path(__file__).with_name("papers.typ")


def pdf(papers: Papers) -> bytes:
    """With its own fonts, so that it looks the same on every machine; tagged, so that it can be read aloud."""
    made = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"papers": json.dumps(_data(papers), default=_plain)},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    assert isinstance(made, bytes)
    return made


def _data(papers: Papers) -> dict[str, Any]:
    data = asdict(papers)
    if papers.compact:
        data["compact"]["parties"] = [sentence(name) for name in papers.compact["parties"]]
    for trust, told in zip(papers.trusts, data["trusts"], strict=True):
        told["charts"] = [
            {name: getattr(chart, name) for name in ("key", "title", "sentence", "note")} | {"svg": picture(chart)}
            for chart in trust.charts
        ]
        del told["lines"], told["bars"]
        if told["panel"]:
            told["panel"]["metrics"] = [
                {name: each[name] for name in ("name", "stream", "sentence")} for each in told["panel"]["metrics"]
            ]
            told["panel"]["matrix"] = []
    return data


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, Markup) else day_year(value)
