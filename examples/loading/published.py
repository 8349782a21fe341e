"""What was published of RPIWs: readings reconstructed to match the printed totals, and the pairs that were printed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby

from analysis.checkpoints import REMEASURES
from examples.loading.tables import rows, yes
from rpiws.models import Checkpoint, ClosingDecision, Measure, Reading, Rpiw, RpiwPerson, State
from trusts.models import ValueStream

RECONSTRUCTED = "Reconstructed to match published totals: Warwick Business School 2022, Tables 7.1 to 7.3"
_PLACEHOLDER_WEEK = (date(2018, 1, 15), date(2018, 1, 19))
"""The printed pairs come without a date; their RPIWs say so, and are counted in no period."""

Streams = dict[tuple[str, int], ValueStream]
Row = dict[str, str]


def load_reconstructed(streams: Streams) -> None:
    """The 113 RPIWs of Table 7.1 with their reconstructed readings, each closed."""
    of_rpiw: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    for row in rows("reconstructed_readings.csv"):
        of_rpiw[row["trust"], int(row["value_stream_number"]), int(row["rpiw_number"])].append(row)
    made: dict[tuple[str, int, int], Rpiw] = {}
    for key, lines in of_rpiw.items():
        trust, stream, _ = key
        follows = lines[0]["follows"]
        made[key] = Rpiw.objects.create(
            value_stream=streams[trust, stream],
            number=key[2],
            process=lines[0]["process"],
            follows=made[trust, stream, int(follows)] if follows else None,
            state=State.CLOSED,
            week_starts=date.fromisoformat(lines[0]["week_start"]),
            week_ends=date.fromisoformat(lines[0]["week_end"]),
            reported_out=date.fromisoformat(lines[0]["week_end"]),
            closing_decision=ClosingDecision.HOLD,
            synthetic=True,
            source=RECONSTRUCTED,
        )
    RpiwPerson.objects.bulk_create(_people(made.values()))
    first_lines = {(key, line["position"]): line for key, lines in of_rpiw.items() for line in reversed(lines)}
    measures = Measure.objects.bulk_create(
        _measure(made[key], int(position), line) for (key, position), line in first_lines.items()
    )
    found = {(measure.rpiw_id, measure.position): measure for measure in measures}
    readings = Reading.objects.bulk_create(
        _reading(found[made[key].pk, int(line["position"])], line) for key, lines in of_rpiw.items() for line in lines
    )
    answered = {(reading.measure_id, reading.checkpoint) for reading in readings}
    Reading.objects.bulk_create(
        _unpublished(measure, checkpoint)
        for measure in measures
        for checkpoint in (Checkpoint.BASELINE, Checkpoint.REPORT_OUT, *REMEASURES)
        if (measure.pk, checkpoint) not in answered
    )


def load_printed_pairs(streams: Streams) -> None:
    """The before - after pairs that public sources print, as printed, apart from every total."""
    for (trust, number, process), lines in groupby(
        rows("published_rpiw_measures.csv"), key=lambda row: (row["trust"], row["value_stream_number"], row["process"])
    ):
        stream = streams[trust, int(number)]
        printed = list(lines)
        first, last = _PLACEHOLDER_WEEK
        rpiw = Rpiw.objects.create(
            value_stream=stream,
            number=stream.rpiws.count() + 1,
            process=process,
            state=State.CLOSED,
            week_starts=first,
            week_ends=last,
            reported_out=last,
            closing_decision=ClosingDecision.HOLD,
            kept_apart=True,
            week_published=False,
            source=printed[0]["source"],
        )
        for place, line in enumerate(printed, start=1):
            measure = _measure(rpiw, place, line)
            measure.shape = Measure.Shape.RATIO if line["unit"] == "%" else Measure.Shape.VALUE
            measure.save()
            per = Decimal(100) if line["unit"] == "%" else Decimal(1)
            Reading.objects.bulk_create(
                Reading(
                    measure=measure, checkpoint=checkpoint, value=Decimal(line[column]) / per, source=line["source"]
                )
                for checkpoint, column in ((Checkpoint.BASELINE, "baseline"), (line["checkpoint"], "after"))
            )


def _people(rpiws: Iterable[Rpiw]) -> Iterable[RpiwPerson]:
    for rpiw in rpiws:
        for part in RpiwPerson.REQUIRED_FOR_THE_WEEK:
            yield RpiwPerson(rpiw=rpiw, part=part, post="Not named in public sources")


def _measure(rpiw: Rpiw, place: int, line: Row) -> Measure:
    return Measure(
        rpiw=rpiw,
        position=place,
        name=line["measure"],
        kind=line["kind"],
        unit=line["unit"],
        better_when=line["better"],
        target=_number(line.get("target", "")),
        statistic=line.get("statistic") or Measure.Statistic.MEAN,
        defect_basis=line.get("defect_basis", ""),
        outputs=line.get("outputs", ""),
    )


def _reading(measure: Measure, line: Row) -> Reading:
    return Reading(
        measure=measure,
        checkpoint=line["checkpoint"],
        value=_number(line["value"]),
        numerator=_number(line["numerator"]),
        denominator=_number(line["denominator"]),
        sample_size=int(line["sample_size"]) if line["sample_size"] else None,
        measured_on=date.fromisoformat(line["measured_on"]) if line["measured_on"] else None,
        not_measured=line["not_measured"],
        not_measured_note=line["not_measured_note"],
        not_comparable=line["not_comparable"],
        simulated=yes(line["simulated"]),
        synthetic=True,
        source=RECONSTRUCTED,
    )


def _unpublished(measure: Measure, checkpoint: str) -> Reading:
    """The reason that a closed RPIW owes where the reconstruction has nothing: only the totals were printed."""
    return Reading(
        measure=measure,
        checkpoint=checkpoint,
        not_measured=Reading.NotMeasured.OTHER,
        not_measured_note="Not known: the published totals do not say whether it was measured",
        synthetic=True,
        source=RECONSTRUCTED,
    )


def _number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None
