"""Pages for those who let systems in, and everything under /api/."""

from django.urls import path, re_path

from api import problems
from api.endpoints import detail, measurements, metrics, readings, summaries
from api.views import clients, description

_V1 = "api/v1/"

urlpatterns = [
    path("api-clients/", clients.of_trust, name="api_clients"),
    path("api-clients/add/", clients.add_to_trust, name="api_client_add"),
    path("api-clients/<int:client_id>/token/", clients.renew_of_trust, name="api_client_token"),
    path("api-clients/<int:client_id>/revoke/", clients.revoke_of_trust, name="api_client_revoke"),
    path("api-clients/regulator/", clients.of_regulator, name="regulator_clients"),
    path("api-clients/regulator/add/", clients.add_to_regulator, name="regulator_client_add"),
    path("api-clients/regulator/<int:client_id>/token/", clients.renew_of_regulator, name="regulator_client_token"),
    path("api-clients/regulator/<int:client_id>/revoke/", clients.revoke_of_regulator, name="regulator_client_revoke"),
    path("api/", description.page, name="api_description"),
    path(_V1 + "openapi.yaml", description.openapi, name="api_openapi"),
    path(_V1 + "trusts", detail.Trusts.as_view(), name="api_trusts"),
    path(_V1 + "value-streams", detail.ValueStreams.as_view(), name="api_value_streams"),
    path(_V1 + "value-streams/<int:pk>", detail.OneValueStream.as_view(), name="api_value_stream"),
    path(_V1 + "value-streams/<int:pk>/dashboard", detail.Dashboard.as_view(), name="api_dashboard"),
    path(_V1 + "rpiws", detail.Rpiws.as_view(), name="api_rpiws"),
    path(_V1 + "rpiws/<int:pk>", detail.OneRpiw.as_view(), name="api_rpiw"),
    path(_V1 + "measures", detail.Measures.as_view(), name="api_measures"),
    path(_V1 + "readings", readings.Readings.as_view(), name="api_readings"),
    path(_V1 + "metrics", metrics.Metrics.as_view(), name="api_metrics"),
    path(_V1 + "metrics/<int:pk>", metrics.OneMetric.as_view(), name="api_metric"),
    path(_V1 + "metrics/<int:pk>/chart", metrics.Chart.as_view(), name="api_chart"),
    path(_V1 + "measurements", measurements.Measurements.as_view(), name="api_measurements"),
    path(_V1 + "trust-summaries", summaries.Summaries.as_view(), name="api_summaries"),
    path(_V1 + "trust-summaries/<str:ods_code>", summaries.LatestSummary.as_view(), name="api_summary"),
    path(_V1 + "trust-summaries/<str:ods_code>/history", summaries.SummaryHistory.as_view(), name="api_history"),
    path(
        _V1 + "trust-summaries/<str:ods_code>/history/<int:pk>", summaries.SummaryVersion.as_view(), name="api_version"
    ),
    re_path(r"^api/(?P<anything>.+)$", problems.unknown, name="api_unknown"),
]
