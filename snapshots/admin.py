"""Dashboards that could not be computed: an administrator sees why, and has them tried again. No figures here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from snapshots.models import Trouble
from snapshots.recompute import retry


@admin.register(Trouble)
class TroubleAdmin(admin.ModelAdmin):
    list_display = ("kind", "scope_id", "attempts", "next_attempt_at", "set_aside_at", "error")
    list_filter = ("kind",)
    actions = ("try_again",)

    @admin.action(description="Try again now")
    def try_again(self, request: HttpRequest, chosen: QuerySet[Trouble]) -> None:
        scopes = list(chosen.values_list("kind", "scope_id"))
        for kind, scope_id in scopes:
            retry(kind, scope_id)
        self.message_user(request, f"Being tried again: {len(scopes)}.", messages.SUCCESS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
