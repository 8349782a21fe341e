from django.apps import AppConfig


class RpiwsConfig(AppConfig):
    name = "rpiws"
    verbose_name = "RPIWs"

    def ready(self) -> None:
        from rpiws import navigation

        navigation.register()
