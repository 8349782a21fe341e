from django.apps import AppConfig


class RpiwsConfig(AppConfig):
    name = "rpiws"
    verbose_name = "RPIWs"

    def ready(self) -> None:
        from metrics import happenings
        from rpiws import navigation, serving, trail

        navigation.register()
        trail.register()
        happenings.register("rpiws", serving.known_of)
