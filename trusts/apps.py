from django.apps import AppConfig
from django.contrib.admin import apps as admin


class TrustsConfig(AppConfig):
    name = "trusts"
    verbose_name = "Trusts and value streams"

    def ready(self) -> None:
        from accounts import history
        from trusts import navigation, refusals, trail
        from trusts.models import ObjectiveServed, ValueStream
        from trusts.names import names_for_history

        navigation.register()
        refusals.register()
        trail.register()
        history.register_names(names_for_history)
        history.register_parts(ValueStream, ObjectiveServed, "value_stream")


class AdministrationConfig(admin.AdminConfig):
    """Django's admin site, for those who hold the role of administrator."""

    default = False
    default_site = "trusts.admin_site.AdministratorsSite"
