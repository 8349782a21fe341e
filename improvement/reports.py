"""Errors reported to Sentry, where an installation asks for it (SENTRY_DSN).

What is sent names nobody and quotes nothing: the kind of error, the places in the code, the route, the release and the
request's number.
"""

from typing import Any

from django.conf import settings
from django_guid import get_guid

KEPT = frozenset({"event_id", "timestamp", "platform", "level", "release", "environment", "sdk", "transaction"})
KEPT_OF_A_FRAME = frozenset({"filename", "abs_path", "module", "function", "lineno", "in_app"})


def begin() -> None:
    """Called once, when the application is ready. Without an address, the package is not even loaded."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        auto_session_tracking=False,
        # Log lines are not sent: exceptions are, by these two alone.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(transaction_style="function_name"), CeleryIntegration()],
        before_send=scrubbed,
    )


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """What is left of an event: nothing of the request, the person, the texts of errors and the values in the code."""
    thrown = (event.get("exception") or {}).get("values") or []
    kept = {name: value for name, value in event.items() if name in KEPT}
    return kept | {
        "tags": {"request_id": get_guid() or ""},
        "exception": {"values": [_bare(error) for error in thrown]},
    }


def _bare(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or []
    kept = [{name: value for name, value in frame.items() if name in KEPT_OF_A_FRAME} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "value": "", "stacktrace": {"frames": kept}}
