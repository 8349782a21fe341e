"""A trust's value streams: the list, what is known of each, and the forms to add and change one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.history import history
from accounts.permissions import Permission
from trusts.access import needs, reach
from trusts.actions import records as actions
from trusts.forms.value_streams import ValueStreamForm
from trusts.models import ValueStream
from trusts.names import names_at
from trusts.presenters import period_words, value_stream_words
from trusts.views.context import reach_trust
from trusts.views.saving import save_or_show


@needs(Permission.SEE_TRUST)
def value_streams(request: HttpRequest, ods: str) -> HttpResponse:
    trust = reach_trust(request, ods)
    streams = list(trust.value_streams.prefetch_related("objectives"))
    page = {"trust": trust, "value_streams": streams, "words": value_stream_words, "nav": "trust"}
    return render(request, "trusts/value_streams.html", page)


@needs(Permission.SEE_TRUST)
def value_stream_about(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    value_stream = reach(request, ValueStream.objects.select_related("trust", "executive_sponsor"), pk=value_stream_id)
    sponsor = value_stream.executive_sponsor
    page = {
        "value_stream": value_stream,
        "trust": value_stream.trust,
        "sponsor": names_at(value_stream.trust_id).get(sponsor.pk, str(sponsor)) if sponsor else "",
        "objectives": list(value_stream.objectives.select_related("national_priority")),
        "stand_downs": list(value_stream.stand_downs.all()),
        "period": period_words(value_stream) if value_stream.started or value_stream.ended else "",
        "history": history(value_stream),
        "nav": "trust",
    }
    return render(request, "trusts/value_stream_about.html", page)


@needs(Permission.EDIT_VALUE_STREAMS)
def value_stream_add(request: HttpRequest, ods: str) -> HttpResponse:
    trust = reach_trust(request, ods)
    form = ValueStreamForm(request.POST or None, trust=trust)
    return save_or_show(
        request,
        form,
        save=lambda: actions.add_value_stream(
            trust=trust, values=form.values(), objectives=form.cleaned_data["objectives"], by=request.user
        ),
        saved="The value stream is recorded.",
        to=reverse("value_streams", args=[trust.ods_code]),
        heading="Add a value stream",
        back=reverse("value_streams", args=[trust.ods_code]),
        back_text="Value streams",
        trust=trust,
        nav="trust",
    )


@needs(Permission.EDIT_VALUE_STREAMS)
def value_stream_edit(request: HttpRequest, value_stream_id: int) -> HttpResponse:
    value_stream = reach(request, ValueStream.objects.select_related("trust", "executive_sponsor"), pk=value_stream_id)
    form = ValueStreamForm(request.POST or None, instance=value_stream, trust=value_stream.trust)
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_value_stream(
            value_stream=value_stream,
            values=form.values(),
            objectives=form.cleaned_data["objectives"],
            seen=form.seen_before(),
            by=request.user,
        ),
        saved="Saved.",
        to=reverse("value_stream_about", args=[value_stream.pk]),
        heading=f"Change {value_stream.name}",
        back=reverse("value_stream_about", args=[value_stream.pk]),
        back_text=value_stream.name,
        trust=value_stream.trust,
        nav="trust",
    )
