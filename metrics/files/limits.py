"""How much a file may ask of this machine, and the sentence for one that asks for more.

Nothing of this folder but `reading` and `layouts_for` runs in a process of the product: see child.py.
"""

import resource

MEGABYTE = 1024 * 1024
UPLOAD = 40 * MEGABYTE
MEMORY = 300 * MEGABYTE
SECONDS = 10
UNPACKED = 512 * MEGABYTE
ROWS = 1_048_576
COLUMNS = 256
# So many bytes may come out of one that went in; a real sheet is packed about tenfold.
RATIO = 200


class Unreadable(Exception):
    """A file that cannot be read, with the sentence that says so and what to do."""


TOO_LARGE = f"The file is larger than {UPLOAD // MEGABYTE} MB. Save only the sheet with the measurements, or split it."
TOO_MUCH_MEMORY = (
    f"Reading the file takes more than {MEMORY // MEGABYTE} MB of memory. Save only the rows and columns that hold"
    " measurements in a new file, best as CSV, and upload that."
)
TOO_SLOW = (
    f"Reading the file takes longer than {SECONDS} seconds. Save only the rows and columns that hold measurements in a"
    " new file, best as CSV, and upload that."
)
UNPACKS_TOO_FAR = (
    "The workbook unpacks to far more than its size, as no spreadsheet of measurements does. Save its sheet as CSV"
    " and upload that."
)
TOO_MANY_ROWS = f"The file has more than {ROWS:,} rows. Split it, and upload one part after the other."
TOO_MANY_COLUMNS = (
    f"A cell lies beyond column {COLUMNS}. Copy the columns that hold measurements into a new file, and upload that."
)
DAMAGED = "The workbook is damaged. Open it in your spreadsheet program, save it again, and upload that."


def hold_to_limits() -> None:
    """Ask the kernel to stop this process at the limits: memory, computing time, files written, processes started."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # Standard error is a file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
