from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "Dashboards"

    def ready(self) -> None:
        from dashboards import hooks, trail
        from dashboards.kinds import register_kinds
        from dashboards.navigation import register_items

        register_kinds()
        register_items()
        trail.register()
        hooks.register()
