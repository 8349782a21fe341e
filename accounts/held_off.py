"""Sign-in is held off after too many wrong passwords."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def too_many_tries(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """The same words whether or not there is such an account."""
    return render(request, "accounts/held_off.html", status=429)


def is_held_off(email: str) -> bool:
    """Whether some network address may not try this account's password for now."""
    tries = AccessAttempt.objects.filter(
        username=email.lower(),
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME,
    )
    return tries.exists()
