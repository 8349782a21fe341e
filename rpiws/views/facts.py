"""Planning an RPIW, and editing what it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from rpiws.actions.life_cycle import edit_rpiw, plan_rpiw
from rpiws.actions.writes import EditedMeanwhile
from rpiws.forms.rpiw import EditRpiwForm, NotesForm, PlanForm
from rpiws.life_cycle import StepRefused
from rpiws.models import Rpiw
from rpiws.views.editing import crumbs_of_stream, form_page, rpiws, show_newer
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.plain_form import posted


@needs(Permission.RUN_RPIWS)
def plan(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    stream = reach(request, ValueStream.objects.select_related("trust"), pk=value_stream_id)
    form = PlanForm(posted(request), value_stream=stream)
    if request.method == "POST" and form.is_valid():
        rpiw = plan_rpiw(value_stream=stream, by=request.user, **form.cleaned_data)
        messages.success(request, f"Planned: RPIW {rpiw.number} of {stream}.")
        return redirect("rpiw", rpiw.pk)
    context = {
        "form": form,
        "crumbs_of": crumbs_of_stream(stream),
        "heading": "Plan an RPIW",
        "eyebrow": stream.name,
        "lede": "A week of three to five working days. Preparing starts about eight weeks before it.",
        "nav": "rpiws",
    }
    return render(request, "layouts/form.html", context)


@needs(Permission.RUN_RPIWS)
def edit(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """Dates, process, aim and what it follows. Undone tasks of the checklist follow the week."""
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    names = ("process", "aim", "week_starts", "week_ends", "follows", "measures_day_120", "why_no_metric", "version")
    form = EditRpiwForm(posted(request), rpiw=rpiw, initial={name: getattr(rpiw, name) for name in names})
    return _save(request, form, rpiw, heading="Edit the RPIW", saved="Saved.")


@needs(Permission.RUN_RPIWS)
def notes(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    rpiw = reach(request, rpiws(), pk=rpiw_id)
    initial = {"report_out_notes": rpiw.report_out_notes, "version": rpiw.version}
    form = NotesForm(posted(request), initial=initial)
    return _save(request, form, rpiw, heading="Report-out notes", saved="Notes saved.")


def _save(
    request: HttpRequest, form: EditRpiwForm | NotesForm, rpiw: Rpiw, *, heading: str, saved: str
) -> HttpResponse:
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            edit_rpiw(rpiw=rpiw, by=request.user, version=form.version_seen, **form.changes)
            messages.success(request, saved)
            return redirect("rpiw", rpiw.pk)
        except EditedMeanwhile:
            theirs = show_newer(form, rpiw)
        except StepRefused as refused:
            form.add_error(None, str(refused))
    return form_page(request, form, rpiw, heading=heading, theirs=theirs)
