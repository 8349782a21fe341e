"""What the pages with a form share: where they lead back to, and what happens when somebody else saved meanwhile."""

from typing import Any

from django.db.models import Manager
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rpiws.models import Rpiw
from trusts.models import ValueStream
from ui.plain_form import EDITED_MEANWHILE
from ui.words import listing

WITH_TRUST = ("value_stream__trust", "value_stream__executive_sponsor")


def rpiws() -> Any:
    """RPIWs with what permissions and breadcrumbs ask of them."""
    return Rpiw.objects.select_related(*WITH_TRUST).prefetch_related("people")


def records_of(model: Any) -> Any:
    """Records of an RPIW with what permissions and breadcrumbs ask of it."""
    return model.objects.select_related(*(f"rpiw__{path}" for path in WITH_TRUST)).prefetch_related("rpiw__people")


def crumbs_of_stream(stream: ValueStream) -> list[tuple[str, str]]:
    """The way up from a page about the RPIWs of a value stream."""
    return [
        (str(stream.trust), reverse("trust", args=[stream.trust.ods_code])),
        (stream.name, reverse("value_stream", args=[stream.pk])),
        ("RPIWs", f"{reverse('rpiws')}?value_stream={stream.pk}"),
    ]


def crumbs(rpiw: Rpiw, *, inside: bool = True) -> list[tuple[str, str]]:
    """The way up: trust, value stream, its RPIWs, and from a page inside it the RPIW itself."""
    way = crumbs_of_stream(rpiw.value_stream)
    return [*way, (rpiw.process, reverse("rpiw", args=[rpiw.pk]))] if inside else way


def form_page(
    request: HttpRequest, form: Any, rpiw: Rpiw, *, heading: str, template: str = "layouts/form.html", **context: Any
) -> HttpResponse:
    given = {"form": form, "rpiw": rpiw, "crumbs_of": crumbs(rpiw), "heading": heading, "nav": "rpiws"}
    return render(request, template, given | context)


def show_newer(form: Any, record: Any) -> list[tuple[str, str]]:
    """After EditedMeanwhile: what is typed stays, the version becomes the newest, and what the other person saved is
    listed by field, where it differs from what was typed."""
    record.refresh_from_db()
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = record.version
    form.add_error(None, EDITED_MEANWHILE)
    theirs = []
    for name, typed in form.cleaned_data.items():
        if name == "version" or not hasattr(record, name):
            continue
        said: Any = getattr(record, name)
        if isinstance(said, Manager):
            chosen = list(said.all())
            if {row.pk for row in chosen} == {row.pk for row in typed}:
                continue
            said = listing([str(row) for row in chosen])
        elif said == typed:
            continue
        elif display := getattr(record, f"get_{name}_display", None):
            said = display()
        theirs.append((str(form.fields[name].label), "empty" if said in (None, "") else str(said)))
    return theirs
