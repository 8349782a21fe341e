"""Released trust summaries for the regulator's systems. A draft is never found here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers as rows
from api.endpoints.base import Endpoint, List, passed_through
from api.models import Scope
from api.queries import NoFilters, SummaryFilters
from api.schema import csv_or_json, etagged
from dashboards.models import TrustSummary
from trusts.models import Trust


class SummaryList(List):
    """Which versions were released when; each row's `ods_code` and `id` lead to its text."""

    scopes = {"GET": Scope.READ_SUMMARIES}
    serializer_class = rows.SummaryRow
    filters = SummaryFilters

    def found(self) -> Any:
        return _released(self.system.partnership_id)

    @method_decorator(conditional_page)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.filters.read(request)
        found = self.found()
        if since := asked.get("updated_since"):
            found = found.updated_since(since)
        chosen = _released(self.system.partnership_id).filter(pk__in=found.order_by().values("pk")).order_by("pk")
        return self.shown(request, chosen, file="trust-summaries")


def _released(partnership_id: int) -> Any:
    summaries = TrustSummary.objects.select_related("trust").defer("body")
    return summaries.released().in_partnerships(frozenset({partnership_id}))


@csv_or_json("trust-summaries", "Every released version of every trust's summary.", rows.SummaryRow, SummaryFilters)
class Summaries(SummaryList):
    pass


@csv_or_json("trust-summaries", "Every released version of one trust's summary.", rows.SummaryRow, SummaryFilters)
class SummaryHistory(SummaryList):
    def found(self) -> Any:
        trusts = Trust.objects.in_partnerships(frozenset({self.system.partnership_id}))
        return super().found().filter(trust=get_object_or_404(trusts, ods_code=self.kwargs["ods_code"]))


class OneSummary(Endpoint):
    scopes = {"GET": Scope.READ_SUMMARIES}

    def answer(self, request: Request, **which: Any) -> HttpResponse:
        NoFilters.read(request, also=frozenset())
        found = TrustSummary.objects.released().in_partnerships(frozenset({self.system.partnership_id}))
        summary = get_object_or_404(found.filter(**which).order_by("-starts", "-version")[:1])
        return passed_through(request, summary.body, etag=summary.etag)


class LatestSummary(OneSummary):
    @etagged("The newest released summary of one trust.", "trust-summaries", OpenApiTypes.OBJECT)
    def get(self, request: Request, ods_code: str) -> HttpResponse:
        return self.answer(request, trust__ods_code=ods_code)


class SummaryVersion(OneSummary):
    @etagged("One version of one trust's summary. It never changes.", "trust-summaries", OpenApiTypes.OBJECT)
    def get(self, request: Request, ods_code: str, pk: int) -> HttpResponse:
        return self.answer(request, trust__ods_code=ods_code, pk=pk)
