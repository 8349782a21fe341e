from django.apps import AppConfig


class RpiwsConfig(AppConfig):
    name = "rpiws"
    verbose_name = "RPIWs"
