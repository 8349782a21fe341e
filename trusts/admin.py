"""What administrators may look at, and the little they may change, in Django's admin: accounts and set-up, no content.

Rights come from the table of permissions (the site asks it), never from Django's own groups and permissions.
"""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from accounts.permissions import WHOM_ADMINISTRATORS_HELP
from trusts.models import Membership, NamedPeriod, NationalPriority, Partnership, Trust
from trusts.trail import SEEN_OF_A_TRUST

# What libraries register for themselves would be open to writing for whoever holds Django's own permissions: a second
# way to change who signs in, as whom, and with what.
admin.site.unregister([Authenticator, EmailAddress, Group, SocialAccount, SocialApp, SocialToken])


class ForAdministrators(admin.ModelAdmin):
    """Looked at, not written, unless a subclass says otherwise. Nothing is deleted here."""

    may_change = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ForAdministrators):
    """An account can be closed or renamed. Passwords are reset by letter, rights given by membership."""

    may_change = True
    fields = ("email", "name", "is_active", "joined_at", "last_login")
    readonly_fields = ("email", "joined_at", "last_login")
    list_display = ("email", "name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody closes the account they are using."""
        own = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, "is_active") if own else self.readonly_fields


@admin.register(Membership)
class MembershipAdmin(ForAdministrators):
    list_display = ("user", "role", "trust", "starts", "ends", "help_to_sign_in")
    list_filter = ("role", "trust")
    list_select_related = ("user", "trust", "partnership")
    search_fields = ("user__email",)

    @admin.display(description="cannot sign in?")
    def help_to_sign_in(self, membership: Membership) -> str:
        """Executives stand on no page of set-up; from here they are helped as well."""
        if membership.role not in WHOM_ADMINISTRATORS_HELP:
            return "their KPO lead helps"
        address = reverse("set_up_sign_in_help", args=[membership.pk])
        return format_html('<a href="{}">Help {} to sign in</a>', address, membership.name)


@admin.register(Partnership)
class PartnershipAdmin(ForAdministrators):
    list_display = ("name", "regulator", "started", "ended")


@admin.register(NamedPeriod)
class NamedPeriodAdmin(ForAdministrators):
    list_display = ("name", "partnership", "starts", "ends")
    list_select_related = ("partnership",)


@admin.register(Trust)
class TrustAdmin(ForAdministrators):
    fields: ClassVar = SEEN_OF_A_TRUST
    list_display = ("name", "ods_code", "joined", "seat")


@admin.register(NationalPriority)
class NationalPriorityAdmin(ForAdministrators):
    list_display = ("name", "issued", "source")
