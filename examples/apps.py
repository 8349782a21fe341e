from django.apps import AppConfig


class ExamplesConfig(AppConfig):
    """The example partnership and the command that loads it."""

    name = "examples"
    verbose_name = "Examples"
