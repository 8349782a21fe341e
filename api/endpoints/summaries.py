"""Released trust summaries for the regulator's systems. A draft is never found here."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers as rows
from api.endpoints.base import Endpoint, List, passed_through
from api.models import Scope
from api.queries import NoFilters, SummaryFilters
from api.schema import csv_or_json, etagged
from dashboards.models import TrustSummary
from dashboards.summaries.standings import Standing, standings
from trusts.models import Trust


class SummaryList(List):
    """Which versions were released when, or where each trust stands; `ods_code` and `id` lead to a version's text."""

    scopes = {"GET": Scope.READ_SUMMARIES}
    serializer_class = rows.SummaryRow
    filters = SummaryFilters

    @property
    def trusts(self) -> Any:
        return _trusts(self.system.partnership_id)

    @method_decorator(conditional_page)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.filters.read(request)
        released = _released(self.system.partnership_id).filter(trust__in=self.trusts)
        if since := asked.get("updated_since"):
            released = released.updated_since(since)
        if not asked.get("latest"):
            return self.shown(request, released.order_by("pk"), file="trust-summaries")
        trusts = self.trusts.filter(pk__in=released.order_by().values("trust")) if since else self.trusts
        return self.shown(request, trusts.order_by("pk"), file="trust-summaries", tell=_latest)


def _trusts(partnership_id: int) -> Any:
    return Trust.objects.in_partnerships(frozenset({partnership_id}))


def _released(partnership_id: int) -> Any:
    summaries = TrustSummary.objects.select_related("trust").defer("body")
    return summaries.released().in_partnerships(frozenset({partnership_id}))


def _latest(trusts: Iterable[Trust]) -> list[dict[str, Any]]:
    """A row for each trust: what it released last, and whether last month's summary is there or when it is expected."""
    found = list(trusts)
    newest = TrustSummary.objects.released().filter(trust__in=found).latest_per_trust().defer("body")
    return [_row(standing) for standing in standings(found, newest, today=timezone.localdate())]


def _row(standing: Standing) -> dict[str, Any]:
    """By the names from which rows.SummaryRow reads."""
    newest = standing.newest
    return {
        "id": newest and newest.pk,
        "trust": standing.trust,
        "starts": newest and newest.starts,
        "ends": newest and newest.ends,
        "version": newest and newest.version,
        "supersedes_id": newest and newest.supersedes_id,
        "reason": newest.reason if newest else "",
        "released_at": newest and newest.released_at,
        "state": "released" if standing.is_released else "not_released",
        "next_expected": standing.expected,
    }


@csv_or_json("trust-summaries", "Every released version of every trust's summary.", rows.SummaryRow, SummaryFilters)
class Summaries(SummaryList):
    pass


@csv_or_json("trust-summaries", "Every released version of one trust's summary.", rows.SummaryRow, SummaryFilters)
class SummaryHistory(SummaryList):
    @property
    def trusts(self) -> Any:
        trust = get_object_or_404(super().trusts, ods_code=self.kwargs["ods_code"])
        return Trust.objects.filter(pk=trust.pk)


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
        try:
            return self.answer(request, trust__ods_code=ods_code)
        except Http404:
            trust = get_object_or_404(_trusts(self.system.partnership_id), ods_code=ods_code)
            [standing] = standings([trust], [], today=timezone.localdate())
            raise NotFound(f"Not released yet. It is expected by {standing.expected}: see latest=true.") from None


class SummaryVersion(OneSummary):
    @etagged("One version of one trust's summary. It never changes.", "trust-summaries", OpenApiTypes.OBJECT)
    def get(self, request: Request, ods_code: str, pk: int) -> HttpResponse:
        return self.answer(request, trust__ods_code=ods_code, pk=pk)
