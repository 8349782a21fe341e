from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "API clients"

    def ready(self) -> None:
        from api import (
            schema,  # noqa: F401 - registers how the schema tells of authentication
            trail,
        )
        from api.navigation import register_items

        register_items()
        trail.register()
