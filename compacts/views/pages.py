"""Reading a compact: the version in force, any version that was published, and one of them on a sheet of paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compacts.hooks import causes_of
from compacts.models import CompactVersion
from compacts.presenters import words
from compacts.presenters.sheet import Sheet
from compacts.views.doors import SEE, At
from compacts.views.way import page_of


@SEE
@require_safe
def compact(request: HttpRequest, at: At) -> HttpResponse:
    """The version in force today, or what can be done where there is none."""
    today = timezone.localdate()
    version = CompactVersion.objects.in_force(on=today).filter(compact=at.compact).select_related("compact").first()
    if version is None:
        return render(request, "compacts/none.html", page_of(request, at, versions=_published(at)))
    return _shown(request, at, version)


@SEE
@require_safe
def version(request: HttpRequest, at: At, number: int) -> HttpResponse:
    """One published version, for good; `?with=before` compares it with the one before."""
    return _shown(request, at, _version(at, number))


@SEE
@require_safe
def printed(request: HttpRequest, at: At, number: int) -> HttpResponse:
    """One page of A4, the parties side by side."""
    shown = _version(at, number)
    page = {
        "sheet": Sheet.of(shown),
        "in_force": words.in_force_words(shown, until=_until(shown), today=timezone.localdate()),
        "agreements": words.agreed_by(shown),
    }
    return render(request, "compacts/print.html", page_of(request, at, **page))


def _version(at: At, number: int) -> CompactVersion:
    found = CompactVersion.objects.published().filter(compact=at.there(), number=number)
    shown = found.select_related("compact__trust").first()
    if shown is None:
        raise Http404
    return shown


def _published(at: At) -> list[CompactVersion]:
    return list(CompactVersion.objects.published().filter(compact=at.compact).order_by("-number"))


def _until(version: CompactVersion) -> Any:
    """The day from which the next version is in force."""
    later = CompactVersion.objects.published().filter(compact=version.compact_id, number__gt=version.number)
    return later.order_by("number").values_list("in_force_from", flat=True).first()


def _shown(request: HttpRequest, at: At, version: CompactVersion) -> HttpResponse:
    today, versions = timezone.localdate(), _published(at)
    before = next((each for each in versions if each.number == version.number - 1), None)
    compares = before is not None and request.GET.get("with") == "before"
    sheet = Sheet.compared(version, before) if compares and before else Sheet.of(version)
    begun = [each for each in versions if each.in_force_from and each.in_force_from <= today]
    current = begun[0] if begun else None
    page = {
        "version": version,
        "sheet": sheet,
        "before": before,
        "current": current,
        "in_force": words.in_force_words(version, until=_until(version), today=today),
        "parties": words.parties_words(sheet),
        "differs": words.difference_words(sheet) if compares else "",
        "agreements": words.agreed_by(version),
        "causes": causes_of(request.user, version),
        "versions": versions,
        "why": words.why,
        "talk": list(version.comments.select_related("promise__party")) if at.may_discuss else [],  # type: ignore[attr-defined]
    }
    return render(request, "compacts/compact.html", page_of(request, at, **page))
