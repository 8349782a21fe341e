"""Give the example's people a password, on a developer's own machine only, and print who they are."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.permissions import TRUST_ROLES, Role
from examples.loading.people import AT_THE_TGB, DIRECTOR, address, place_of, seated
from trusts.models import Partnership, Trust
from ui.words import listing


class Command(BaseCommand):
    help = "Print the example's sign-ins, one per role, under development settings only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXAMPLE_SIGN_INS:
            raise CommandError("Example sign-ins exist only under development settings.")
        partnership = Partnership.objects.filter(is_example=True).first()
        if partnership is None:
            return
        password = _password(settings.ROOT / "var" / "example-password")
        trusts = list(partnership.trusts.all())
        people = User.objects.filter(email__in=_addresses(trusts))
        first = people.first()
        if first is not None and not first.check_password(password):
            # One hash for all: each costs a good part of a second, and the password is the same.
            people.update(password=make_password(password))
        self.stdout.write(f"Sign in with one of these addresses and the password {password}")
        for role in Role:
            places = trusts[:1] if role in TRUST_ROLES else [None]
            for trust in places:
                self.stdout.write(f"  {role.label:<31} {address(role, trust)}")
        self.stdout.write(f"  {'Regional director, chair of TGB':<31} {DIRECTOR}")
        for name, what in AT_THE_TGB.items():
            self.stdout.write(f"  {what:<31} {seated(name)}")
        here, *others = (place_of(trust) for trust in trusts)
        if others:
            self.stdout.write(f"  The other trusts have the same roles: write {listing(others, 'or')} for {here}.")


def _addresses(trusts: list[Trust]) -> list[str]:
    at_trusts = [address(role, trust) for trust in trusts for role in TRUST_ROLES]
    in_the_partnership = [DIRECTOR, *(address(role) for role in Role if role not in TRUST_ROLES)]
    return [*at_trusts, *in_the_partnership, *(seated(name) for name in AT_THE_TGB)]


def _password(kept: Path) -> str:
    """The password of this machine's example, made on first use; readable by its owner only."""
    if kept.exists():
        return kept.read_text().strip()
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_text(password)
    return password
