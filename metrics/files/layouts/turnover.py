"""NHS England's workforce turnover benchmarking, as CSV: joiners, leavers and staff at start and end of a month.

Monthly turnover is leavers over the mean of the two denominators. A row that is not there stands for zero.
"""

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from metrics.files import cells as of
from metrics.files.cells import Refused
from metrics.files.entries import Entries, ratio
from metrics.files.sheets import Row
from metrics.files.table import Table

WANTED = ("period", "type", "reporting_org_code", "staff_group_1_name", "hc", "fte")
EVERYBODY = "All staff groups"
_PERIOD = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2]) to ((?:19|20)\d{2})(0[1-9]|1[0-2])")
_START, _END, _LEAVERS = "Denominator at start of period", "Denominator at end of period", "Leavers"


def recognises(table: Table) -> bool:
    return table.headed_by(*WANTED)


def month_of(period: str) -> dt.date:
    """The month of "202510 to 202511": from the end of October to the end of November is November. Raises Refused."""
    match = _PERIOD.fullmatch(" ".join(period.split()))
    if match is None:
        raise Refused("The period should read like 202510 to 202511")
    first, last = dt.date(int(match[1]), int(match[2]), 1), dt.date(int(match[3]), int(match[4]), 1)
    if last != first + dt.timedelta(days=calendar.monthrange(first.year, first.month)[1]):
        raise Refused("The period is not one month. Download the monthly file")
    return last


@dataclass
class _Group:
    line: int
    cell: int
    counts: dict[str, Decimal] = field(default_factory=dict)


def read(rows: Iterable[Row], out: Entries) -> None:
    """plan["metric"]: which; plan["staff"]: hc (people) or fte (full-time equivalents); plan["groups"]: whether each
    staff group has a series of its own beside that of everybody."""
    place = {" ".join(name.split()).lower(): n for n, name in enumerate(out.plan["headings"])}
    period_at, kind_at, group_at = place["period"], place["type"], place["staff_group_1_name"]
    organisation_at, count_at = place["reporting_org_code"], place[out.plan["staff"]]
    groups: dict[tuple[str, str], _Group] = {}
    refused_in: defaultdict[tuple[str, str], bool] = defaultdict(bool)
    for line, row in rows:
        if line <= out.plan["heading_row"]:
            continue
        cells = row + [""] * (len(place) - len(row))
        out.told.rows += 1
        if cells[organisation_at].strip().upper() != out.ods_code:
            out.told.others += 1
            continue
        name = cells[group_at].strip()
        if name != EVERYBODY and not out.plan["groups"]:
            continue
        key = (cells[period_at], name)
        group = groups.setdefault(key, _Group(line, count_at))
        if cells[kind_at] == _LEAVERS:
            group.line = line
        try:
            group.counts[cells[kind_at].strip()] = Decimal(of.read_number(cells[count_at]))
        except Refused as refused:
            out.problem(line, count_at, str(refused), cells[count_at])
            refused_in[key] = True
    metric = out.metrics[out.plan["metric"]]
    for (period, name), group in groups.items():
        if refused_in[period, name]:
            continue
        subgroup = "" if name == EVERYBODY else name[:80]
        try:
            day, version = out.place_of(month_of(period), metric)
        except Refused as refused:
            out.problem(group.line, period_at, str(refused), period)
            continue
        zero = Decimal(0)
        leavers = group.counts.get(_LEAVERS, zero)
        staff = (group.counts.get(_START, zero) + group.counts.get(_END, zero)) / 2
        value = ratio(leavers, staff)
        out.write(
            [
                out.entry(group.line, count_at, version, day, subgroup=subgroup, value=value or "\\N",
                          numerator=f"{leavers:f}", denominator=f"{staff:f}", missing="" if value else of.NOTHING)
            ]
        )  # fmt: skip
