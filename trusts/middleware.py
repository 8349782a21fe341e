"""Asks for a second factor of those whose role needs one, wherever the installation says so."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.organisation import DID_SECOND_FACTOR
from accounts.permissions import NEED_SECOND_FACTOR
from trusts.scope import scope_of


class SecondFactorRequired:
    """Nothing but setting it up, the password and signing out is open until there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        open_to_all = not getattr(view, "login_required", True) or view.__module__.startswith("allauth.")
        open_to_all = open_to_all or getattr(view, "open_without_second_factor", False)
        if not settings.SECOND_FACTOR_REQUIRED or open_to_all or not request.user.is_authenticated:
            return None
        if NEED_SECOND_FACTOR.isdisjoint(scope_of(request.user).roles) or is_mfa_enabled(request.user):
            return None
        if request.session.get(DID_SECOND_FACTOR):
            return None
        messages.info(request, "Your role needs a second factor. It takes two minutes and a phone.")
        return redirect("mfa_activate_totp")
