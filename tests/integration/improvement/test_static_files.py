"""What production collects: every file under a hashed name, every reference inside a style sheet resolved."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from improvement.settings import base

ROOT = Path(__file__).resolve().parents[3]


def test_production_collects_every_reference(settings: Any, tmp_path: Path) -> None:
    if not (ROOT / "var" / "frontend" / "vendor").exists():
        pytest.fail("The front-end files are missing: run `make frontend`.", pytrace=False)
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = base.STORAGES
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for name in ("nhsuk-frontend.min.css", "nhsuk-frontend.min.js", "htmx.min.js", "plotly.min.js"):
        assert (tmp_path / names[f"vendor/{name}"]).exists()
    css = (tmp_path / names["vendor/nhsuk-frontend.min.css"]).read_text()
    assert names["images/nhsuk-icon-arrow-down.svg"].rsplit("/", 1)[1] in css
    assert "https://" not in css.replace("https://www.w3.org", "")
    for script in (ROOT / "static" / "js" / "grid").glob("*.js"):
        collected = (tmp_path / names[f"js/grid/{script.name}"]).read_text()
        for imported in re.findall(r'from "\./(\w+)\.js"', script.read_text()):
            assert f'from "./{names[f"js/grid/{imported}.js"].rsplit("/", 1)[1]}"' in collected
    vendor = ROOT / "var" / "frontend" / "vendor" / "plotly.min.js"
    assert (tmp_path / names["vendor/plotly.min.js"]).read_bytes() == vendor.read_bytes()
