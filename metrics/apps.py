from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"
    verbose_name = "Metrics and measurements"

    def ready(self) -> None:
        from metrics import navigation, trail

        navigation.register()
        trail.register()
