"""`manage.py backup FILE`: writes the database to a file, with a fingerprint of its figures beside it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from improvement.backups import CannotBackUp, back_up


class Command(BaseCommand):
    help = "Writes the database to a file, with a fingerprint of its figures beside it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = back_up(options["file"].absolute())
        except CannotBackUp as reason:
            raise CommandError(str(reason)) from None
        rows = sum(found["rows"].values())
        self.stdout.write(f"Backed up: {rows} rows in {len(found['rows'])} tables.")
