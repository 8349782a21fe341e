"""The very first administrator of an installation, who then sets up everything else in the browser."""

from argparse import ArgumentParser
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from trusts.invitations import send_invitation
from trusts.models import Membership, Partnership


class Command(BaseCommand):
    help = "Make somebody administrator, with a partnership when there is none, and send the letter with the link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Administrator", help="a name or a role")
        parser.add_argument("--partnership", help="the partnership's name, when it is not set up yet")
        parser.add_argument("--regulator", help="the regulator that is its partner")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with pghistory.context(action="add_administrator"):
            partnership = self._partnership(options["partnership"], options["regulator"])
            user = User.objects.filter(email__iexact=options["email"]).first()
            user = user or User.objects.create_user(options["email"], None, name=options["name"])
            user.is_staff = True
            user.save(update_fields=["is_staff"])
            membership = Membership.objects.held_on(timezone.localdate()).filter(user=user, role=Role.ADMINISTRATOR)
            if membership.exists():
                raise CommandError(f"{user.email} is an administrator already.")
            held = Membership.objects.create(
                user=user,
                role=Role.ADMINISTRATOR,
                partnership=partnership,
                known_as=options["name"],
                starts=timezone.localdate(),
            )
        sent = send_invitation(held)
        self.stdout.write(
            f"{user.email} is administrator of {partnership}. "
            + ("A letter with the link is on its way." if sent else "The letter could not be sent: reset the password.")
        )

    def _partnership(self, name: str | None, regulator: str | None) -> Partnership:
        found = list(Partnership.objects.filter(name=name) if name else Partnership.objects.all())
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError("There are several partnerships: name one with --partnership.")
        if not (name and regulator):
            raise CommandError("No partnership is set up yet: name it with --partnership and --regulator.")
        return Partnership.objects.create(name=name, regulator=regulator, started=timezone.localdate())
