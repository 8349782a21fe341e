"""Everything recorded of a trust, and one set of views by which any of it is added, changed or removed."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.history import history
from accounts.permissions import Permission
from trusts.access import needs, reach
from trusts.actions import records as actions
from trusts.context_facts import BY_KEY, KINDS, Kind
from trusts.forms.context import TrustForm
from trusts.models import Trust
from trusts.presenters import chart_rules_words, context_answer
from trusts.timeline import Context, context_rows, context_table
from trusts.views.saving import save_or_show
from ui.timeline import Timeline, draw
from ui.words import with_article


def reach_trust(request: HttpRequest, ods: str) -> Trust:
    return reach(request, Trust.objects.select_related("partnership"), ods_code=ods.upper())


@needs(Permission.SEE_TRUST)
def trust_context(request: HttpRequest, ods: str) -> HttpResponse:
    trust = reach_trust(request, ods)
    facts = {kind.key: kind.of(trust) for kind in KINDS}
    context = Context(
        ratings=facts["cqc-ratings"],
        leaders=facts["chief-executives"],
        periods=facts["regulatory-periods"],
        stand_downs=facts["stand-downs"],
        joined=trust.joined,
    )
    page = {
        "trust": trust,
        "kinds": KINDS,
        "facts": facts,
        "answer": context_answer(trust, facts),
        "drawing": draw(Timeline(context_rows(context), timezone.localdate())),
        "table": context_table(context),
        "chart_rules": chart_rules_words(trust),
        "history": history(trust),
        "nav": "trust",
    }
    return render(request, "trusts/context.html", page)


@needs(Permission.EDIT_TRUST)
def trust_edit(request: HttpRequest, ods: str) -> HttpResponse:
    trust = reach_trust(request, ods)
    # A form writes into its instance what it then refuses; the page's addresses need the trust as it is.
    form = TrustForm(request.POST or None, instance=copy(trust))
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_record(
            record=trust, values=form.values(), seen=form.seen_before(), by=request.user
        ),
        saved="Saved.",
        # The code is part of the address, and may just have been changed.
        to=reverse("trust_context", args=[form.cleaned_data["ods_code"] if form.is_valid() else ods]),
        heading="Names, values and charts",
        back=reverse("trust_context", args=[ods]),
        trust=trust,
        nav="trust",
    )


@needs(Permission.EDIT_TRUST)
def context_add(request: HttpRequest, ods: str, kind: str) -> HttpResponse:
    trust, kind_of = reach_trust(request, ods), _kind(kind)
    form = kind_of.form(request.POST or None, trust=trust)
    return save_or_show(
        request,
        form,
        save=lambda: actions.add_fact(model=kind_of.model, trust=trust, values=form.values(), by=request.user),
        saved=f"The {kind_of.one} is recorded.",
        to=_shown(trust, kind_of),
        heading=f"Add {kind_of.one}" if kind_of.key in _UNCOUNTED else f"Add {with_article(kind_of.one)}",
        back=_shown(trust, kind_of),
        trust=trust,
        nav="trust",
    )


@needs(Permission.EDIT_TRUST)
def context_edit(request: HttpRequest, ods: str, kind: str, fact_id: int) -> HttpResponse:
    trust, kind_of, fact = _reach_fact(request, ods, kind, fact_id)
    form = kind_of.form(request.POST or None, instance=fact, trust=trust)
    return save_or_show(
        request,
        form,
        save=lambda: actions.change_record(record=fact, values=form.values(), seen=form.seen_before(), by=request.user),
        saved=f"The {kind_of.one} is changed. What it was before is kept in its history.",
        to=_shown(trust, kind_of),
        heading=f"Change the {kind_of.one}",
        back=_shown(trust, kind_of),
        remove=reverse("context_remove", args=[trust.ods_code, kind_of.key, fact.pk]),
        history=history(fact),
        trust=trust,
        nav="trust",
    )


@needs(Permission.EDIT_TRUST)
def context_remove(request: HttpRequest, ods: str, kind: str, fact_id: int) -> HttpResponse:
    trust, kind_of, fact = _reach_fact(request, ods, kind, fact_id)
    if request.method == "POST":
        actions.remove_fact(record=fact, by=request.user)
        messages.success(request, f"The {kind_of.one} is removed.")
        return redirect(_shown(trust, kind_of))
    page = {
        "heading": f"Remove this {kind_of.one}?",
        "lede": "Only what was recorded by mistake is removed. What came to an end gets an end date instead.",
        "facts": [(kind_of.one.capitalize(), kind_of.what(fact)), ("When", kind_of.when(fact))],
        "button": "Remove it",
        "back": _shown(trust, kind_of),
        "danger": True,
        "nav": "trust",
    }
    return render(request, "components/confirm.html", page)


_UNCOUNTED = frozenset({"cultural-work"})


def _kind(key: str) -> Kind:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def _reach_fact(request: HttpRequest, ods: str, kind: str, fact_id: int) -> tuple[Trust, Kind, Any]:
    """The fact, of this trust: another trust's fact does not exist here."""
    trust, kind_of = reach_trust(request, ods), _kind(kind)
    return trust, kind_of, reach(request, kind_of.model.objects.filter(trust=trust), pk=fact_id)


def _shown(trust: Trust, kind: Kind) -> str:
    return reverse("trust_context", args=[trust.ods_code]) + f"#{kind.key}"
