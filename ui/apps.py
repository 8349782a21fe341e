from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = "What every page shares"

    def ready(self) -> None:
        from allauth.account.decorators import secure_admin_login
        from django.contrib import admin

        # The admin has no door of its own: its visitors go through the product's sign-in.
        admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
