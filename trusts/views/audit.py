"""The audit trail as a page and as files: a KPO lead's trust, and an administrator's accounts and settings."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import trail
from accounts.permissions import Permission
from trusts.access import needs, reach
from trusts.audit_file import MOST, audit_export
from trusts.forms.audit import AccountsAuditForm, AuditForm
from trusts.models import Trust
from trusts.names import names_at
from ui.exports import csv_response, xlsx_response


@dataclass(frozen=True)
class Sight:
    """What one reader sees, and where: the place, its filters, and the addresses of page and files."""

    place: trail.Place
    form: AuditForm
    whose: str
    page: str
    file: str
    way: list[tuple[str, str]]
    nav: str

    @property
    def csv(self) -> str:
        return self.page.removesuffix("/") + ".csv"

    @property
    def xlsx(self) -> str:
        return self.page.removesuffix("/") + ".xlsx"

    @property
    def asked(self) -> trail.Asked:
        return self.form.asked()


@require_safe
@needs(Permission.SEE_AUDIT)
def audit(request: HttpRequest, ods: str) -> HttpResponse:
    return _page(request, _of_trust(request, ods))


@require_safe
@needs(Permission.SEE_AUDIT)
def audit_file(request: HttpRequest, ods: str, ending: str) -> HttpResponseBase:
    return _file(request, _of_trust(request, ods), ending)


@require_safe
@needs(Permission.SEE_ACCOUNTS_AUDIT)
def accounts_audit(request: HttpRequest) -> HttpResponse:
    return _page(request, _of_accounts(request))


@require_safe
@needs(Permission.SEE_ACCOUNTS_AUDIT)
def accounts_audit_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    return _file(request, _of_accounts(request), ending)


def _of_trust(request: HttpRequest, ods: str) -> Sight:
    trust = reach(request, Trust.objects.all(), ods_code=ods)
    place = trail.Place(trail.OF_TRUSTS, frozenset({trust.pk}), trust)
    people = sorted(names_at(trust.pk).items(), key=lambda one: one[1].lower())
    way = [
        (trust.short_name, reverse("trust", args=[ods])),
        ("Context", reverse("trust_context", args=[ods])),
    ]
    form = AuditForm(request.GET, place=place, people=people)
    return Sight(place, form, trust.short_name, reverse("audit", args=[ods]), f"audit-{ods}", way, "trust")


def _of_accounts(request: HttpRequest) -> Sight:
    partnerships = request.scope.partnerships_where(Permission.SEE_ACCOUNTS_AUDIT)  # type: ignore[attr-defined]
    place = trail.Place(trail.OF_SET_UP, partnerships)
    form = AccountsAuditForm(request.GET, place=place, people=[])
    way = [("Set-up", reverse("set_up"))]
    return Sight(place, form, "accounts and settings", reverse("set_up_audit"), "audit-accounts", way, "set_up")


def _page(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Wrong filters show their errors, and no lines that nobody asked for."""
    page = trail.page(sight.place, sight.asked) if sight.form.is_valid() else None
    context: dict[str, Any] = {"sight": sight, "form": sight.form, "page": page, "most": MOST}
    return render(request, "accounts/audit.html", context, status=200 if page else 422)


def _file(request: HttpRequest, sight: Sight, ending: str) -> HttpResponseBase:
    if not sight.form.is_valid():
        return _page(request, sight)
    export = audit_export(sight.place, replace(sight.asked, after=None), sight.whose, sight.file)
    return csv_response(export) if ending == "csv" else xlsx_response(export)
