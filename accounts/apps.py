from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and access"

    def ready(self) -> None:
        from accounts import accesses, organisation, sessions

        accesses.listen()
        sessions.listen()
        organisation.listen()
