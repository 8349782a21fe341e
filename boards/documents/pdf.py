"""A PDF by Typst: the words go in as data, so that nothing that somebody wrote is read as markup."""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from boards.presenters.minutes import Minutes
from ui.words import day_year

LAYOUT = Path(__file__).with_name("minutes.typ")


def pdf(minutes: Minutes) -> bytes:
    """With its own fonts, so that it looks the same on every machine; tagged, so that it can be read aloud."""
    made = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"minutes": json.dumps(asdict(minutes), default=day_year)},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    assert isinstance(made, bytes)
    return made
