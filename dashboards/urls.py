from django.urls import path

from dashboards.views import health, home, partnership, releases, summaries, threads, trusts, value_streams

urlpatterns = [
    path("", home.home, name="home"),
    path("dashboards/health/", health.dashboards_health, name="dashboards_health"),
    path("dashboards/health/try-again/", health.try_again, name="dashboards_try_again"),
    path("partnership/", partnership.partnership, name="partnership"),
    path("partnership/fresh/", partnership.partnership_fresh, name="partnership_fresh"),
    path("partnership/golden-thread/", threads.golden_thread_of_partnership, name="golden_thread_of_partnership"),
    path("summaries/", summaries.summaries, name="summaries"),
    path("summaries/<int:summary_id>/", summaries.summary, name="summary"),
    path("summaries/<int:summary_id>/correct/", releases.correct, name="summary_correct"),
    path("summaries/drafts/<int:draft_id>/", releases.draft, name="summary_draft"),
    path("summaries/drafts/<int:draft_id>/prepare/", releases.prepare, name="summary_prepare"),
    path("summaries/drafts/<int:draft_id>/release/", releases.release, name="summary_release"),
    path("trusts/<str:ods_code>/summaries/", summaries.summaries_of_trust, name="summaries_of_trust"),
    path("trusts/<str:ods_code>/", trusts.trust, name="trust"),
    path("trusts/<str:ods_code>/fresh/", trusts.trust_fresh, name="trust_fresh"),
    path("trusts/<str:ods_code>/golden-thread/", threads.golden_thread, name="golden_thread"),
    path("value-streams/<int:value_stream_id>/", value_streams.value_stream, name="value_stream"),
    path("value-streams/<int:value_stream_id>/fresh/", value_streams.value_stream_fresh, name="value_stream_fresh"),
    path(
        "value-streams/<int:value_stream_id>/rows.csv",
        value_streams.value_stream_rows_csv,
        name="value_stream_rows_csv",
    ),
    path(
        "value-streams/<int:value_stream_id>/rows.xlsx",
        value_streams.value_stream_rows_xlsx,
        name="value_stream_rows_xlsx",
    ),
]
