"""Metrics: a value stream's table, each metric's page and downloads, importing files."""

from django.urls import URLPattern, path

from metrics.urls_by_hand import urlpatterns as by_hand
from metrics.views import adopting, imports, pages

urlpatterns: list[URLPattern] = [
    path("metrics/", pages.value_streams, name="metrics_of_trusts"),
    path("value-streams/<int:value_stream_id>/metrics/", pages.metrics, name="metrics"),
    path("value-streams/<int:value_stream_id>/metrics/fresh/", pages.metrics_fresh, name="metrics_fresh"),
    path("value-streams/<int:value_stream_id>/metrics/add/", adopting.metric_adopt, name="metric_adopt"),
    path("metrics/<int:metric_id>/", pages.metric, name="metric"),
    path("metrics/<int:metric_id>/fresh/", pages.metric_fresh, name="metric_fresh"),
    path("metrics/<int:metric_id>/measurements.<slug:ending>", pages.metric_file, name="metric_file"),
    *by_hand,
    path("value-streams/<int:value_stream_id>/imports/add/", imports.start, name="import_start"),
    path("value-streams/<int:value_stream_id>/imports/template.csv", imports.template_csv, name="import_template_csv"),
    path(
        "value-streams/<int:value_stream_id>/imports/template.xlsx", imports.template_xlsx, name="import_template_xlsx"
    ),
    path("imports/<int:import_id>/", imports.file_import, name="file_import"),
    path("imports/<int:import_id>/columns/", imports.columns, name="import_columns"),
    path("imports/<int:import_id>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:import_id>/give-up/", imports.give_up, name="import_give_up"),
    path("imports/<int:import_id>/rows-to-mend.csv", imports.rejected_csv, name="import_rejected_csv"),
    path("imports/<int:import_id>/rows-to-mend.xlsx", imports.rejected_xlsx, name="import_rejected_xlsx"),
]
