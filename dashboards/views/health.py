"""Whether every dashboard can be computed, for administrators, and a way to have one tried again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from dashboards.actions.health import try_dashboard_again
from dashboards.presenters.health import failing
from snapshots.freshness import oldest_mark_age
from snapshots.models import Trouble
from trusts.access import needs


@require_safe
@never_cache
@needs(Permission.SET_UP_PARTNERSHIP)
def dashboards_health(request: HttpRequest) -> HttpResponse:
    rows = failing(Trouble.objects.all())
    page = {
        "set_aside": [row for row in rows if row.set_aside_at],
        "tried_again": [row for row in rows if not row.set_aside_at],
        "oldest": round(oldest_mark_age()),
    }
    return render(request, "dashboards/health.html", page)


@require_POST
@needs(Permission.SET_UP_PARTNERSHIP)
def try_again(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("id", "")
    trouble = Trouble.objects.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0).first()
    if trouble is None:
        messages.info(request, "It is no longer on this list: it was computed meanwhile, or is being tried again.")
    else:
        try_dashboard_again(kind=trouble.kind, scope_id=trouble.scope_id, by=request.user)
        messages.success(request, "It is being computed again. If it fails, it comes back to this page.")
    return redirect("dashboards_health")
