from django.apps import AppConfig


class RpiwsConfig(AppConfig):
    name = "rpiws"
    verbose_name = "RPIWs"

    def ready(self) -> None:
        from metrics import happenings
        from rpiws import navigation, serving, stood_down, trail
        from trusts import standing_down

        navigation.register()
        trail.register()
        happenings.register("rpiws", serving.known_of)
        standing_down.register_covered(stood_down.say_covered)
