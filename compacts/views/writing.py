"""Writing a draft, one wording at a time: beside it what stands across, what was said, and what it was before."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from compacts.actions import drafting
from compacts.forms.words import (
    BodyForm,
    CommentForm,
    NewPromiseForm,
    NewThemeForm,
    PromiseForm,
    ReasonForm,
    ThemeForm,
    VisionForm,
)
from compacts.models import CompactVersion, Promise, Theme
from compacts.refusals import ChangedMeanwhile, Refused
from compacts.views.doors import DISCUSS, DRAFT, At
from compacts.views.way import form_page
from ui.plain_form import EDITED_MEANWHILE, posted

_NOT_SEEN = "Somebody changed this while you had it open. Read it again before you take it out."


def _saved(request: HttpRequest, form: Any, save: Callable[[], Any], said: str) -> bool:
    """Whether it was saved; otherwise the form says why, and keeps what was typed. ChangedMeanwhile goes on."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except Refused as why:
        form.add_error(None, str(why))
        return False
    messages.success(request, said)
    return True


def _open_again(form: Any, stands: str, edition: int) -> list[tuple[str, str]]:
    """What is typed stays, on the edition that stands now; and what the other person saved."""
    form.data = form.data.copy()
    form.data["version"] = str(edition)
    form.add_error(None, EDITED_MEANWHILE)
    return [("Saved meanwhile", stands or "empty")]


@DRAFT
def vision(request: HttpRequest, at: At) -> HttpResponse:
    version = at.open_version()
    form = VisionForm(posted(request), initial={"vision": version.vision, "version": version.vision_edition})
    theirs: list[tuple[str, str]] = []

    def save() -> None:
        drafting.write_vision(
            version=version, vision=form.cleaned_data["vision"], seen=form.version_seen, by=request.user
        )

    try:
        if _saved(request, form, save, "The vision is saved."):
            return redirect(at.url("compact_draft"))
    except ChangedMeanwhile:
        version.refresh_from_db()
        theirs = _open_again(form, version.vision, version.vision_edition)
    back = at.url("compact_draft")
    return form_page(request, at, form, heading="The vision", back=back, version=version, theirs=theirs)


@DRAFT
def reason(request: HttpRequest, at: At) -> HttpResponse:
    """Why there is a new version: asked of all but the first."""
    version = at.open_version()
    if version.kind == CompactVersion.Kind.FIRST:
        return redirect(at.url("compact_draft"))
    form = ReasonForm(posted(request), initial={"reason": version.reason})

    def save() -> None:
        drafting.write_reason(version=version, reason=form.cleaned_data["reason"], by=request.user)

    if _saved(request, form, save, "Saved."):
        return redirect(at.url("compact_draft"))
    heading = f"Why there is a version {version.number}"
    return form_page(request, at, form, heading=heading, back=at.url("compact_draft"), version=version)


@DRAFT
def body(request: HttpRequest, at: At, party_id: int) -> HttpResponse:
    """Which body a party is in this version."""
    version = at.open_version()
    side = get_object_or_404(version.sides.select_related("party"), party=party_id)  # type: ignore[attr-defined]
    form = BodyForm(posted(request), initial={"body": side.body})

    def save() -> None:
        drafting.name_body(version=version, party=side.party, body=form.cleaned_data["body"], by=request.user)

    if _saved(request, form, save, "Saved."):
        return redirect(at.url("compact_draft"))
    back = at.url("compact_draft")
    return form_page(request, at, form, heading=str(side.party), back=back, version=version)


@DRAFT
def theme_add(request: HttpRequest, at: At) -> HttpResponse:
    version = at.open_version()
    form = NewThemeForm(posted(request))

    def save() -> None:
        drafting.add_theme(version=version, title=form.cleaned_data["title"], by=request.user)

    if _saved(request, form, save, "The theme is there, at the end."):
        return redirect(at.url("compact_draft"))
    return form_page(request, at, form, heading="Add a theme", back=at.url("compact_draft"), version=version)


@DRAFT
def theme(request: HttpRequest, at: At, theme_id: int) -> HttpResponse:
    """Rename it, or take it out with its promises."""
    version = at.open_version()
    record = get_object_or_404(Theme.objects.filter(version=version), pk=theme_id)
    form = ThemeForm(
        posted(request) if "remove" not in request.POST else None,
        initial={"title": record.title, "version": record.edition},
    )
    theirs: list[tuple[str, str]] = []
    if "remove" in request.POST:
        return _take_out(
            request,
            at,
            lambda: drafting.remove_theme(theme=record, seen=_number(request.POST["remove"]), by=request.user),
            said=f"“{record.title}” is taken out.",
            again=at.url("compact_theme", record.pk),
        )
    if "move" in request.POST:
        down = request.POST["move"] == "down"
        return _moved(request, at, record, lambda: drafting.move_theme(theme=record, down=down, by=request.user))

    def save() -> None:
        drafting.rename_theme(theme=record, title=form.cleaned_data["title"], seen=form.version_seen, by=request.user)

    try:
        if _saved(request, form, save, "The theme is renamed."):
            return redirect(at.url("compact_draft"))
    except ChangedMeanwhile:
        record.refresh_from_db()
        theirs = _open_again(form, record.title, record.edition)
    return form_page(
        request,
        at,
        form,
        heading=record.title,
        back=at.url("compact_draft"),
        version=version,
        theirs=theirs,
        remove=("Take the theme out, with its promises", version.edition),
        moves="theme",
    )


@DRAFT
def promise_add(request: HttpRequest, at: At, theme_id: int, party_id: int, row: int) -> HttpResponse:
    version = at.open_version()
    theme = get_object_or_404(Theme.objects.filter(version=version), pk=theme_id)
    side = get_object_or_404(version.sides.select_related("party"), party=party_id)  # type: ignore[attr-defined]
    if row > 999:
        raise Http404
    form = NewPromiseForm(posted(request), party=side.party)

    def save() -> None:
        text = form.cleaned_data["text"]
        drafting.add_promise(theme=theme, party=side.party, row=row, text=text, by=request.user)

    if _saved(request, form, save, "The promise is there."):
        return redirect(at.url("compact_draft") + f"#theme-{theme.pk}")
    return form_page(
        request,
        at,
        form,
        heading=f"What {side.party.inside} {side.party.promise}",
        back=at.url("compact_draft"),
        version=version,
        template="compacts/promise.html",
        theme=theme,
        across=_across(theme, row, party_id),
    )


@DISCUSS
def promise(request: HttpRequest, at: At, promise_id: int) -> HttpResponse:
    """One promise in hand: its wording, what stands across from it, what it was, and what is said of it."""
    version = at.open_version()
    record = get_object_or_404(version.promises, pk=promise_id)
    writes = at.may_draft and version.is_draft
    if writes and "remove" in request.POST:
        return _take_out(
            request,
            at,
            lambda: drafting.remove_promise(promise=record, seen=_number(request.POST["remove"]), by=request.user),
            said="The promise is taken out.",
            again=at.url("compact_promise", record.pk),
        )
    if writes and "move" in request.POST:
        down = request.POST["move"] == "down"
        return _moved(
            request, at, record.theme, lambda: drafting.move_promise(promise=record, down=down, by=request.user)
        )
    form: Any = CommentForm(posted(request))
    if writes:
        initial = {"text": record.text, "version": record.edition}
        form = PromiseForm(posted(request), party=record.party, initial=initial)
    theirs: list[tuple[str, str]] = []

    def save() -> None:
        if writes:
            drafting.write_promise(
                promise=record, text=form.cleaned_data["text"], seen=form.version_seen, by=request.user
            )
        if said := form.cleaned_data["comment"]:
            said_as = at.says_as(version, request.user, timezone.localdate())
            drafting.comment(version=version, promise=record, text=said, said_as=said_as, by=request.user)

    try:
        if _saved(request, form, save, "Saved."):
            return redirect(at.url("compact_draft") + f"#theme-{record.theme_id}")
    except ChangedMeanwhile:
        record.refresh_from_db()
        theirs = _open_again(form, record.text, record.edition)
    return form_page(
        request,
        at,
        form,
        heading=f"What {record.party.inside} {record.party.promise}",
        back=at.url("compact_draft"),
        version=version,
        template="compacts/promise.html",
        theme=record.theme,
        promise=record,
        theirs=theirs,
        across=_across(record.theme, record.position, record.party_id),
        was=_was(record, version),
        comments=record.comments.all(),  # type: ignore[attr-defined]
        remove=("Take the promise out", record.edition) if writes else None,
        moves="promise" if writes else None,
    )


def _across(theme: Theme, row: int, party_id: int) -> list[Promise]:
    """What the other parties promise in the same row."""
    others = Promise.objects.filter(theme=theme, position=row).exclude(party=party_id)
    return list(others.select_related("party"))


def _was(promise: Promise, version: CompactVersion) -> Promise | None:
    """The same promise in the version before."""
    earlier = Promise.objects.filter(lineage=promise.lineage, theme__version__compact=version.compact_id)
    return earlier.filter(theme__version__number=version.number - 1).select_related("theme__version").first()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _take_out(request: HttpRequest, at: At, remove: Callable[[], None], *, said: str, again: str) -> HttpResponse:
    try:
        remove()
    except ChangedMeanwhile:
        messages.error(request, _NOT_SEEN)
        return redirect(again)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said)
    return redirect(at.url("compact_draft"))


def _moved(request: HttpRequest, at: At, theme: Theme, move: Callable[[], None]) -> HttpResponse:
    """Back to the theme, where the new order is seen."""
    try:
        move()
    except Refused as why:
        messages.error(request, str(why))
    return redirect(at.url("compact_draft") + f"#theme-{theme.pk}")
