from celery.signals import worker_ready
from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    name = "snapshots"
    verbose_name = "Snapshots"

    def ready(self) -> None:
        from snapshots import hooks, signals

        signals.facts_changed.connect(hooks.wake_on_commit, dispatch_uid="snapshots.wake_on_commit")
        worker_ready.connect(hooks.mark_outdated_at_start, dispatch_uid="snapshots.mark_outdated")
