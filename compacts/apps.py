from django.apps import AppConfig


class CompactsConfig(AppConfig):
    name = "compacts"
    verbose_name = "Compacts"

    def ready(self) -> None:
        from compacts import navigation, standings, trail

        navigation.register()
        standings.register()
        trail.register()
