"""What the repository itself must keep to."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def pins(name: str) -> dict[str, str]:
    """Package and version with its marker, from a lock file."""
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([\w.\-\[\]]+)==(.+?) *\\?$", text, re.MULTILINE))


def test_locks_agree() -> None:
    run, dev = pins("run.txt"), pins("dev.txt")
    assert run
    assert {name: dev.get(name) for name in run} == run


def test_locks_have_hashes_and_no_addresses() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        assert text.count("==") <= text.count("--hash=")
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_nothing_generated_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = listed.stdout.splitlines()
    assert not [name for name in files if re.match(r"(var|node_modules|\.venv)/", name)]
    assert not [name for name in files if name.endswith((".pyc", ".pem", ".key", ".env"))]


def test_plotly_in_the_browser_is_the_one_that_python_writes_for() -> None:
    from plotly.offline import get_plotlyjs_version

    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]["plotly.js-cartesian-dist-min"]
    assert wanted == get_plotlyjs_version()


def test_browser_tests_listen_to_every_page_they_open() -> None:
    opened = re.compile(r"\bbrowser\.new_(context|page)\(")
    unheard = [path.name for path in (ROOT / "tests" / "browser").glob("*.py") if opened.search(path.read_text())]
    assert not unheard, "Open contexts with the fixture new_context, which listens to the console"


def test_style_sheet_asks_nobody_outside_for_a_font() -> None:
    from improvement.services.frontend import without_outside_fonts

    css = "@font-face{font-family:Frutiger W01;src:url(https://a/b)}body{font-family:Frutiger W01,arial,sans-serif}"
    assert without_outside_fonts(css) == "body{font-family:arial,sans-serif}"
