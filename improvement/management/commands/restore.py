"""`manage.py restore FILE`: fills an empty database from a backup and checks that its figures are the same."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from improvement.backups import CannotBackUp, restore


class Command(BaseCommand):
    help = "Fills an empty database from a backup and checks that its figures are the same."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = restore(options["file"].absolute())
        except CannotBackUp as reason:
            raise CommandError(str(reason)) from None
        rows = sum(found["rows"].values())
        self.stdout.write(f"Restored; every stored figure is the same: {rows} rows in {len(found['rows'])} tables.")
