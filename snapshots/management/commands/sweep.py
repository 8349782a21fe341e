"""What beat does every few seconds, by hand: for the day on which beat is down."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError

from snapshots import sweeping


class Command(BaseCommand):
    help = "Send a message to the workers for each dashboard that is behind its facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--here", action="store_true", help="Recompute in this process instead: needs neither broker nor worker."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["here"]:
            self.stdout.write(f"{sweeping.catch_up()} recomputations.")
            return
        try:
            sent = sweeping.sweep()
        except OperationalError as error:
            raise CommandError(f"The broker does not answer ({error}). With --here it is not needed.") from error
        self.stdout.write(f"Dashboards that were behind: {sent}. The workers have been told.")
