"""Your account: how you come in, and ending every session at once."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.accesses import note
from accounts.actions import end_sessions
from accounts.models import AccessEvent
from accounts.permissions import NEED_SECOND_FACTOR, Permission
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
            "second_factor": is_mfa_enabled(request.user),
            "needs_second_factor": not NEED_SECOND_FACTOR.isdisjoint(scope.roles),
            "accesses": AccessEvent.objects.filter(user_id=scope.user_id)[:10],
        },
    )


@require_POST
@needs(Permission.SEE_OWN_WORK)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_sessions(by=request.user)
    note(AccessEvent.Kind.SIGNED_OUT_EVERYWHERE, request, request.user)
    logout(request)
    messages.success(request, "You are signed out on every device.")
    return redirect("home")
