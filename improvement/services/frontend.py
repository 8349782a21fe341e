"""Collect from node_modules what pages use into var/frontend, which Django serves under /assets/."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / "node_modules"
COLLECTED = ROOT / "var" / "frontend"

NHSUK = PACKAGES / "nhsuk-frontend" / "dist" / "nhsuk"
SCRIPTS = {
    "vendor/nhsuk-frontend.min.js": NHSUK / "nhsuk-frontend.min.js",
    "vendor/htmx.min.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    "vendor/plotly.min.js": PACKAGES / "plotly.js-cartesian-dist-min" / "plotly-cartesian.min.js",
}


def without_outside_fonts(css: str) -> str:
    """NHS.UK's style sheet without its web font: it is licensed for nhs.uk alone and comes from another host."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    return re.sub(r"""["']?Frutiger W01["']?\s*,\s*""", "", css)


def without_source_map(text: str) -> str:
    """Source maps are not collected, and the manifest storage refuses a reference to a missing file."""
    text = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", text)


def collect() -> None:
    """Build the folder anew beside the old one, then swap, so that a running server never misses a file for long."""
    fresh = COLLECTED.with_name("frontend.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "vendor").mkdir(parents=True)
    # The style sheet asks for /assets/images/..., and STATIC_URL is /assets/.
    shutil.copytree(NHSUK / "assets" / "images", fresh / "images")
    css = without_source_map(without_outside_fonts((NHSUK / "nhsuk-frontend.min.css").read_text(encoding="utf-8")))
    (fresh / "vendor" / "nhsuk-frontend.min.css").write_text(css, encoding="utf-8")
    for name, source in SCRIPTS.items():
        text = without_source_map(source.read_text(encoding="utf-8"))
        (fresh / name).write_text(text, encoding="utf-8")
    shutil.rmtree(COLLECTED, ignore_errors=True)
    fresh.rename(COLLECTED)


if __name__ == "__main__":
    try:
        collect()
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is missing: run `make frontend` to get the front-end packages.")
