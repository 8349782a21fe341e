"""The preparation checklist."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import Permission
from rpiws.actions.preparation import add_task, edit_task, remove_task, tick_task
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.preparation import EditTaskForm, TaskForm
from rpiws.models import PreparationTask
from rpiws.presenters.page import lede, task_rows
from rpiws.views.editing import crumbs, form_page, records_of, rpiws, show_newer
from trusts.access import needs, reach
from ui.plain_form import posted


@needs(Permission.RUN_RPIWS)
def checklist(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """What is late, due and done before the week; a form to add a task of the team's own."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    form = TaskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        task = add_task(rpiw=rpiw, by=request.user, **form.cleaned_data)
        messages.success(request, f"Added: {task}.")
        return redirect("preparation", rpiw.pk)
    today = timezone.localdate()
    tasks = list(rpiw.preparation.all())
    context = {
        "rpiw": rpiw,
        "form": form,
        "rows": task_rows(tasks, today=today),
        "lede": lede(rpiw, [], tasks, today=today) if rpiw.state == "preparing" else "",
        "crumbs_of": crumbs(rpiw),
        "nav": "rpiws",
    }
    return render(request, "rpiws/preparation.html", context)


@needs(Permission.RUN_RPIWS)
def tick(request: HttpRequest, task_id: int) -> HttpResponse:
    task = reach(request, records_of(PreparationTask), pk=task_id)
    if request.method == "POST":
        tick_task(task=task, by=request.user, done=request.POST.get("done") == "yes")
    return redirect("preparation", task.rpiw_id)


@needs(Permission.RUN_RPIWS)
def edit(request: HttpRequest, task_id: int) -> HttpResponse:
    task = reach(request, records_of(PreparationTask), pk=task_id)
    initial = {name: getattr(task, name) for name in ("name", "due", "who", "note", "version")}
    form = EditTaskForm(posted(request), initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            edit_task(task=task, by=request.user, version=form.version_seen, **form.changes)
            messages.success(request, "Saved.")
            return redirect("preparation", task.rpiw_id)
        except EditedMeanwhile:
            theirs = show_newer(form, task)
    remove = ("remove_task", task.pk, "Remove the task")
    return form_page(request, form, task.rpiw, heading=task.name, theirs=theirs, remove=remove)


@needs(Permission.RUN_RPIWS)
def remove(request: HttpRequest, task_id: int) -> HttpResponse:
    task = reach(request, records_of(PreparationTask), pk=task_id)
    if request.method == "POST":
        remove_task(task=task, by=request.user)
        messages.success(request, f"Removed: {task}.")
    return redirect("preparation", task.rpiw_id)
