"""Observations between checkpoints."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from rpiws.actions.readings import add_observations, remove_observation
from rpiws.forms.readings import ObservationsForm
from rpiws.models import Measure, Observation
from rpiws.presenters.observations import present_observations
from rpiws.views.editing import crumbs
from rpiws.views.grid import RPIWS
from trusts.access import needs, reach
from ui.grid_answers import number_in


@needs(Permission.LOG_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def observations(request: HttpRequest, rpiw_id: int) -> HttpResponse:
    """What was observed between checkpoints, measure by measure, with its run chart."""
    rpiw = reach(request, RPIWS, pk=rpiw_id)
    today = timezone.localdate()
    measures = list(Measure.objects.filter(rpiw=rpiw))
    chosen = number_in(request.POST, "measure") if request.method == "POST" else None
    forms = [ObservationsForm(request.POST if m.pk == chosen else None, measure=m, on=today) for m in measures]
    for form in forms:
        if form.is_bound and form.is_valid():
            saved = add_observations(
                measure=form.measure,
                observed_on=form.cleaned_data["observed_on"],
                values=form.cleaned_data["values"],
                key=_key(request.POST),
                by=request.user,
            )
            messages.success(request, f"{form.measure.name}: saved {saved.summary}.")
            return redirect(reverse("observations", args=[rpiw.pk]) + f"#measure-{form.measure.pk}")
    page = present_observations(rpiw, forms)
    bound = next((form for form in forms if form.is_bound), None)
    context = {
        "page": page,
        "rpiw": rpiw,
        "form": bound,
        "new_key": uuid.uuid4,
        "crumbs_of": crumbs(rpiw),
        "nav": "rpiws",
    }
    return render(request, "rpiws/observations.html", context, status=422 if bound else 200)


@needs(Permission.LOG_READINGS)
@require_POST
def delete_observation(request: HttpRequest, observation_id: int) -> HttpResponse:
    """Take back what was typed by mistake."""
    between = Observation.objects.filter(reading=None).select_related("measure__rpiw__value_stream")
    observation = reach(request, between, pk=observation_id)
    measure = observation.measure
    remove_observation(observation=observation, by=request.user)
    messages.success(request, f"{measure.name}: one observation taken back.")
    return redirect(reverse("observations", args=[measure.rpiw_id]) + f"#measure-{measure.pk}")


def _key(posted: QueryDict) -> uuid.UUID:
    try:
        return uuid.UUID(str(posted.get("key", "")))
    except ValueError:
        return uuid.uuid4()
