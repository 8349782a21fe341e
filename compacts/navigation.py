"""The compact's item on the menu, and where a version's history leads back to."""

from django.urls import reverse

from accounts.history import register_way
from accounts.permissions import Permission
from compacts.models.compact import CompactRecord
from trusts.models import Trust
from trusts.scope import scope_of
from ui import navigation


def register() -> None:
    navigation.register(
        navigation.NavItem(
            key="compact",
            label="Compact",
            url=lambda _user: reverse("compact"),
            order=55,
            visible=lambda user: scope_of(user).may(Permission.SEE_COMPACT),
        )
    )
    register_way(CompactRecord, _way)


def _way(record: CompactRecord) -> tuple[list[tuple[str, str]], str]:
    trust = Trust.objects.get(pk=record.trust_id)  # type: ignore[attr-defined]
    return [(f"Compact of {trust.short_name}", reverse("trust_compact", args=[trust.ods_code]))], "compact"
