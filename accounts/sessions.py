"""How long a session lasts: until nobody used it for a time, and never past the longest time (docs/adr/0010)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import AccessEvent
from ui.words import plural

Kind = AccessEvent.Kind

BEGAN, USED = "session_began", "session_used"
_TICK = timedelta(minutes=1)
"""Use is written down no more often than this, so that a page costs no write."""


@dataclass(frozen=True)
class Left:
    """Seconds until the session ends if nobody uses it, and until it ends in any case."""

    idle: int
    longest: int

    @property
    def warning(self) -> int:
        """Seconds before the end at which the page asks whether anybody is there."""
        return round(settings.SESSION_WARNING.total_seconds())


def begin(session: Any) -> None:
    session[BEGAN] = session[USED] = _now()


def use(session: Any) -> None:
    """Somebody did something. A session of before there were limits begins now."""
    session.setdefault(BEGAN, _now())
    tick = min(_TICK, settings.SESSION_IDLE / 10).total_seconds()
    if _now() - session.get(USED, 0) >= tick:
        session[USED] = _now()


def left(session: Any) -> Left:
    now = _now()
    used, began = session.get(USED, now), session.get(BEGAN, now)
    return Left(
        idle=round(used + settings.SESSION_IDLE.total_seconds() - now),
        longest=round(began + settings.SESSION_LONGEST.total_seconds() - now),
    )


def over(session: Any) -> Kind | None:
    """Why the session has ended; None while it lasts."""
    remaining = left(session)
    if remaining.longest <= 0:
        return Kind.LONGEST_OVER
    return Kind.LEFT_IDLE if remaining.idle <= 0 else None


def end(session: Any) -> bool:
    """End it. Whether this very call did: of two requests at once, one writes it down."""
    ended, _ = session.model.objects.filter(session_key=session.session_key).delete()
    session.flush()
    return bool(ended)


def words(why: Kind) -> str:
    if why == Kind.LONGEST_OVER:
        return f"You are signed out: a session lasts {_hours()} at the longest. Sign in to go on where you were."
    return f"You are signed out: nothing was opened or saved for {_minutes()}. Sign in to go on where you were."


def where(request: HttpRequest) -> str:
    """The page to come back to: for a form that was sent too late, the page on which it stood."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(page)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


def listen() -> None:
    """Called once, when the application is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="a session begins")


def _signed_in(sender: Any, request: HttpRequest, **_told: Any) -> None:
    begin(request.session)


def _now() -> float:
    return timezone.now().timestamp()


def _minutes() -> str:
    return plural(round(settings.SESSION_IDLE.total_seconds() / 60), "minute")


def _hours() -> str:
    return plural(round(settings.SESSION_LONGEST.total_seconds() / 3600), "hour")
