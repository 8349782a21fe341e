"""What a dashboard's page shows: one stored snapshot, its period, and whether something newer is on its way."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from dashboards.before_after import Body
from snapshots.freshness import Freshness, Stored, freshness, latest
from ui.words import clock


@dataclass(frozen=True)
class Shown:
    """A stored dashboard on a day, in the period that the reader chose."""

    stored: Stored | None
    fresh: Freshness
    chosen: str
    today: date = field(default_factory=timezone.localdate)

    @property
    def body(self) -> Body:
        assert self.stored is not None
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
    def period(self) -> Body:
        """The figures of the chosen period; of all time when there is no such period."""
        periods = self.body["periods"]
        return next((period for period in periods if period["key"] == self.chosen), periods[0])

    @property
    def etag(self) -> str:
        """Whatever changes what the page says: the version, that it is updating, the day, the period."""
        state = "s" if self.is_set_aside else "u" if self.is_updating else "f"
        return f'"{self.version}-{state}-{self.today:%Y%m%d}-{self.chosen}"'

    def announcement(self, known: str) -> str:
        """What to say to somebody who had the dashboard that `known` tags; nothing when its figures are the same."""
        before = known.strip('"').split("-")[0]
        return f"Updated to version {self.version}" if before.isdigit() and int(before) != self.version else ""

    @property
    def newer(self) -> str:
        """Why the figures are not the newest: empty when they are."""
        if self.is_set_aside:
            return "Not up to date: see below"
        if self.stored is None:
            return "Being brought up to date"
        if self.is_updating and self.fresh.newest_mark_at:
            return f"Being brought up to date: something newer came in at {clock(self.fresh.newest_mark_at)}"
        return ""

    @property
    def made(self) -> dict[str, Any]:
        """Where the figures come from, for the foot of the page and for exports."""
        return {
            "version": self.version,
            "computed_at": self.stored.computed_at if self.stored else None,
            "rules": self.stored.rules if self.stored else "",
        }


def shown(request: HttpRequest, kind: str, scope_id: int, *, chosen: str = "all") -> Shown:
    """The dashboard of a scope, one row, in the period that `?period=` names."""
    asked = request.GET.get("period", chosen)
    return Shown(
        stored=latest(kind, scope_id),
        fresh=freshness(kind, scope_id),
        chosen=asked if asked.isdigit() or asked == "all" else chosen,
    )
