"""Load the example partnership into an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from examples.loading.everything import DatabaseHoldsOtherData, load_example
from examples.loading.reports import load_reports
from examples.loading.summaries import load_summaries
from ui.errors import DATABASE_IN_TROUBLE


class Command(BaseCommand):
    help = "Load the example partnership. Does nothing when it is there, and never touches a database with other data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Say nothing when the database holds other data.")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            loaded = load_example(today=today, progress=options["verbosity"] > 0)
        except DatabaseHoldsOtherData as refusal:
            if options["if_empty"]:
                return
            raise CommandError(str(refusal)) from None
        except DATABASE_IN_TROUBLE as trouble:
            why = str(trouble).partition("\n")[0]
            raise CommandError(
                f"The database is in trouble ({why}): nothing was loaded. See that it runs and that its disk has room, "
                "then load the example again."
            ) from None
        self.stdout.write(
            "The example partnership is loaded." if loaded else "The example partnership is already there."
        )
        if load_summaries(today=today):
            self.stdout.write("Its dashboards are computed, and last month's summaries are there.")
        if load_reports(today=today):
            self.stdout.write("What its trusts bring to the TGB is there, with the papers of the meetings held.")
