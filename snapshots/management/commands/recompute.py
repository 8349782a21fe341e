"""Recompute dashboards now, in this process: one that was set aside, all, or those of older rules."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from snapshots import sweeping
from snapshots.recompute import Result, recompute, retry
from snapshots.registry import names, registered


class Command(BaseCommand):
    help = "Recompute one dashboard (its kind and id), all of them, or those computed by older rules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="For example value_stream.")
        parser.add_argument("scope_id", nargs="?", type=int)
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--outdated", action="store_true", help="Those that were computed by other rules.")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [options["all"], options["outdated"], options["scope_id"] is not None]
        if chosen.count(True) != 1:
            raise CommandError("Name a kind and an id, or say --all or --outdated.")
        if options["scope_id"] is None:
            marked = sweeping.mark_everything() if options["all"] else sweeping.mark_outdated()
            self.stdout.write(f"{marked} dashboards marked.")
            self.stdout.write(f"{sweeping.catch_up()} recomputations.")
            return
        self.one(options["kind"], options["scope_id"])

    def one(self, kind: str, scope_id: int) -> None:
        if registered(kind) is None:
            raise CommandError(f"There is no kind {kind!r}. There are: {', '.join(names())}.")
        retry(kind, scope_id)
        outcome = recompute(kind, scope_id)
        if outcome.result is Result.FAILED:
            raise CommandError(f"{kind} {scope_id} failed; why stands above.")
        self.stdout.write(f"{kind} {scope_id}: {outcome.result.value}, version {outcome.version}.")
        self.stdout.write(f"{sweeping.catch_up()} further recomputations.")
