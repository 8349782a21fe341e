"""Your account: how you come in, and ending every session at once."""

from dataclasses import asdict

from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.accesses import note
from accounts.actions import end_sessions
from accounts.models import AccessEvent
from accounts.permissions import NEED_SECOND_FACTOR, Permission
from accounts.sessions import left
from trusts.access import needs
from trusts.scope import scope_of


@needs(Permission.SEE_OWN_WORK)
def account(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    return render(
        request,
        "accounts/account.html",
        {
            "held": scope.held,
            "connected": SocialAccount.objects.filter(user=request.user).exists(),
            "organisation": settings.OIDC_NAME,
            "second_factor": is_mfa_enabled(request.user),
            "needs_second_factor": not NEED_SECOND_FACTOR.isdisjoint(scope.roles),
            "accesses": AccessEvent.objects.filter(user_id=scope.user_id)[:10],
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.SEE_OWN_WORK)
def session(request: HttpRequest) -> HttpResponse:
    """How long the session lasts yet. A POST says that somebody is there; a page asks by GET, which is no use of it."""
    return JsonResponse(asdict(left(request.session)))


# Whoever is just setting up the second factor is warned as everybody else.
session.open_without_second_factor = True  # type: ignore[attr-defined]


@require_POST
@needs(Permission.SEE_OWN_WORK)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_sessions(by=request.user)
    note(AccessEvent.Kind.SIGNED_OUT_EVERYWHERE, request, request.user)
    logout(request)
    messages.success(request, "You are signed out on every device.")
    return redirect("home")
