"""Adopting a metric: "Can this metric move?" is answered on the page before it is adopted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Permission
from metrics.actions.adopting import adopt
from metrics.adopting import proposed_body
from metrics.forms.adopting import AdoptForm
from metrics.presenters.move import MoveWords, move_words, narrower_of
from metrics.presenters.page import metric_in
from metrics.presenters.words import Body, counted, series_of
from metrics.refusals import Refused
from metrics.shown import shown
from metrics.views.pages import crumbs
from trusts.access import needs, reach
from trusts.models import ValueStream
from ui.plain_form import posted


@needs(Permission.EDIT_METRICS)
def metric_adopt(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    """The first press answers, the second adopts; whatever the answer rests on, once changed, is answered anew."""
    stream = reach(request, ValueStream.objects.select_related("trust__partnership"), pk=value_stream_id)
    form = AdoptForm(posted(request), value_stream=stream)
    answer = None
    if request.method == "POST" and form.is_valid():
        if form.is_answered:
            try:
                metric = adopt(value_stream=stream, by=request.user, **form.facts)
            except Refused as why:
                form.add_error("name", str(why))
            else:
                messages.success(request, f"Adopted: {metric}. Its chart begins with the first measurement.")
                return redirect("metric", metric.pk)
        else:
            answer = answer_of(form, stream, shown(request, stream.pk).metrics)
            form.show_answered()
    page = {"form": form, "answer": answer, "value_stream": stream, "crumbs_of": crumbs(stream), "nav": "metrics"}
    return render(request, "metrics/adopt.html", page)


def answer_of(form: AdoptForm, stream: ValueStream, metrics: list[Body]) -> MoveWords:
    """From the typed history, else from that of the metric chosen; the narrower cuts of that one may do better."""
    data = form.cleaned_data
    other = metric_in(metrics, data["history_of"].pk) if data["history_of"] else None
    history = data["history"]
    if not history and other and other["versions"] and (series := series_of(other["versions"][-1])):
        history = [point["value"] for point in counted(series)]
    rules = stream.trust.rule_set
    version = proposed_body(form.definition, history, rules)
    needed = None if len(history) >= rules.needed else rules.needed
    return move_words(version, narrower_of(other, metrics) if other else (), needed=needed)
