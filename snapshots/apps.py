from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    name = "snapshots"
    verbose_name = "Snapshots"

    def ready(self) -> None:
        from snapshots import hooks, signals

        signals.facts_changed.connect(hooks.wake_on_commit, dispatch_uid="snapshots.wake_on_commit")
