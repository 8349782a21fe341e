"""Reconstructs readings of 113 RPIWs whose totals are those of Tables 7.1, 7.2 and 7.3.

The report prints totals only. Everything here is drawn by chance, the same each time, and matched to what is printed;
no row is a trust's own figure. Run from the top of the repository:

    python -m examples.nhs_vmi.reconstruct
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from examples.nhs_vmi.chance import Chance
from examples.nhs_vmi.matching import DrawnPair, amounts_like, ratios_like
from examples.nhs_vmi.printed import HERE, targets
from examples.nhs_vmi.schedule import PERIOD_ENDS, PlannedMeasure, Workshop, workshops

FILE = HERE / "reconstructed_readings.csv"

RPIW_COLUMNS = (
    "trust",
    "value_stream_number",
    "value_stream",
    "rpiw_number",
    "process",
    "follows",
    "week_start",
    "week_end",
)
MEASURE_COLUMNS = (
    "position",
    "measure",
    "kind",
    "unit",
    "better",
    "target",
    "statistic",
    "defect_basis",
    "outputs",
)
READING_COLUMNS = (
    "checkpoint",
    "measured_on",
    "value",
    "numerator",
    "denominator",
    "sample_size",
    "simulated",
    "not_measured",
    "not_measured_note",
    "not_comparable",
)
COLUMNS = (*RPIW_COLUMNS, *MEASURE_COLUMNS, *READING_COLUMNS, "synthetic")

# Seeds under which few pairs end at the limits of what is plausible.
SEEDS = {"lead_time": 57, "defects": 37, "defect_ratio": 11}
SCHEDULE_SEED, READINGS_SEED = 2015, 2019

DAYS = {"day_30": 30, "day_60": 60, "day_90": 90}
NOT_MEASURED = ("staffing", "staffing", "no_cases", "too_early", "process_changed", "other")
ANOTHER_REASON = "The ward had moved"
NAMES = {"lead_time": "Lead time", "defects": "Total defects", "defect_ratio": "Defect ratio"}


@dataclass
class MeasureValues:
    """A measure's baseline and the value its post has, or would have, in minutes, defects, or defects and outputs."""

    kind: str
    baseline: Decimal
    post: Decimal
    outputs: tuple[int, int] | None
    sample: int
    decimals: int

    def between(self, way: float, chance: Chance) -> Decimal:
        """A value on the way from baseline to post, with some chance in it; a whole number of defects for a ratio."""
        start, end = float(self._share(0)), float(self._share(1))
        found = max(0.0, (start + (end - start) * way) * chance.between(0.85, 1.2))
        if self.outputs:
            return Decimal(min(self.outputs[1], round(found * self.outputs[1])))
        least = 1.0 if self.kind == "lead_time" else 0.0
        return round(Decimal(max(least, found)), self.decimals)

    def _share(self, side: int) -> Decimal:
        amount = (self.baseline, self.post)[side]
        return amount / self.outputs[side] if self.outputs else amount


def readings() -> list[dict[str, str]]:
    """Every row of the file, as text."""
    chance = Chance(READINGS_SEED)
    drawn = {kind: _by_trust(_pairs(kind), chance) for kind in SEEDS}
    rows: list[dict[str, str]] = []
    for workshop in workshops(Chance(SCHEDULE_SEED)):
        last = _last_checkpoint(workshop, chance)
        simulates = chance.happens(0.4)
        for position, planned in enumerate(workshop.measures, start=1):
            if planned.paired:
                values = _values(planned.kind, drawn[planned.kind][workshop.trust].pop(), chance)
            else:
                values = _unpaired_values(planned.kind, chance)
            about = _about(workshop, position, planned.kind, values)
            rows += [about | row for row in _readings_of(workshop, planned, values, last, simulates, chance)]
    left = [pair for trusts in drawn.values() for pairs in trusts.values() for pair in pairs]
    assert not left, "every pair belongs to an RPIW"
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    """The rows as the text of the CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _pairs(kind: str) -> list[DrawnPair]:
    target, chance = targets()[kind], Chance(SEEDS[kind])
    if kind == "lead_time":
        return amounts_like(target, chance, spread=1.35, steps=(1,), least=8, least_kept=0.05)
    if kind == "defects":
        return amounts_like(target, chance, spread=1.5, steps=(100, 100, 100, 10), least=100, least_kept=0.0)
    return ratios_like(target, chance)


def _by_trust(pairs: list[DrawnPair], chance: Chance) -> dict[str, list[DrawnPair]]:
    trusts = sorted({pair.trust for pair in pairs})
    return {trust: chance.shuffled([pair for pair in pairs if pair.trust == trust]) for trust in trusts}


def _values(kind: str, pair: DrawnPair, chance: Chance) -> MeasureValues:
    if kind == "defects":
        cents = math.gcd(pair.baseline, pair.post, 100)
        decimals = {100: 0, 50: 1, 20: 1, 10: 1}.get(cents, 2)
        baseline, post = Decimal(pair.baseline) / 100, Decimal(pair.post) / 100
        return MeasureValues(kind, baseline, post, None, chance.whole(10, 40), decimals)
    outputs = pair.outputs if kind == "defect_ratio" else None
    return MeasureValues(kind, Decimal(pair.baseline), Decimal(pair.post), outputs, chance.whole(5, 20), 0)


def _unpaired_values(kind: str, chance: Chance) -> MeasureValues:
    """Values of a measure that no printed figure counts."""
    if kind == "defect_ratio":
        outputs = chance.whole(12, 60)
        defects = chance.whole(outputs // 4, outputs - 2)
        return MeasureValues(kind, Decimal(defects), Decimal(defects // 3), (outputs, outputs), 0, 0)
    size = {"lead_time": 900, "defects": 30}[kind] * chance.skewed(0.9)
    baseline, post = Decimal(round(size) + 2), Decimal(round(size * chance.between(0.2, 0.8)) + 1)
    return MeasureValues(kind, baseline, post, None, chance.whole(5, 20), 0)


def _last_checkpoint(workshop: Workshop, chance: Chance) -> str:
    """The last checkpoint at which this RPIW was measured: mostly 90 days, earlier when the period ends before."""
    wished = chance.share()
    wish = 90 if wished < 0.5 else 60 if wished < 0.8 else 30
    days = max(d for d in (30, 60, 90) if d == 30 or (d <= wish and _due(workshop, d) + timedelta(9) <= PERIOD_ENDS))
    return f"day_{days}"


def _due(workshop: Workshop, days: int) -> date:
    return workshop.week_end + timedelta(days=days)


def _about(workshop: Workshop, position: int, kind: str, values: MeasureValues) -> dict[str, str]:
    basis = "" if kind != "defects" else "count" if values.decimals == 0 else "per_period"
    unit = {"lead_time": "h" if values.baseline >= 1440 else "min", "defects": "defects", "defect_ratio": "%"}[kind]
    half = round(values.baseline / 2, values.decimals)
    if values.outputs:
        half = round(values.baseline / values.outputs[0] / 2, 2)
    return {
        "trust": workshop.trust,
        "value_stream_number": str(workshop.value_stream_number),
        "value_stream": workshop.value_stream,
        "rpiw_number": str(workshop.number),
        "process": workshop.process,
        "follows": str(workshop.follows or ""),
        "week_start": workshop.week_start.isoformat(),
        "week_end": workshop.week_end.isoformat(),
        "position": str(position),
        "measure": f"{NAMES[kind]}: {workshop.process}",
        "kind": kind,
        "unit": unit,
        "better": "lower",
        "target": f"{half:f}",
        "statistic": "mean",
        "defect_basis": basis,
        "outputs": "" if kind == "lead_time" else "outputs of the process",
        "synthetic": "yes",
    }


def _readings_of(
    workshop: Workshop, planned: PlannedMeasure, values: MeasureValues, last: str, simulates: bool, chance: Chance
) -> Iterator[dict[str, str]]:
    """The readings of one measure in the order of the checkpoints."""
    lack = "" if planned.paired else chance.one_of(("posts", "posts", "posts", "baseline", "comparison"))
    before = _next_weekday(workshop.week_start - timedelta(days=chance.whole(14, 42)))
    if lack == "baseline" and not workshop.recent:
        yield _missing("baseline", chance)
    else:
        yield _reading("baseline", before, values, values.baseline, side=0)
    if chance.happens(0.85):
        shown = values.between(chance.between(0.6, 1.2), chance)
        yield _reading("report_out", workshop.week_end, values, shown) | {"simulated": "yes" if simulates else ""}
    if workshop.recent:
        return
    for checkpoint, days in DAYS.items():
        on = _next_weekday(_due(workshop, days) + timedelta(days=chance.whole(0, 5)))
        if on > PERIOD_ENDS:
            return
        if checkpoint > last:
            if chance.happens(0.5):
                yield _missing(checkpoint, chance)
        elif lack == "posts":
            if chance.happens(0.6):
                yield _missing(checkpoint, chance)
        elif lack == "comparison":
            changed = chance.one_of(("start_or_end", "sampling", "definition"))
            found = _reading(checkpoint, on, values, values.between(chance.between(0.7, 1.1), chance))
            yield found | {"not_comparable": changed}
        elif checkpoint == last:
            yield _reading(checkpoint, on, values, values.post)
        elif chance.happens(0.8):
            yield _reading(checkpoint, on, values, values.between(chance.between(0.5, 1.1), chance))
        elif chance.happens(0.5):
            yield _missing(checkpoint, chance)


def _reading(checkpoint: str, on: date, values: MeasureValues, amount: Decimal, *, side: int = 1) -> dict[str, str]:
    found = {"checkpoint": checkpoint, "measured_on": on.isoformat()}
    if values.outputs:
        outputs = values.outputs[side]
        value = round(amount / outputs, 6)
        found |= {"numerator": f"{amount:f}", "denominator": str(outputs), "sample_size": str(outputs)}
    else:
        value = amount
        found["sample_size"] = str(values.sample)
    return found | {"value": _plain(value)}


def _missing(checkpoint: str, chance: Chance) -> dict[str, str]:
    reason = chance.one_of(NOT_MEASURED)
    note = ANOTHER_REASON if reason == "other" else ""
    return {"checkpoint": checkpoint, "not_measured": reason, "not_measured_note": note}


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _next_weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def main() -> None:
    rows = readings()
    FILE.write_text(as_csv(rows), encoding="utf-8", newline="")
    print(f"{len(rows)} readings written to {FILE.name}")


if __name__ == "__main__":
    main()
