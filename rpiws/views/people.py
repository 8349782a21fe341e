"""Who takes which part in an RPIW."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from rpiws.actions.people import add_person, edit_person, remove_person
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.people import EditPersonForm, PersonForm
from rpiws.models import RpiwPerson
from rpiws.presenters.page import people_by_part, say_person
from rpiws.views.editing import crumbs, form_page, records_of, rpiws, show_newer
from trusts.access import needs, reach
from ui.plain_form import posted


@needs(Permission.RUN_RPIWS)
def people(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """Everybody by part, and what the week still needs."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    everybody = list(rpiw.people.all())
    parts = [
        (shown, [(person, say_person(person)) for person in everybody if person.part == shown.part])
        for shown in people_by_part(everybody)
    ]
    return render(
        request, "rpiws/people.html", {"rpiw": rpiw, "parts": parts, "crumbs_of": crumbs(rpiw), "nav": "rpiws"}
    )


@needs(Permission.RUN_RPIWS)
def add(request: HttpRequest, rpiw_id: int, part: str) -> HttpResponse:
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    if part not in RpiwPerson.Part.values:
        raise Http404
    form = PersonForm(posted(request), part=part, rpiw=rpiw)
    if request.method == "POST" and form.is_valid():
        person = add_person(rpiw=rpiw, by=request.user, part=part, **form.cleaned_data)
        messages.success(request, f"Added as {person.get_part_display().lower()}: {person}.")
        return redirect("rpiw_people", rpiw.pk)
    return form_page(request, form, rpiw, heading=f"Add: {RpiwPerson.Part(part).label.lower()}")


@needs(Permission.RUN_RPIWS)
def edit(request: HttpRequest, person_id: int) -> HttpResponse:
    person = reach(request, records_of(RpiwPerson).select_related("user"), pk=person_id)
    names = ("user", "post", "discipline", "certification", "version")
    initial = {name: getattr(person, name) for name in names}
    form = EditPersonForm(posted(request), part=person.part, rpiw=person.rpiw, named=person.user, initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(person=person, by=request.user, version=form.version_seen, **form.changes)
            messages.success(request, "Saved.")
            return redirect("rpiw_people", person.rpiw_id)
        except EditedMeanwhile:
            theirs = show_newer(form, person)
    return form_page(request, form, person.rpiw, heading=person.get_part_display(), theirs=theirs)


@needs(Permission.RUN_RPIWS)
def remove(request: HttpRequest, person_id: int) -> HttpResponse:
    """By POST alone; the history keeps who was named."""
    person = reach(request, records_of(RpiwPerson), pk=person_id)
    if request.method == "POST":
        remove_person(person=person, by=request.user)
        messages.success(request, f"No longer named: {person}.")
    return redirect("rpiw_people", person.rpiw_id)
