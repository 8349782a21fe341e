"""What documents point to is there, and every picture is shown somewhere."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 3_000_000


def documents() -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).exists()]


def links(document: Path) -> list[str]:
    return [target for target in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target]


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as they are made where documents are shown."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_and_picture_is_there() -> None:
    assert len(documents()) > 10
    missing = []
    for document in documents():
        for target in links(document):
            name, _, anchor = unquote(target).partition("#")
            found = (document.parent / name).resolve() if name else document
            if not found.exists() or (anchor and anchor not in anchors(found)):
                missing.append(f"{document.relative_to(ROOT)}: {target}")
    assert missing == []


def test_every_picture_is_shown_and_described_and_small() -> None:
    shown = set()
    for document in (ROOT / "docs").glob("*.md"):
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            assert words, f"{document.name}: {target} has no words for those who do not see it"
            shown.add((document.parent / target).resolve())
    taken = set(PICTURES.glob("*.png"))
    assert taken
    assert taken - shown == set()
    assert sum(picture.stat().st_size for picture in taken) < MOST_BYTES


def test_every_picture_is_taken_by_make_pictures() -> None:
    """One that nothing takes shows the product of long ago."""
    takes = (ROOT / "tests" / "browser" / "test_pictures.py").read_text(encoding="utf-8")
    assert [path.name for path in PICTURES.glob("*.png") if f'take("{path.stem}"' not in takes] == []


def test_every_test_that_a_document_names_is_there() -> None:
    """Information governance rests its claims on tests: one that was renamed shows nothing."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "information-governance.md").read_text("utf-8"))
    assert len(named) > 10
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []
