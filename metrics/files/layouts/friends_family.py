"""The Friends and Family Test's A&E workbook: sheet Trusts, headings in rows 3 and 4, trusts from row 7.

Percentages are fractions, * is suppressed. NHS England says itself that the test does not compare providers: CAVEAT.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from metrics.files import cells as of
from metrics.files.cells import Refused
from metrics.files.entries import Entries
from metrics.files.sheets import Row
from metrics.files.table import Table

SHEET = "Trusts"
HEADING_ROWS = (3, 4)
FIRST_ROW = 7
CAVEAT = (
    "The Friends and Family Test is not a measure for comparing providers: trusts ask in different ways and of"
    " different people, as NHS England says of it. Watch this trust's own figure over time, beside what people wrote."
)


def recognises(table: Table) -> bool:
    """Joins the two rows of headings: the upper one names a block, the lower one its columns."""
    if table.sheet.strip().lower() != SHEET.lower():
        return False
    upper, lower = (next((cells for number, cells in table.rows if number == row), []) for row in HEADING_ROWS)
    width = max(len(upper), len(lower))
    both = zip(upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower)), strict=True)
    headings = [" ".join(f"{above} {below}".split()) for above, below in both]
    if not (_column(headings, "code") and _column(headings, "positive")):
        return False
    table.heading_row, table.headings = FIRST_ROW - 1, headings
    return True


def month_of(table: Table) -> dt.date | None:
    """The month that the titles above the headings name."""
    titles = (cell for number, cells in table.rows if number <= HEADING_ROWS[1] for cell in cells)
    return next((month for title in titles if (month := of.read_month_and_year(title))), None)


def _column(headings: list[str], *words: str) -> list[int]:
    """The columns whose heading holds all the words."""
    return [n for n, heading in enumerate(headings) if all(word in heading.lower() for word in words)]


def _organisation(headings: list[str]) -> int:
    """The trust's code, which stands beside the code of its integrated care board."""
    return (_column(headings, "trust", "code") or _column(headings, "org", "code") or _column(headings, "code"))[0]


def read(rows: Iterable[Row], out: Entries) -> None:
    """plan["metric"]: which; plan["figure"]: positive or negative; plan["month"]: ISO, of the whole workbook."""
    headings = out.plan["headings"]
    code_at = _organisation(headings)
    share_at = next(iter(_column(headings, "percent", out.plan["figure"]) or _column(headings, out.plan["figure"])))
    metric = out.metrics[out.plan["metric"]]
    for line, row in rows:
        cells = row + [""] * (len(headings) - len(row))
        if line < FIRST_ROW or not cells[code_at].strip():
            continue
        out.told.rows += 1
        if cells[code_at].strip().upper() != out.ods_code:
            out.told.others += 1
            continue
        try:
            day, version = out.place_of(dt.date.fromisoformat(out.plan["month"]), metric)
            missing = of.read_missing(cells[share_at])
            if missing:
                out.write([out.entry(line, share_at, version, day, missing=missing)])
                continue
            value = of.read_number(cells[share_at], unit="percent", fraction=True)
        except Refused as refused:
            out.problem(line, share_at, str(refused), cells[share_at])
            continue
        above, below = _counts(headings, cells, out.plan["figure"])
        out.write([out.entry(line, share_at, version, day, value=value, numerator=above, denominator=below,
                             has_sign=True)])  # fmt: skip


def _counts(headings: list[str], cells: list[str], figure: str) -> tuple[str, str]:
    """How many answered so, of how many, where the workbook gives the answers one by one; else neither."""
    answers = {"positive": ("very good", "good"), "negative": ("poor", "very poor")}[figure]
    ends = [[n for n, heading in enumerate(headings) if _last_words(heading) == answer] for answer in answers]
    total = _column(headings, "total", "responses")
    if not (all(ends) and total):
        return "\\N", "\\N"
    try:
        above = sum(Decimal(of.read_number(cells[places[0]])) for places in ends)
        return f"{above:f}", of.read_number(cells[total[0]])
    except Refused:
        return "\\N", "\\N"


def _last_words(heading: str) -> str:
    """Like "very good" of "Breakdown of Responses Very Good"."""
    words = heading.lower().split()
    return " ".join(words[-2:]) if words[-2:-1] == ["very"] else "".join(words[-1:])
