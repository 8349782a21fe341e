from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """The project itself, so that commands which belong to no room have a home."""

    name = "improvement"
