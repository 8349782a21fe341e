from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"
    verbose_name = "Metrics and measurements"

    def ready(self) -> None:
        from metrics import happenings, navigation, stand_downs, trail

        navigation.register()
        trail.register()
        happenings.register("stand-downs", stand_downs.stand_downs_of)
