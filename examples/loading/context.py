"""The partnership, its trusts and what they lived through, as published."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from accounts.models import User
from examples.loading.tables import partial_date, rows, text, yes
from trusts.models import (
    ChiefExecutive,
    CqcRating,
    CulturalWork,
    Headcount,
    NamedPeriod,
    NationalPriority,
    Objective,
    ObjectiveServed,
    Partnership,
    RegulatoryPeriod,
    StandDown,
    Trust,
    ValueStream,
)

PUBLISHED_PERIOD = "Published: to July 2019"


@dataclass(frozen=True)
class Place:
    """A trust of the example, and the bird that its invented texts are named after."""

    trust: Trust
    team: str


def load_partnership() -> Partnership:
    partnership = Partnership.objects.create(
        name="NHS - Virginia Mason Institute partnership",
        regulator="NHS Improvement",
        coach="Virginia Mason Institute",
        started=date(2015, 9, 1),
        is_example=True,
    )
    NamedPeriod.objects.create(
        partnership=partnership,
        name=PUBLISHED_PERIOD,
        ends=date(2019, 7, 31),
        public=True,
        note=text("notes_on_the_report.txt"),
    )
    return partnership


def load_places(partnership: Partnership) -> dict[str, Place]:
    """The trusts by the abbreviation that the example's files use."""
    facts = {row["short_name"]: row for row in rows("trusts.csv")}
    places = {}
    for row in rows("places.csv"):
        fact = facts[row["trust"]]
        trust = Trust.objects.create(
            partnership=partnership,
            name=fact["name"],
            short_name=row["said"],
            abbreviation=row["trust"],
            ods_code=fact["ods_code"],
            region=fact["region"],
            method_name=fact["method_name"],
            values=fact["values"],
            joined=date.fromisoformat(row["joined"]),
            seat=int(row["seat"]),
        )
        places[row["trust"]] = Place(trust=trust, team=row["team"])
    return places


def load_context(places: dict[str, Place]) -> None:
    """Headcounts, ratings, leaders, cultural work and regulatory periods."""
    facts: list[tuple[type[models.Model], str, dict[str, str]]] = [
        (Headcount, "headcounts.csv", {"counted": "counted"}),
        (CqcRating, "cqc_ratings.csv", {"rated": "rated"}),
        (ChiefExecutive, "chief_executives.csv", {"started": "started", "ended": "ended"}),
        (CulturalWork, "cultural_work.csv", {"started": "started"}),
        (RegulatoryPeriod, "regulatory_periods.csv", {"started": "started", "ended": "ended"}),
    ]
    for model, file, dates in facts:
        plain = {"people", "rating", "name", "kind", "body", "description", "source"} & _field_names(model)
        made = []
        for row in rows(file):
            values: dict[str, Any] = {name: row[name] for name in plain if name in row}
            for field, column in dates.items():
                values[field], values[f"{field}_precision"] = partial_date(row[column])
            if "interim" in row:
                values["interim"] = yes(row["interim"])
            made.append(model(trust=places[row["trust"]].trust, **values))
        model._default_manager.bulk_create(made)


def load_value_streams(
    partnership: Partnership, places: dict[str, Place], sponsors: dict[str, User]
) -> dict[tuple[str, int], ValueStream]:
    """Value streams by trust and number, with their sponsor and the objectives they serve."""
    streams = {}
    for row in rows("value_streams.csv"):
        streams[row["trust"], int(row["number"])] = ValueStream.objects.create(
            trust=places[row["trust"]].trust,
            number=int(row["number"]),
            name=row["name"],
            executive_sponsor=sponsors[row["trust"]],
            named_publicly=yes(row["named_publicly"]),
            chosen=row["chosen"],
            why_chosen=row["why_chosen"],
            data_behind_choice=row["data_behind_choice"],
            bounds=row["bounds"],
            status=row["status"],
            learned=row["learned"],
            source=row["source"],
        )
    priorities = {}
    for row in rows("national_priorities.csv"):
        issued, precision = partial_date(row["issued"])
        assert issued is not None
        priorities[row["name"]] = NationalPriority.objects.create(
            partnership=partnership, name=row["name"], issued=issued, issued_precision=precision, source=row["source"]
        )
    for row in rows("objectives.csv"):
        objective = Objective.objects.create(
            trust=places[row["trust"]].trust,
            name=row["name"],
            national_priority=priorities.get(row["national_priority"]),
            why_no_priority=row["why_no_priority"],
        )
        ObjectiveServed.objects.bulk_create(
            ObjectiveServed(value_stream=streams[row["trust"], int(number)], objective=objective)
            for number in row["value_streams"].split(";")
            if number
        )
    return streams


def load_stand_downs(places: dict[str, Place], streams: dict[tuple[str, int], ValueStream]) -> None:
    StandDown.objects.bulk_create(
        StandDown(
            trust=places[row["trust"]].trust,
            value_stream=streams[row["trust"], int(row["value_stream_number"])] if row["value_stream_number"] else None,
            started=date.fromisoformat(row["started"]),
            ended=date.fromisoformat(row["ended"]) if row["ended"] else None,
            stops_rpiws=yes(row["stops_rpiws"]),
            stops_training=yes(row["stops_training"]),
            stops_daily_work=yes(row["stops_daily_work"]),
            reason=row["reason"],
            explanation=row["explanation"],
            decided_by=row["decided_by"],
            synthetic=yes(row["synthetic"]),
            source=row["source"],
        )
        for row in rows("stand_downs.csv")
    )


def _field_names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()}
