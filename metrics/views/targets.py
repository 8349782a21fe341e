"""What a metric aims at, step by step."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from metrics.actions import targets as act
from metrics.forms.targets import TargetForm
from metrics.models import Target
from metrics.typed import say
from metrics.views.way import form_page, metrics, of_version, refused
from trusts.access import needs, reach
from ui.plain_form import posted


@needs(Permission.EDIT_METRICS)
def targets(request: HttpRequest, metric_id: int) -> HttpResponse:
    """The steps of the definition in force, and a form for another one."""
    metric = reach(request, metrics(), pk=metric_id)
    version = metric.definition
    if version is None:
        return refused(request, metric, "This metric has no definition in force yet, so nothing can be aimed at.")
    form = TargetForm(posted(request), version=version)
    if request.method == "POST" and form.is_valid():
        act.set_target(version=version, by=request.user, **form.cleaned_data)
        messages.success(request, "The target is set.")
        return redirect("metric_targets", metric.pk)
    lines = [(target, say(version, target.value)) for target in version.targets.order_by("-starts")]
    return form_page(request, form, metric, heading="Targets", template="metrics/targets.html", lines=lines)


@needs(Permission.EDIT_METRICS)
@require_POST
def remove_target(request: HttpRequest, target_id: int) -> HttpResponse:
    target = reach(request, of_version(Target), pk=target_id)
    act.remove_target(target=target, by=request.user)
    messages.success(request, "The target was taken away.")
    return redirect("metric_targets", target.version.metric_id)
