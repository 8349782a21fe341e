"""The week and what came of it: days, ideas, wastes, the newspaper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.permissions import Permission
from rpiws.actions import week as actions
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.week import (
    EditIdeaForm,
    EditNewspaperForm,
    IdeaForm,
    NewspaperForm,
    WastesForm,
    WeekForm,
)
from rpiws.models import Idea, NewspaperItem
from rpiws.presenters.page import week_days
from rpiws.views.editing import form_page, records_of, rpiws, show_newer
from trusts.access import needs, reach
from ui.plain_form import EDITED_MEANWHILE, posted


@needs(Permission.RUN_RPIWS)
def days(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """What the team did, day by day."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    shown = [day for day, _, _ in week_days(rpiw, rpiw.days.all())]
    form = WeekForm(posted(request), rpiw=rpiw, days=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_week(rpiw=rpiw, by=request.user, days=form.entries, versions=form.versions)
            messages.success(request, "The week is saved.")
            return redirect("rpiw", rpiw.pk)
        except EditedMeanwhile:
            newest = WeekForm(rpiw=rpiw, days=shown)
            return form_page(request, _retyped(form, newest), rpiw, heading="The week", theirs=_theirs(form, newest))
    return form_page(request, form, rpiw, heading="The week", lede="A heading and a few sentences for each day.")


@needs(Permission.RUN_RPIWS)
def wastes(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The seven wastes: removed, none found, or not looked at."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    form = WastesForm(posted(request), rpiw=rpiw)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_wastes(rpiw=rpiw, by=request.user, findings=form.findings, versions=form.versions)
            messages.success(request, "The wastes are saved.")
            return redirect("rpiw", rpiw.pk)
        except EditedMeanwhile:
            newest = WastesForm(rpiw=rpiw)
            return form_page(
                request, _retyped(form, newest), rpiw, heading="The seven wastes", theirs=_theirs(form, newest)
            )
    lede = "For each of the seven: what was removed, that none was found, or that nobody looked."
    return form_page(request, form, rpiw, heading="The seven wastes", lede=lede)


@needs(Permission.RUN_RPIWS)
def add_idea(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    form = IdeaForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.add_idea(rpiw=rpiw, by=request.user, **form.cleaned_data)
        messages.success(request, "The idea is added.")
        return redirect("rpiw", rpiw.pk)
    lede = "Plan, do, study, act: predict first, so that what happens can teach something."
    return form_page(request, form, rpiw, heading="Add an idea tested", lede=lede)


@needs(Permission.RUN_RPIWS)
def edit_idea(request: HttpRequest, idea_id: int) -> HttpResponse:
    idea = reach(request, records_of(Idea), pk=idea_id)
    names = ("name", "tested_on", "predicted", "happened", "next_step", "outcome", "version")
    form = EditIdeaForm(posted(request), initial={name: getattr(idea, name) for name in names})
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_idea(idea=idea, by=request.user, version=form.version_seen, **form.changes)
            messages.success(request, "Saved.")
            return redirect("rpiw", idea.rpiw_id)
        except EditedMeanwhile:
            theirs = show_newer(form, idea)
    remove = ("remove_idea", idea.pk, "Remove the idea")
    return form_page(request, form, idea.rpiw, heading=idea.name, theirs=theirs, remove=remove)


@needs(Permission.RUN_RPIWS)
def remove_idea(request: HttpRequest, idea_id: int) -> HttpResponse:
    idea = reach(request, records_of(Idea), pk=idea_id)
    if request.method == "POST":
        actions.remove_idea(idea=idea, by=request.user)
        messages.success(request, "The idea is removed.")
    return redirect("rpiw", idea.rpiw_id)


@needs(Permission.RUN_RPIWS)
def add_item(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    form = NewspaperForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.add_newspaper_item(rpiw=rpiw, by=request.user, **form.cleaned_data)
        messages.success(request, "Added to the newspaper.")
        return redirect("rpiw", rpiw.pk)
    lede = "The newspaper holds the open actions after the week, each with an owner and a date."
    return form_page(request, form, rpiw, heading="Add to the newspaper", lede=lede)


@needs(Permission.RUN_RPIWS)
def edit_item(request: HttpRequest, item_id: int) -> HttpResponse:
    item = reach(request, records_of(NewspaperItem), pk=item_id)
    names = ("action", "owner", "due", "version")
    form = EditNewspaperForm(posted(request), initial={name: getattr(item, name) for name in names})
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_newspaper_item(item=item, by=request.user, version=form.version_seen, **form.changes)
            messages.success(request, "Saved.")
            return redirect("rpiw", item.rpiw_id)
        except EditedMeanwhile:
            theirs = show_newer(form, item)
    remove = ("remove_newspaper_item", item.pk, "Remove the action")
    return form_page(request, form, item.rpiw, heading="Newspaper", theirs=theirs, remove=remove)


@needs(Permission.RUN_RPIWS)
def tick_item(request: HttpRequest, item_id: int) -> HttpResponse:
    item = reach(request, records_of(NewspaperItem), pk=item_id)
    if request.method == "POST":
        actions.tick_newspaper_item(item=item, by=request.user, done=request.POST.get("done") == "yes")
    return redirect("rpiw", item.rpiw_id)


@needs(Permission.RUN_RPIWS)
def remove_item(request: HttpRequest, item_id: int) -> HttpResponse:
    item = reach(request, records_of(NewspaperItem), pk=item_id)
    if request.method == "POST":
        actions.remove_newspaper_item(item=item, by=request.user)
        messages.success(request, "Removed from the newspaper.")
    return redirect("rpiw", item.rpiw_id)


def _retyped(form: Any, newest: Any) -> Any:
    """The form as it was typed, under the newest versions."""
    form.data = form.data.copy()
    for name, value in newest.initial.items():
        if name.startswith("version_") or name.endswith("_version"):
            form.data[name] = value
    form.add_error(None, EDITED_MEANWHILE)
    return form


def _theirs(form: Any, newest: Any) -> list[tuple[str, str]]:
    """What somebody else saved meanwhile, where it differs from what was typed."""
    return [
        (str(form.fields[name].label), str(value) or "empty")
        for name, value in newest.initial.items()
        if "version" not in name and form.data.get(name, "") != value
    ]
