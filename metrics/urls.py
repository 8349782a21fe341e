"""Metrics: a value stream's table, each metric's page and downloads."""

from django.urls import URLPattern, path

from metrics.urls_by_hand import urlpatterns as by_hand
from metrics.views import adopting, pages

urlpatterns: list[URLPattern] = [
    path("metrics/", pages.value_streams, name="metrics_of_trusts"),
    path("value-streams/<int:value_stream_id>/metrics/", pages.metrics, name="metrics"),
    path("value-streams/<int:value_stream_id>/metrics/fresh/", pages.metrics_fresh, name="metrics_fresh"),
    path("value-streams/<int:value_stream_id>/metrics/add/", adopting.metric_adopt, name="metric_adopt"),
    path("metrics/<int:metric_id>/", pages.metric, name="metric"),
    path("metrics/<int:metric_id>/fresh/", pages.metric_fresh, name="metric_fresh"),
    path("metrics/<int:metric_id>/measurements.<slug:ending>", pages.metric_file, name="metric_file"),
    *by_hand,
]
