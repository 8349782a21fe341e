"""What somebody reads who tried too many passwords: the same words whether or not there is such an account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many_tries(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    return render(request, "accounts/held_off.html", status=429)
