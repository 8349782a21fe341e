from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "boards"
    verbose_name = "Boards and meetings"

    def ready(self) -> None:
        from accounts import history
        from boards import navigation, seating, trail
        from trusts import scope

        scope.register_standings(seating.seats_of)
        history.register_names(seating.names_for_history)
        navigation.register()
        trail.register()
