"""A trust's own detail: its value streams with their dashboards, RPIWs, measures and readings."""

import json
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from api import serializers as rows
from api.endpoints.base import Endpoint, ListOfTrust, OneOfTrust, passed_through
from api.models import Scope
from api.queries import MeasureFilters, NoFilters, ReadingFilters, RpiwFilters, ValueStreamFilters
from api.schema import csv_or_json, etagged
from rpiws.models import Measure, Reading, Rpiw
from snapshots.models import GONE, Snapshot
from trusts.models import Trust, ValueStream

_DASHBOARDS = Snapshot.objects.filter(kind="value_stream", scope_id=OuterRef("pk")).exclude(body=GONE)
WITH_DASHBOARDS = ValueStream.objects.select_related("trust").annotate(
    dashboard_version=Subquery(_DASHBOARDS.values("version"))
)


@csv_or_json("trusts", "The client's own trust.", rows.TrustRow, NoFilters)
class Trusts(ListOfTrust):
    queryset = Trust.objects.all()
    serializer_class = rows.TrustRow


@csv_or_json("value-streams", "The trust's value streams.", rows.ValueStreamRow, ValueStreamFilters)
class ValueStreams(ListOfTrust):
    queryset = WITH_DASHBOARDS
    serializer_class = rows.ValueStreamRow
    filters = ValueStreamFilters


@etagged("One value stream.", "value-streams", rows.ValueStreamRow)
class OneValueStream(OneOfTrust):
    queryset = WITH_DASHBOARDS
    serializer_class = rows.ValueStreamRow


class Dashboard(Endpoint):
    scopes = {"GET": Scope.READ_DETAIL}

    @etagged("A value stream's dashboard figures, as the page shows them.", "value-streams", rows.DashboardFigures)
    def get(self, request: Request, pk: int) -> HttpResponse:
        NoFilters.read(request, also=frozenset())
        get_object_or_404(ValueStream.objects.in_trusts(self.trust_ids), pk=pk)
        snapshot = dashboard_of(pk)
        text = enveloped(snapshot, figures=snapshot.body)
        return passed_through(request, text, etag=f'"value-stream-{pk}-{snapshot.version}"')


def dashboard_of(value_stream_id: int) -> Snapshot:
    """The value stream's stored dashboard. Raises NotFound while there is none."""
    snapshot = Snapshot.objects.filter(kind="value_stream", scope_id=value_stream_id).exclude(body=GONE).first()
    if snapshot is None:
        raise NotFound("The dashboard is not computed yet. Try again in a few seconds.")
    return snapshot


def enveloped(snapshot: Snapshot, **stored: str) -> str:
    """Which dashboard it is, and JSON that is stored, by its key."""
    about: dict[str, Any] = {
        "value_stream": snapshot.scope_id,
        "version": snapshot.version,
        "computed_at": snapshot.computed_at.isoformat(),
        "rules": snapshot.rules,
    }
    [(key, text)] = stored.items()
    return f'{json.dumps(about)[:-1]}, "{key}": {text}}}'


@csv_or_json("rpiws", "The trust's RPIWs.", rows.RpiwRow, RpiwFilters)
class Rpiws(ListOfTrust):
    queryset = Rpiw.objects.all()
    serializer_class = rows.RpiwRow
    filters = RpiwFilters


@etagged("One RPIW.", "rpiws", rows.RpiwRow)
class OneRpiw(OneOfTrust):
    queryset = Rpiw.objects.all()
    serializer_class = rows.RpiwRow


@csv_or_json("measures", "The measures of the trust's RPIWs.", rows.MeasureRow, MeasureFilters)
class Measures(ListOfTrust):
    queryset = Measure.objects.annotate(
        serves=ArrayAgg("served__metric", filter=Q(served__isnull=False), default=[], order_by="served__metric")
    )
    serializer_class = rows.MeasureRow
    filters = MeasureFilters


class ReadingsList(ListOfTrust):
    queryset = Reading.objects.select_related("measure")
    serializer_class = rows.ReadingRow
    filters = ReadingFilters
