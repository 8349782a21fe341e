"""The golden thread of a trust, and of the partnership, as of any day."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from dashboards.forms import AsOfForm
from dashboards.presenters import thread as words
from dashboards.thread.drawing import picture, picture_together
from dashboards.thread.records import AsOf, as_of, load
from dashboards.thread.together import reach_of
from dashboards.thread.tree import threads
from trusts.access import needs, reach
from trusts.models import Partnership, Trust


@require_safe
@never_cache
@needs(Permission.SEE_TRUST)
def golden_thread(request: HttpRequest, ods_code: str) -> HttpResponse:
    """National priority, objective, value stream, RPIW, measure and metric of one trust."""
    trust = reach(request, Trust.objects.all(), ods_code=ods_code.upper())
    form, day = _day_asked(request)
    when = as_of(day, [trust.pk], today=timezone.localdate())
    records = load(when, partnership_id=trust.partnership_id, trust_ids=[trust.pk], charted=[trust.pk])
    (thread,) = threads(records)
    context = {
        "trust": trust,
        "thread": thread,
        "answer": words.answer(thread),
        "open": words.open_words(thread, request.scope),  # type: ignore[attr-defined]
        "picture": picture(thread),
        "words": words,
    }
    return render(request, "dashboards/thread.html", context | _told(form, when))


@require_safe
@never_cache
@needs(Permission.SEE_PARTNERSHIP_TOTAL)
def golden_thread_of_partnership(request: HttpRequest) -> HttpResponse:
    """How far each national priority reaches: the total of all trusts, and the own trusts by name."""
    found = request.scope.partnerships_where(request.permission)  # type: ignore[attr-defined]
    partnership = Partnership.objects.filter(pk__in=found).order_by("pk").first()
    if partnership is None:
        raise Http404
    trust_ids = list(partnership.trusts.values_list("pk", flat=True))
    own = request.scope.trust_ids & set(trust_ids)  # type: ignore[attr-defined]
    form, day = _day_asked(request)
    when = as_of(day, trust_ids, today=timezone.localdate())
    records = load(when, partnership_id=partnership.pk, trust_ids=trust_ids, charted=own)
    together = threads(records)
    rows = reach_of(together, records.priorities, own_trusts=own)
    context = {
        "partnership": partnership,
        "rows": rows,
        "own": [thread for thread in together if thread.trust.id in own],
        "answer": words.together_answer(rows),
        "picture": picture_together(
            rows,
            of_priority={one.priority.id: words.counts_below(one.totals) for one in rows},
            of_stream={s.row.id: [words.own_counts(s)] for one in rows for thread in one.own for s in thread.streams},
        ),
        "words": words,
    }
    return render(request, "dashboards/thread_of_partnership.html", context | _told(form, when))


def _day_asked(request: HttpRequest) -> tuple[AsOfForm, date]:
    """The day that the address names; today when it names none, or none that can be."""
    form = AsOfForm(request.GET if "on_year" in request.GET else None)
    today = timezone.localdate()
    return form, (form.is_bound and form.is_valid() and form.cleaned_data["on"]) or today


def _told(form: AsOfForm, when: AsOf) -> dict[str, Any]:
    meaning = words.as_of_words(
        when.day,
        is_today=when.is_today,
        is_before_records=when.is_before_records,
        recorded_from=when.recorded_from,
    )
    return {"form": form, "when": when, "meaning": meaning}
