"""The metrics of the value streams: the real four-hour series of each trust, and series generated and marked so."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from accounts.permissions import Role
from examples.loading.context import Place
from examples.loading.generated import generated
from examples.loading.people import Staff
from examples.loading.tables import months_ago, rows
from metrics.models import (
    Annotation,
    Category,
    Measurement,
    Metric,
    MetricVersion,
    Recalculation,
    Target,
)
from trusts.models import Objective, ValueStream

FOUR_HOURS = "A&E: seen and left within four hours"
"""The one metric whose figures are real: as NHS England publishes them for the whole trust."""
TYPE_1 = "Type 1 departments"
FIRST_REAL_MONTH = date(2016, 4, 1)
AMENDED_FROM = 14
"""Months before today: from then on Theatres at UHCW watches the one theatre that its work touches."""
WHY_AMENDED = (
    "The work touches one theatre of 30, so this metric could not have shown it, however good the work. From now on we"
    " watch the urology theatre. Thirty theatres hid what one was learning. Team {team}."
)
Definitions = dict[tuple[str, str, int], MetricVersion]
Row = dict[str, str]


def load_metrics(
    places: dict[str, Place], staff: dict[str, Staff], streams: dict[tuple[str, int], ValueStream], *, today: date
) -> None:
    definitions = _definitions(places, staff, streams, today=today)
    real = [_four_hours(definitions[row["trust"], FOUR_HOURS, 1], row) for row in rows("ae_four_hours.csv")]
    made = [
        measurement
        for row in rows("generated_series.csv")
        for measurement in generated(definitions[_key(row)], row, today=today)
    ]
    Measurement.objects.bulk_create([*real, *made])
    _load_marks(definitions, places, staff, today=today)


def _key(row: Row) -> tuple[str, str, int]:
    return row["trust"], row["metric"], int(row["version"])


def _definitions(
    places: dict[str, Place], staff: dict[str, Staff], streams: dict[tuple[str, int], ValueStream], *, today: date
) -> Definitions:
    """The metrics with their definitions, each with its targets."""
    metrics: dict[tuple[str, str], Metric] = {}
    definitions: Definitions = {}
    objectives = {(one.trust_id, one.name): one for one in Objective.objects.all()}
    series = {_key(row): int(row["first"]) for row in rows("generated_series.csv")}
    for position, row in enumerate(rows("metrics.csv"), start=1):
        place, stream = places[row["trust"]], streams[row["trust"], int(row["value_stream_number"])]
        metric = metrics.get((row["trust"], row["metric"]))
        if metric is None:
            metric = metrics[row["trust"], row["metric"]] = Metric.objects.create(
                value_stream=stream,
                category=Category(row["category"]),
                name=row["metric"],
                objective=objectives[place.trust.pk, row["objective"]] if row["objective"] else None,
                no_objective_because=row["no_objective_because"],
                position=position,
                synthetic=row["metric"] != FOUR_HOURS,
            )
        began = months_ago(series[_key(row)], today) if _key(row) in series else FIRST_REAL_MONTH
        version = definitions[_key(row)] = MetricVersion.objects.create(
            metric=metric,
            number=int(row["version"]),
            numerator=row["numerator"],
            denominator=row["denominator"],
            exclusions=row["exclusions"],
            data_source=row["data_source"],
            collected_how=f"{row['collected_how']}, by Team {place.team}",
            owner=row["owner"],
            unit=row["unit"],
            decimals=int(row["decimals"]),
            better_when=row["better_when"],
            activity=_whole(row["activity"]),
            touched=_whole(row["touched"]),
            activity_unit=row["activity_unit"],
            hoped=Decimal(row["hoped"]) if row["hoped"] else None,
            **(_first(began) if row["version"] == "1" else _amendment(place, staff[row["trust"]], today)),
        )
        Target.objects.bulk_create(_targets(version, row, began, today))
    return definitions


def _first(began: date) -> dict:
    return {"agreed_at": _noon(began)}


def _amendment(place: Place, staff: Staff, today: date) -> dict:
    """Proposed by whoever leads the workshops, in force since the executive sponsor agreed."""
    return {
        "applies_from": months_ago(AMENDED_FROM, today),
        "reason": WHY_AMENDED.format(team=place.team),
        "back_cast": True,
        "proposed_by": staff[Role.WORKSHOP_LEAD],
        "proposed_at": _noon(months_ago(AMENDED_FROM + 1, today).replace(day=14)),
        "agreed_by": staff[Role.EXECUTIVE_SPONSOR],
        "agreed_at": _noon(months_ago(AMENDED_FROM + 1, today).replace(day=23)),
    }


def _targets(version: MetricVersion, row: Row, began: date, today: date) -> Iterator[Target]:
    """The target from the first month on, and its step: `16:13` is 16 from 13 months ago."""
    if row["target"]:
        yield Target(version=version, starts=began, value=Decimal(row["target"]))
    if row["later_target"]:
        value, months = row["later_target"].split(":")
        yield Target(version=version, starts=months_ago(int(months), today), value=Decimal(value))


def _four_hours(version: MetricVersion, row: Row) -> Measurement:
    attendances, over = Decimal(row["attendances"]), Decimal(row["over_four_hours"])
    return Measurement(
        version=version,
        subgroup=TYPE_1 if row["departments"] == "type 1" else "",
        on=date.fromisoformat(f"{row['month']}-01"),
        value=round(100 * (attendances - over) / attendances, 6),
        numerator=attendances - over,
        denominator=attendances,
    )


def _load_marks(definitions: Definitions, places: dict[str, Place], staff: dict[str, Staff], *, today: date) -> None:
    """Recalculations by the KPO lead, who may decide them, and annotations by the facilitator."""
    recalculations, annotations = [], []
    for row in rows("metric_marks.csv"):
        version, people = definitions[_key(row)], staff[row["trust"]]
        on, team = months_ago(int(row["months_ago"]), today), f"Team {places[row['trust']].team}"
        if row["kind"] == "recalculation":
            recalculations.append(
                Recalculation(
                    version=version,
                    on=on,
                    cause=row["text"],
                    reason=f"{row['reason']} {team}.",
                    by=people[Role.KPO_LEAD],
                    at=_noon(months_ago(2, today).replace(day=8)),
                )
            )
        else:
            at = _noon(on.replace(day=20))
            annotations.append(
                Annotation(
                    metric=version.metric, on=on, text=f"{row['text']} ({team})", by=people[Role.FACILITATOR], at=at
                )
            )
    Recalculation.objects.bulk_create(recalculations)
    Annotation.objects.bulk_create(annotations)


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
