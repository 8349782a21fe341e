from django.apps import AppConfig


class RpiwsConfig(AppConfig):
    name = "rpiws"
    verbose_name = "RPIWs"

    def ready(self) -> None:
        from rpiws import navigation, trail

        navigation.register()
        trail.register()
