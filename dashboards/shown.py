"""What a dashboard's page shows: one stored snapshot, in the period that the reader chose."""

from django.http import HttpRequest

from dashboards.before_after import Body
from snapshots import shown as of_snapshots
from snapshots.freshness import freshness, latest


class Shown(of_snapshots.Shown):
    """A stored dashboard on a day; `chosen` is the key of a period."""

    @property
    def period(self) -> Body:
        """The figures of the chosen period; of all time when there is no such period."""
        periods = self.body["periods"]
        return next((period for period in periods if period["key"] == self.chosen), periods[0])


def shown(request: HttpRequest, kind: str, scope_id: int, *, chosen: str = "all") -> Shown:
    """The dashboard of a scope, one row, in the period that `?period=` names."""
    return Shown(
        stored=latest(kind, scope_id),
        fresh=freshness(kind, scope_id),
        chosen=period_asked(request, default=chosen),
    )


def period_asked(request: HttpRequest, *, default: str = "all") -> str:
    asked = request.GET.get("period", default)
    return asked if asked.isdigit() or asked == "all" else default
