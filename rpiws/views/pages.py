"""The list of RPIWs, the page of one, and its sheet for printing."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.history import history
from accounts.permissions import Permission
from rpiws.forms.rpiw import ListForm
from rpiws.models import Rpiw, State
from rpiws.presenters import page as words
from rpiws.presenters.observations import runs
from rpiws.presenters.report import CHANGE_NOTE, report_columns, report_row, synthetic_words, taken_rows
from rpiws.progress import columns, progress_of
from rpiws.remeasure import OPEN_STATES, load
from rpiws.views.editing import crumbs, rpiws
from trusts.access import needs, reach, reach_all
from trusts.models import Objective, ValueStream
from trusts.names import names_at

ON_A_PAGE = 25


@needs(Permission.SEE_TRUST)
def rpiw_list(request: HttpRequest) -> HttpResponse:
    """Those of the person's trusts, by value stream and state, or found by their process; those that owe come first."""
    form = ListForm(request.GET)
    form.is_valid()
    found = reach_all(request, Rpiw.objects.all())
    search, stream, state = (form.cleaned_data.get(name) for name in ("search", "value_stream", "state"))
    if search:
        found = found.filter(Q(process__icontains=search) | Q(value_stream__name__icontains=search))
    if stream:
        found = found.filter(value_stream_id=stream)
    if state in State.values:
        found = found.filter(state=state)
    on = timezone.localdate()
    ordered = found.order_by("value_stream__trust__seat", "value_stream__number", "number")
    every = list(ordered.select_related("value_stream__trust"))
    owed = words.owed_first(every, load([rpiw for rpiw in every if rpiw.state in OPEN_STATES]), today=on)
    page = Paginator(owed, ON_A_PAGE).get_page(request.GET.get("page"))
    streams = reach_all(request, ValueStream.objects.all()).select_related("trust").order_by("trust__seat", "number")
    counts = dict(found.order_by().values_list("state").annotate(number=Count("pk")))
    context = {
        "page": page,
        "lede": words.list_lede(counts, found=bool(search or stream or state)),
        "rows": words.list_rows(page.object_list, load(list(page.object_list)), today=on),
        "streams": streams,
        "states": State.choices,
        "search": search or "",
        "stream": stream,
        "state": state if state in State.values else "",
        "plans_in": request.scope.trusts_where(Permission.RUN_RPIWS),  # type: ignore[attr-defined]
        "nav": "rpiws",
    }
    return render(request, "rpiws/list.html", context)


@needs(Permission.SEE_TRUST)
def rpiw_page(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """Did it work, what did the team learn, what is next?"""
    rpiw = reach(request, _whole(), pk=rpiw_id)
    may = request.scope.permissions_at(rpiw)  # type: ignore[attr-defined]
    sponsors = Permission.AGREE_CLOSING in may and rpiw.is_sponsored_by(request.user.pk or 0)
    context = _told(rpiw) | {
        "rights": {permission.value for permission in may},
        "may_close": sponsors and rpiw.state == State.FOLLOWING_UP,
        "history_entries": history(rpiw),
        "crumbs_of": crumbs(rpiw, inside=False),
        "nav": "rpiws",
    }
    context["next"] = words.next_step(
        rpiw,
        context["facts"],
        context["tasks"],
        {person.part for person in rpiw.people.all()},
        may,
        may_close=context["may_close"],
        today=context["today"],
    )
    return render(request, "rpiws/rpiw.html", context)


@needs(Permission.SEE_TRUST)
def rpiw_print(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """The same on one sheet of A4."""
    rpiw = reach(request, _whole(), pk=rpiw_id)
    return render(request, "rpiws/print.html", _told(rpiw))


def _whole() -> Any:
    objectives = Prefetch("value_stream__objectives", Objective.objects.select_related("national_priority"))
    parts = (
        "measures__readings",
        "measures__metrics",
        "transitions",
        "preparation",
        "ideas",
        "wastes",
        "days",
        "newspaper",
        objectives,
    )
    return rpiws().select_related("follows", "started_without_by").prefetch_related(*parts)


def _told(rpiw: Rpiw) -> dict[str, Any]:
    """Everything that the page and the sheet say of the RPIW."""
    today = timezone.localdate()
    (facts,) = load([rpiw])
    progress = [progress_of(measure, measure.readings.all()) for measure in rpiw.measures.all()]
    shown = columns(progress, facts.planned, reported_out=rpiw.reported_out, today=today)
    closed = rpiw.state == State.CLOSED
    tasks, transitions, names = rpiw.preparation.all(), rpiw.transitions.all(), names_at(rpiw.trust_id)
    return {
        "rpiw": rpiw,
        "facts": facts,
        "today": today,
        "tasks": tasks,
        "lede": words.lede(rpiw, progress, tasks, today=today),
        "steps": words.life_steps(rpiw, transitions, facts, today=today),
        "steps_with_reasons": words.transition_sentences(transitions, names),
        "started_without_by": names.get(rpiw.started_without_by_id or 0, ""),
        "state_kind": words.STATE_KINDS[State(rpiw.state)],
        "columns": report_columns(shown, facts, today=today),
        "rows": [report_row(each, shown, facts, today=today, closed=closed) for each in progress],
        "taken": taken_rows(progress, shown),
        "change_note": CHANGE_NOTE,
        "synthetic": synthetic_words(rpiw),
        "task_rows": words.task_rows(tasks, today=today),
        "people": words.people_by_part(rpiw.people.all(), week_is_over=rpiw.baseline_locked),
        "wastes": words.wastes(rpiw.wastes.all()),
        "ideas": rpiw.ideas.all(),
        "ideas_aside": words.ideas_aside(rpiw.ideas.all()),
        "outcome_kinds": words.OUTCOME_KINDS,
        "week": words.week_days(rpiw, rpiw.days.all()),
        "newspaper": words.newspaper_rows(rpiw.newspaper.all(), today=today),
        "thread": words.golden_thread(rpiw, rpiw.value_stream.objectives.all()),
        "run_charts": runs(rpiw, rpiw.measures.all()),
    }
