"""Monthly A&E attendances and four-hour breaches of all providers: period, org_code, type, attendances, breaches."""

from collections.abc import Iterable
from decimal import Decimal

from metrics.files import cells as of
from metrics.files.cells import Refused
from metrics.files.entries import Entries, ratio
from metrics.files.sheets import Row
from metrics.files.table import Table

WANTED = ("period", "org_code", "type", "attendances", "breaches")


def recognises(table: Table) -> bool:
    return table.headed_by(*WANTED)


def read(rows: Iterable[Row], out: Entries) -> None:
    """plan["metric"]: which; plan["figure"]: within, over, attendances or breaches; plan["departments"]: all or 1."""
    place = {" ".join(name.split()).lower(): n for n, name in enumerate(out.plan["headings"])}
    period_at, kind_at = place["period"], place["type"]
    metric = out.metrics[out.plan["metric"]]
    months: dict[tuple[str, int], tuple[int, Decimal, Decimal]] = {}
    spoilt: set[tuple[str, int]] = set()
    for line, row in rows:
        if line <= out.plan["heading_row"]:
            continue
        cells = row + [""] * (len(place) - len(row))
        out.told.rows += 1
        if cells[place["org_code"]].strip().upper() != out.ods_code:
            out.told.others += 1
            continue
        if out.plan["departments"] == "1" and cells[kind_at].strip() != "1":
            continue
        cell, key = period_at, None
        try:
            day, version = out.place(cells[period_at], metric)
            key = (day, version)
            cell = place["attendances"]
            attended = Decimal(of.read_number(cells[cell]))
            cell = place["breaches"]
            breached = Decimal(of.read_number(cells[cell]))
        except Refused as refused:
            out.problem(line, cell, str(refused), cells[cell])
            if key:
                spoilt.add(key)
            continue
        first, before, late = months.get(key, (line, Decimal(0), Decimal(0)))
        months[key] = (first, before + attended, late + breached)
    for (day, version), (line, attended, breached) in months.items():
        if (day, version) not in spoilt:
            out.write([_entry(out, line, place["attendances"], version, day, attended, breached)])


def _entry(out: Entries, line: int, cell: int, version: int, day: str, attended: Decimal, breached: Decimal) -> str:
    figure = out.plan["figure"]
    if figure in ("attendances", "breaches"):
        return out.entry(line, cell, version, day, value=f"{attended if figure == 'attendances' else breached:f}")
    counted = breached if figure == "over" else attended - breached
    value = ratio(counted, attended)
    return out.entry(line, cell, version, day, value=value or "\\N", numerator=f"{counted:f}",
                     denominator=f"{attended:f}", missing="" if value else of.NOTHING)  # fmt: skip
