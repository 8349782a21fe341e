"""The draft as those who write it together see it, and their comments. It keeps itself up to date."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.history import history
from compacts.actions import drafting
from compacts.forms.words import CommentForm
from compacts.models import CompactVersion, PartyMember
from compacts.presenters import words
from compacts.presenters.sheet import Sheet
from compacts.refusals import Refused
from compacts.views.doors import DISCUSS, At
from compacts.views.way import form_page, page_of
from ui.plain_form import posted


@DISCUSS
@require_safe
def draft(request: HttpRequest, at: At) -> HttpResponse:
    """The next version as it stands, or `?with=before` beside the one before it."""
    version = at.open_version()
    return render(request, "compacts/draft.html", _parts(request, at, version) | {"etag": etag_of(version)})


@DISCUSS
@require_safe
def draft_fresh(request: HttpRequest, at: At) -> HttpResponse:
    """304 while nothing has changed; else the parts of the page that may have. Who still looks at a draft that was
    published or put away meanwhile is led to the compact."""
    version = at.maybe_open()
    if version is None:
        return HttpResponse(headers={"HX-Redirect": at.url("compact")})
    etag = etag_of(version)
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = render(request, "compacts/draft_fresh.html", _parts(request, at, version))
    answer["ETag"] = etag
    return answer


@DISCUSS
def comment(request: HttpRequest, at: At) -> HttpResponse:
    """Say something of the whole."""
    version = at.open_version()
    form = CommentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said_as = at.says_as(version, request.user, timezone.localdate())
        try:
            drafting.comment(
                version=version, promise=None, text=form.cleaned_data["comment"], said_as=said_as, by=request.user
            )
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Your comment is there.")
            return redirect(at.url("compact_draft") + "#comments")
    back = at.url("compact_draft")
    return form_page(request, at, form, heading="Comment on the draft", back=back, version=version)


@DISCUSS
@require_POST
def settle(request: HttpRequest, at: At, comment_id: int) -> HttpResponse:
    """What a comment asked for is dealt with."""
    version = at.open_version()
    said = get_object_or_404(version.comments, pk=comment_id)  # type: ignore[attr-defined]
    drafting.settle_comment(comment=said, by=request.user)
    return redirect(at.url("compact_draft") + "#comments")


def etag_of(version: CompactVersion) -> str:
    """Changes with everything that the draft's page shows."""
    said = version.comments.aggregate(last=Max("pk"), settled=Count("pk", filter=Q(settled_at__isnull=False)))  # type: ignore[attr-defined]
    agreed = version.agreements.aggregate(last=Max("pk"), count=Count("pk"))  # type: ignore[attr-defined]
    today = timezone.localdate()
    named = (
        PartyMember.objects.held_on(today)
        .filter(party__compact=version.compact_id)
        .aggregate(last=Max("pk"), count=Count("pk"))
    )
    parts = [version.pk, version.edition, version.state, *said.values(), *agreed.values(), *named.values(), today]
    return '"draft-' + "-".join(str(part) for part in parts) + '"'


def _parts(request: HttpRequest, at: At, version: CompactVersion) -> dict[str, Any]:
    today = timezone.localdate()
    before = CompactVersion.objects.filter(compact=version.compact_id, number=version.number - 1).first()
    comments = list(version.comments.select_related("promise__party"))  # type: ignore[attr-defined]
    waits = [said for said in comments if said.settled_at is None]
    talked = Counter(said.promise_id for said in waits if said.promise_id)
    # Against the version before, the draft is read as what it changes.
    sheet = Sheet.compared(version, before, comments=talked) if before else Sheet.of(version, comments=talked)
    signatures = words.signatures_of(version, sheet, today=today)
    told = history(version)
    mine = at.named(version, today) if at.may_agree else []
    agreed = {signature.member.pk for side in signatures for signature in side.signatures if signature.agreement}
    return page_of(
        request,
        at,
        version=version,
        before=before,
        compares=before is not None and request.GET.get("with") == "before",
        sheet=sheet,
        differs=words.difference_words(sheet) if before else "",
        stands=words.standing_words(version, signatures),
        signatures=signatures,
        steps=words.steps(version),
        comments=comments,
        waits=waits,
        history=told,
        last=told[0] if told else None,
        waits_for_me=bool(mine) and version.is_draft and not {member.pk for member in mine} <= agreed,
        agreed_by_me=bool({member.pk for member in mine} & agreed),
        why=words.why,
    )
