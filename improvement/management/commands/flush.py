"""Django's flush, run as the role that owns the tables: the application's role cannot truncate any."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections


class Command(flush.Command):
    """Runs on the "owner" connection wherever there is one, unless another is asked for."""

    def handle(self, **options: Any) -> None:
        if options["database"] == "default" and "owner" in connections:
            options["database"] = "owner"
        super().handle(**options)
