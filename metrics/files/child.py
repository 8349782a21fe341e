"""The process in which files of strangers are read: `python -m metrics.files.child`, started by reading.py.

The file is standard input, what to do a JSON text on the file descriptor that the argument names. Answers leave as text
on standard output; the last line of standard error says how it went. It has no secrets and no database, and the kernel
ends it at 300 MB and 10 seconds.
"""

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from metrics.files import limits
from metrics.files.entries import Entries
from metrics.files.layouts import CQC, LAYOUTS, OWN, cqc, friends_family
from metrics.files.limits import Unreadable
from metrics.files.sheets import Book, rows_of
from metrics.files.table import Table, tables

UNREADABLE = 3


def look(file: BinaryIO) -> dict[str, Any]:
    """What the file is: which layout, its sheet, headings and first rows."""
    first: Table | None = None
    for table in tables(file):
        for name, layout in LAYOUTS.items():
            if name != OWN and layout.recognises(table):
                return _said(table, name)
        first = first or table
    if first is None:
        raise Unreadable("The file holds no rows.")
    LAYOUTS[OWN].recognises(first)
    return _said(first, OWN)


def _said(table: Table, layout: str) -> dict[str, Any]:
    month = friends_family.month_of(table) if LAYOUTS[layout] is friends_family else None
    return {
        "layout": layout,
        "book": asdict(table.book),
        "sheet": table.sheet,
        "heading_row": table.heading_row,
        "headings": [" ".join(heading.split())[:120] for heading in table.headings],
        "samples": [[line, [cell[:60] for cell in cells]] for line, cells in table.samples[:12]],
        "month": month.isoformat() if month else "",
        "marks": table.marks(),
    }


def answer(file: BinaryIO, plan: Mapping[str, Any], write: Any) -> dict[str, Any]:
    """Do what the plan says; returns what is said of the whole file."""
    if plan["do"] == "look":
        return look(file)
    rows = rows_of(file, Book(**plan["book"]), plan["sheet"])
    if plan["do"] == "rows":
        wanted = set(plan["lines"])
        for line, cells in rows:
            if line in wanted:
                write(json.dumps([line, cells]) + "\n")
        return {}
    if plan["layout"] == CQC:
        given = {name: plan[name] for name in ("headings", "heading_row", "ods_code")}
        return {"ratings": cqc.ratings(rows, **given)}
    out = Entries(plan, write)
    LAYOUTS[plan["layout"]].read(rows, out)
    return asdict(out.told)


def main() -> int:
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as given:
        plan = json.load(given)
    limits.hold_to_limits()
    output = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n", write_through=False)
    file = open(0, "rb", closefd=False)  # noqa: SIM115 - standard input, as a file that can be wound back
    said: dict[str, Any]
    try:
        said = answer(file, plan, output.write)
        output.flush()
        code = 0
    except Unreadable as unreadable:
        said, code = {"unreadable": str(unreadable)}, UNREADABLE
    except MemoryError:
        said, code = {"unreadable": limits.TOO_MUCH_MEMORY}, UNREADABLE
    except BrokenPipeError:
        return 1
    sys.stderr.write("\n" + json.dumps(said))
    sys.stderr.flush()
    # Taking a large workbook apart again, cell by cell, costs seconds.
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
