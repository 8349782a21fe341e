from django.apps import AppConfig


class ReflectionsConfig(AppConfig):
    name = "reflections"
    verbose_name = "Reflections and breaches"

    def ready(self) -> None:
        from reflections import shown, trail

        shown.register()
        trail.register()
