"""What a page shows of one stored snapshot, and whether something newer is on its way."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from snapshots.freshness import Freshness, Stored, Version


@dataclass(frozen=True)
class Shown:
    """A stored dashboard on a day. `chosen` is what the reader chose of it, like a period or a subgroup."""

    stored: Version | None
    fresh: Freshness
    chosen: str
    today: date = field(default_factory=timezone.localdate)

    @property
    def body(self) -> dict[str, Any]:
        assert isinstance(self.stored, Stored)
        return self.stored.body

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else 0

    @property
    def is_updating(self) -> bool:
        return self.fresh.updating or (self.stored is None and not self.fresh.set_aside)

    @property
    def is_set_aside(self) -> bool:
        return self.fresh.set_aside

    @property
    def etag(self) -> str:
        """Whatever changes what the page says: the version, that it is updating, the day, what was chosen."""
        state = "s" if self.is_set_aside else "u" if self.is_updating else "f"
        return f'"{self.version}-{state}-{self.today:%Y%m%d}-{self.chosen}"'

    def announcement(self, known: str) -> str:
        """What to say to somebody who had the page that `known` tags; nothing when its figures are the same."""
        before = known.strip('"').split("-")[0]
        return f"Updated to version {self.version}" if before.isdigit() and int(before) != self.version else ""

    @property
    def made(self) -> dict[str, Any]:
        """Where the figures come from, for the foot of the page and for exports."""
        return {
            "version": self.version,
            "computed_at": self.stored.computed_at if self.stored else None,
            "rules": self.stored.rules if self.stored else "",
        }
