"""What is odd in a file that was read: it is asked about before the file is imported, and refused nowhere."""

from decimal import Decimal
from typing import Any

from analysis.plausibility import TIMES
from metrics.files.cells import Decimals
from metrics.imports import staging
from metrics.imports.matching import marks_in_doubt
from metrics.imports.plans import metrics_in_force
from metrics.models import FileImport, Unit
from metrics.typed import USUAL_OF, Typed, doubts, usual_of

MOST = 10_000
ENOUGH = 4
"""So many values of a file say what is usual, where too few are recorded."""


def odd_values(file_import: FileImport, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Line, cell, words and, where it is not the value, what the file said; by row and cell, MOST at most."""
    versions = {v.pk: v for _, every in metrics_in_force(file_import.value_stream) for v in every}
    usual: dict[tuple[int, str], Decimal | None] = {}
    for version_id, subgroup, recorded, middle, entries, greatest in staging.usual(USUAL_OF):
        found = usual_of(recorded)
        # Values up to 1 alone may all be parts of one: they do not tell that such percentages are usual.
        if found is None and entries >= ENOUGH and not (versions[version_id].unit == Unit.PERCENT and greatest <= 1):
            found = middle
        usual[version_id, subgroup] = found
    asked = [(*key, value, versions[key[0]].unit == Unit.PERCENT) for key, value in usual.items()]
    found_odd = [
        {"line": line, "cell": cell, "said": "", "words": doubt.sentence}
        for line, cell, version_id, subgroup, value, above, below, has_sign in staging.odd(
            asked, times=TIMES, most=MOST
        )
        for doubt in doubts(
            versions[version_id],
            Typed(value=value, numerator=above, denominator=below, has_sign=has_sign),
            usual[version_id, subgroup],
        )
    ]
    if marks_in_doubt(file_import.columns, told):
        comma = file_import.columns.get("decimals") == Decimals.COMMA
        words = f"Read as thousands. Does the {'point' if comma else 'comma'} stand before decimals?"
        found_odd += [{"line": line, "cell": cell, "said": said, "words": words} for line, cell, said in told["marked"]]
    return sorted(found_odd, key=lambda one: (one["line"], one["cell"]))
