"""The files that an import gives: an empty table to fill in, and rows to mend."""

from datetime import date

from django.utils import timezone

from metrics.files.cells import first_of_period
from metrics.imports.matching import headings_to_mend, mended_heading, metric_columns
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport, Often
from trusts.models import ValueStream
from ui.exports import Column, Export

PERIODS = 24


def template(stream: ValueStream) -> Export:
    """A row for each of the last 24 periods, and a column for each metric."""
    metrics = metrics_in_force(stream)
    often = [versions[-1].collected_often for _, versions in metrics]
    columns = [Column("period", "Period", "The first day of the month (week, quarter, day) that the row measures.")]
    keys = {
        f"value:{metric.pk}": f"{versions[-1].numerator}. * where it is suppressed; empty where it was not measured."
        for metric, versions in metrics
    }
    for key, words in metric_columns(stream).items():
        columns.append(Column(key, words, keys.get(key, "Instead of the value: written, the value is computed.")))
    columns.append(Column("subgroup", "Subgroup", "Empty for the whole; else a ward, site or staff group."))
    columns.append(Column("note", "Note", "What a reader should know. Nothing about patients."))
    commonest = max(set(often), key=often.count) if often else Often.MONTHLY
    return Export(
        f"measurements-{stream.pk}",
        columns,
        [{"period": day} for day in last_periods(commonest, timezone.localdate())],
        title=f"Measurements of {stream.name}",
        notes=["Fill in, and upload on the page of the value stream. docs/import.md tells what may be written."],
    )


def last_periods(often: str, today: date) -> list[date]:
    """The first days of the last 24 whole periods, oldest first."""
    found: list[date] = []
    day = first_of_period(today, often)
    while len(found) < PERIODS:
        day = first_of_period(date.fromordinal(day.toordinal() - 1), often)
        found.append(day)
    return found[::-1]


def rejected_rows(file_import: FileImport) -> Export:
    """The matched columns as they stand in the file, and what is the matter."""
    columns = [Column(str(n), heading) for n, (_, heading) in enumerate(headings_to_mend(file_import.columns))]
    columns.append(
        Column(str(len(columns)), mended_heading(file_import), "Mend it in its cell. This column need not be emptied.")
    )
    rows = ({str(n): cell for n, cell in enumerate(row)} for row in file_import.rejected_rows)
    return Export(
        f"rows-to-mend-{file_import.pk}",
        columns,
        rows,
        title=f"Rows of {file_import.name} that were not imported",
        notes=["Mend them here and upload this file: rows that are imported already stay as they are."],
    )
