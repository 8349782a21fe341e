"""What of a value stream's page hangs on its snapshot, the day and the period alone: made once, and kept.

Each web process keeps its own, by the version that it shows, so nobody need be told when there is a newer one. The
parts are made without a request: nothing of a person, and no nonce, can get into them. What is due is kept for
each person. Whatever else depends on who asks, or on what has happened since the snapshot, is made for each request.
"""

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from markupsafe import Markup

from accounts.permissions import Permission
from dashboards.due import may_log, owed_by_value_stream
from dashboards.presenters.checkpoints import KEY
from dashboards.presenters.value_stream import panels
from dashboards.shown import Shown, period_asked
from dashboards.wording import PAGE_WORDS
from metrics.presenters.table import metrics_table
from rpiws.presenters.due import due_row
from snapshots.freshness import Version, freshness, latest
from trusts.models import ValueStream
from trusts.scope import Scope

DUE_SHOWN = 6
PARTS = ("periods", "timeline", "before_after", "completeness", "metrics", "apart")
"""Templates of dashboards/value_stream/ that are kept. They see neither the request nor who asks."""


@dataclass(frozen=True)
class ReadyMade:
    answer: str
    synthetic: str
    parts: dict[str, Markup]


def ready_made(
    request: HttpRequest, record: ValueStream, *, scope: Scope, oob: bool = False
) -> tuple[Shown, ReadyMade | None]:
    """The dashboard as it is now, and its parts: none before it was computed for the first time."""
    fresh, chosen, today = freshness("value_stream", record.pk), period_asked(request), timezone.localdate()
    may_plan = scope.may_at(Permission.RUN_RPIWS, record)
    variant = (f"{today:%Y%m%d}", chosen, may_plan, oob)
    kept = caches["pages"].get(_key(fresh.stored, *variant)) if fresh.stored else None
    if kept is not None:
        return Shown(fresh.stored, fresh, chosen, today), kept
    stored = latest("value_stream", record.pk)
    dashboard = Shown(stored, fresh, chosen, today)
    if stored is None:
        return dashboard, None
    made = _make(dashboard, record, may_plan=may_plan, oob=oob)
    caches["pages"].set(_key(stored, *variant), made)
    return dashboard, made


def due_panel(dashboard: Shown, record: ValueStream, *, scope: Scope, oob: bool = False) -> Markup:
    """What the value stream's RPIWs owe, as this person sees it.

    It hangs on facts that leave marks, so that while no mark waits it is what it was for this version; else it is asked
    of the facts. Names of people leave no mark: the panel shows none.
    """

    def made() -> Markup:
        work = owed_by_value_stream(record.pk, scope=scope, on=dashboard.today)
        lines = [due_row(each, on=dashboard.today, may_log=may_log(scope, each)) for each in work[:DUE_SHOWN]]
        return _rendered("due", {"due": lines, "more_due": len(work[DUE_SHOWN:]), "oob": oob})

    fresh = dashboard.fresh
    if fresh.stored is None or fresh.newest_mark_at is not None:
        return made()
    logs = (record.trust_id in scope.trusts_where(Permission.LOG_READINGS), scope.may(Permission.LOG_READINGS))
    key = _key(fresh.stored, "due", f"{dashboard.today:%Y%m%d}", scope.user_id, *logs, oob)
    kept = caches["pages"].get(key)
    if kept is None:
        caches["pages"].set(key, kept := made())
    return kept


def _key(shown: Version, *variant: Any) -> str:
    facts = (shown.kind, shown.scope_id, shown.version, shown.computed_at.timestamp(), shown.rules, *variant)
    return "-".join(str(each).replace(" ", "_") for each in facts)


def _make(dashboard: Shown, record: ValueStream, *, may_plan: bool, oob: bool) -> ReadyMade:
    made = panels(dashboard)
    context = {
        **PAGE_WORDS,
        "timeline_key": KEY,
        "shown": dashboard,
        "value_stream": record,
        "panels": made,
        "table": metrics_table(dashboard.body["metrics"]),
        "on_dashboard": True,
        "may_plan": may_plan,
        "oob": oob,
    }
    return ReadyMade(made.answer, made.synthetic, {name: _rendered(name, context) for name in PARTS})


def _rendered(name: str, context: dict[str, Any]) -> Markup:
    return Markup(render_to_string(f"dashboards/value_stream/{name}.html", context))  # noqa: S704 - our own template
