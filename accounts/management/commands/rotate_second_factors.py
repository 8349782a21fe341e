"""`manage.py rotate_second_factors`: after SECRET_KEY was changed, and before the former one is forgotten."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.adapter import under_present_key

KEPT = ("secret", "seed")


class Command(BaseCommand):
    help = "Keeps the secrets of second factors under the present SECRET_KEY; those in SECRET_KEY_FALLBACKS read them."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for factor in Authenticator.objects.select_for_update().order_by("pk"):
            try:
                renewed = {name: under_present_key(factor.data[name]) for name in KEPT if name in factor.data}
            except InvalidToken:
                what = f"A second factor of account {factor.user_id} cannot be read"
                raise CommandError(f"{what}: SECRET_KEY_FALLBACKS must name the key before this one.") from None
            if renewed:
                factor.data |= renewed
                factor.save(update_fields=["data"])
                count += 1
        self.stdout.write(f"{count} second factors are kept under the present SECRET_KEY.")
