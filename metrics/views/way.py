"""What the pages about a metric share: whom they reach, the way up, and a page with one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from metrics.models import Metric
from metrics.views.pages import crumbs as crumbs_of_stream

OF_METRIC = ("value_stream__trust", "value_stream__executive_sponsor")


def metrics() -> Any:
    """Metrics with what permissions and breadcrumbs ask of them."""
    return Metric.objects.select_related(*OF_METRIC)


def of_metric(model: Any) -> Any:
    """Records of a metric with what permissions and breadcrumbs ask of it."""
    return model.objects.select_related(*(f"metric__{path}" for path in OF_METRIC))


def of_version(model: Any) -> Any:
    """Records of a definition with what permissions and breadcrumbs ask of its metric."""
    return model.objects.select_related(*(f"version__metric__{path}" for path in OF_METRIC))


def crumbs(metric: Metric) -> list[tuple[str, str]]:
    """The way up from a page inside a metric."""
    return [*crumbs_of_stream(metric.value_stream), (metric.name, reverse("metric", args=[metric.pk]))]


def form_page(
    request: HttpRequest,
    form: Any,
    metric: Metric,
    *,
    heading: str,
    template: str = "layouts/form.html",
    **context: Any,
) -> HttpResponse:
    given = {
        "form": form,
        "metric": metric,
        "crumbs_of": crumbs(metric),
        "heading": heading,
        "eyebrow": metric.name,
        "nav": "metrics",
    }
    return render(request, template, given | context)


def back_to(request: HttpRequest, metric: Metric, *, said: str) -> HttpResponse:
    """To the metric, saying what was done."""
    messages.success(request, said)
    return redirect("metric", metric.pk)


def refused(request: HttpRequest, metric: Metric, why: object) -> HttpResponse:
    """To the metric, saying why nothing was done."""
    messages.error(request, str(why))
    return redirect("metric", metric.pk)
