"""A trust's metrics, and the charts as the dashboards hold them."""

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from api import serializers as rows
from api.endpoints.base import Endpoint, ListOfTrust, OneOfTrust, passed_through
from api.endpoints.detail import dashboard_of, enveloped
from api.models import Scope
from api.queries import MetricFilters, NoFilters
from api.schema import csv_or_json, etagged
from metrics.models import Metric

WITH_DEFINITIONS = Metric.objects.select_related("objective").prefetch_related("versions")


@csv_or_json("metrics", "The metrics of the trust's value streams.", rows.MetricRow, MetricFilters)
class Metrics(ListOfTrust):
    queryset = WITH_DEFINITIONS
    serializer_class = rows.MetricRow
    filters = MetricFilters


@etagged("One metric.", "metrics", rows.MetricRow)
class OneMetric(OneOfTrust):
    queryset = WITH_DEFINITIONS
    serializer_class = rows.MetricRow


class Chart(Endpoint):
    scopes = {"GET": Scope.READ_DETAIL}

    @etagged("A metric's chart: definitions, limits, signals and icons.", "metrics", rows.MetricChart)
    def get(self, request: Request, pk: int) -> HttpResponse:
        NoFilters.read(request, also=frozenset())
        metric = get_object_or_404(Metric.objects.in_trusts(self.trust_ids), pk=pk)
        snapshot = dashboard_of(metric.value_stream_id)
        stored = next((one for one in json.loads(snapshot.body).get("metrics", []) if one["id"] == pk), None)
        if stored is None:
            raise NotFound("The chart is not computed yet. Try again in a few seconds.")
        text = enveloped(snapshot, metric=json.dumps(stored))
        return passed_through(request, text, etag=f'"metric-{pk}-{snapshot.version}"')
