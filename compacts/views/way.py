"""What every page of a compact is given: whose it is, the way to its other pages, and the forms' frame."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Permission
from compacts.models import CompactVersion
from compacts.views.doors import At

NAV = "compact"


def page_of(request: HttpRequest, at: At, **page: Any) -> dict[str, Any]:
    compact = at.compact
    opened = CompactVersion.objects.open().filter(compact=compact).first() if at.may_discuss and compact else None
    return {"at": at, "compact": compact, "open": opened, "places": places(at), "nav": NAV} | page


def places(at: At) -> list[tuple[str, str, bool]]:
    """The compacts that the person may read, as tabs: the partnership's, and the own one of each of their trusts."""
    found = []
    if at.scope.may(Permission.SEE_COMPACT):
        found.append(("The partnership", reverse("compact"), at.trust is None))
    for held in {held.trust_id: held for held in at.scope.held if held.trust_id in at.scope.trust_ids}.values():
        here = at.trust is not None and at.trust.pk == held.trust_id
        found.append((f"Inside {held.trust_name}", reverse("trust_compact", args=[held.ods_code]), here))
    return found if len(found) > 1 else []


def crumbs(at: At, version: CompactVersion | None = None) -> list[tuple[str, str]]:
    """The way up from a form: the compact and, from a page about a draft, that draft."""
    name = f"Compact of {at.trust.short_name}" if at.trust else "Compact"
    way = [(name, at.url("compact"))]
    return [*way, (f"Version {version.number}", at.url("compact_draft"))] if version else way


def form_page(
    request: HttpRequest,
    at: At,
    form: Any,
    *,
    heading: str,
    back: str,
    version: CompactVersion | None = None,
    template: str = "compacts/form.html",
    **page: Any,
) -> HttpResponse:
    given = {"form": form, "heading": heading, "back": back, "crumbs_of": crumbs(at, version), "eyebrow": at.whose}
    return render(request, template, page_of(request, at, **given) | {"version": version} | page)
