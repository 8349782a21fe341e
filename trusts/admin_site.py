"""The admin site: signed in to as every other page, open to administrators by the table of permissions."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.permissions import Permission


class AdministratorsSite(admin.AdminSite):
    site_header = site_title = "Administration"
    index_title = "Accounts and set-up"

    def has_permission(self, request: HttpRequest) -> bool:
        from trusts.scope import scope_of

        user = request.user
        return bool(
            user.is_active
            and user.is_authenticated
            and user.is_staff
            and scope_of(user).may(Permission.SET_UP_PARTNERSHIP)
        )

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in. Somebody who has, and is no administrator, is told so."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index", current_app=self.name))
