"""The Care Quality Commission's "latest ratings", as ODS: sheet Providers. The overall rating of the trust's provider.

It holds no measurements: the rating goes into the trust's context, after somebody has looked at it.
"""

from collections.abc import Iterable
from typing import Any

from metrics.files import cells as of
from metrics.files.cells import Refused
from metrics.files.sheets import Row
from metrics.files.table import Table

SHEET = "Providers"
PROVIDERS = "NHS Healthcare Organisation"
RATINGS = {
    "outstanding": "outstanding",
    "good": "good",
    "requires improvement": "requires_improvement",
    "inadequate": "inadequate",
}


def recognises(table: Table) -> bool:
    """The row of headings stands below some lines of text."""
    return table.sheet.strip().lower() == SHEET.lower() and (
        table.headed_by("provider id", "provider type", "domain", "latest rating", "publication date")
    )


def ratings(rows: Iterable[Row], *, headings: list[str], heading_row: int, ods_code: str) -> list[dict[str, Any]]:
    """Overall ratings of the provider: line, name, rating, rated (ISO) or the problem with it."""
    place = {" ".join(name.split()).lower(): n for n, name in enumerate(headings)}
    codes = [place[name] for name in ("provider ods code", "provider id") if name in place]
    service = place.get("service / population group", place.get("service/population group"))
    found = []
    for line, row in rows:
        if line <= heading_row:
            continue
        cells = row + [""] * (len(headings) - len(row))
        if not any(cells[code].strip().upper() == ods_code.upper() for code in codes):
            continue
        overall = [cells[place["domain"]]] + ([cells[service]] if service is not None else [])
        if cells[place["provider type"]].strip() != PROVIDERS or any(
            cell.strip().lower() != "overall" for cell in overall
        ):
            continue
        said = " ".join(cells[place["latest rating"]].split())
        row_found: dict[str, Any] = {"line": line, "said": said, "name": cells[place.get("provider name", codes[0])]}
        try:
            rated = of.read_date(cells[place["publication date"]]).date.isoformat()
            row_found |= {"rating": RATINGS.get(said.lower(), ""), "rated": rated}
        except Refused as refused:
            row_found |= {"rating": "", "rated": "", "problem": str(refused)}
        found.append(row_found)
    return found
