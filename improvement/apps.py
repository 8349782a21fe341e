from celery.signals import task_failure, task_postrun
from django.apps import AppConfig
from django.core.signals import got_request_exception

from snapshots.signals import facts_changed, recomputed


class ImprovementConfig(AppConfig):
    """The project itself, so that commands which belong to no room have a home."""

    name = "improvement"

    def ready(self) -> None:
        from improvement import heartbeat, metrics, reports, tally

        task_postrun.connect(heartbeat.note, dispatch_uid="improvement.heartbeat")
        task_failure.connect(tally.note_failure, dispatch_uid="improvement.tally")
        recomputed.connect(tally.note_recomputation, dispatch_uid="improvement.tally")
        facts_changed.connect(metrics.note_save, dispatch_uid="improvement.metrics")
        got_request_exception.connect(metrics.note_exception, dispatch_uid="improvement.metrics")
        reports.begin()
