from celery.signals import task_postrun
from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """The project itself, so that commands which belong to no room have a home."""

    name = "improvement"

    def ready(self) -> None:
        from improvement import heartbeat

        task_postrun.connect(heartbeat.note, dispatch_uid="improvement.heartbeat")
