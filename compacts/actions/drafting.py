"""Writing the next version together. A wording is saved against the edition that the person saw, and against no
other, so that two who work at once lose nothing of each other's."""

from typing import Any, TypeVar

from django.db.models import F, Max
from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from compacts.models import Comment, CompactVersion, Party, Promise, Side, Theme
from compacts.refusals import ChangedMeanwhile, Refused

NOT_A_DRAFT = "This version is agreed, so its wording stands. Take it back to a draft to change it."
PUBLISHED = "This version was published meanwhile. It does not change any more."

NOWHERE = 32_000

Worded = TypeVar("Worded", Theme, Promise)


@action
def write_vision(*, version: CompactVersion, vision: str, seen: int, by: User) -> None:
    version = _draft(version)
    if version.vision_edition != seen:
        raise ChangedMeanwhile
    if version.vision != vision:
        version.vision = vision
        version.vision_edition += 1
        version.save(update_fields=["vision", "vision_edition"])
        _reworded(version)


@action
def name_body(*, version: CompactVersion, party: Party, body: str, by: User) -> None:
    """Which body the party is in this version."""
    version = _draft(version)
    side = Side.objects.get(version=version, party=party)
    if side.body != body:
        side.body = body
        side.save(update_fields=["body"])
        _reworded(version)


@action
def write_reason(*, version: CompactVersion, reason: str, by: User) -> None:
    """Why there is a new version: everybody reads it once it is published."""
    version = _draft(version)
    if version.reason != reason:
        version.reason = reason
        version.save(update_fields=["reason"])
        _reworded(version)


@action
def add_theme(*, version: CompactVersion, title: str, by: User) -> Theme:
    """At the end. The same sent twice is one theme."""
    version = _draft(version)
    last = version.themes.order_by("-position").first()
    if last is not None and last.title == title:
        return last
    theme = Theme.objects.create(version=version, title=title, position=last.position + 1 if last else 1)
    _reworded(version)
    return theme


@action
def rename_theme(*, theme: Theme, title: str, seen: int, by: User) -> None:
    version = _draft(theme.version)
    _write(theme, "title", title, seen, version)


@action
def remove_theme(*, theme: Theme, seen: int, by: User) -> None:
    """With the promises in it. `seen`: the version's edition that was read, so nobody takes out what they never saw."""
    version = _draft(theme.version)
    if version.edition != seen:
        raise ChangedMeanwhile
    Theme.objects.filter(pk=theme.pk).delete()
    _reworded(version)


@action
def add_promise(*, theme: Theme, party: Party, row: int, text: str, by: User) -> Promise:
    """Into its row of the theme; below all others when somebody else was quicker there. The same sent twice is one."""
    version = _draft(theme.version)
    there = Promise.objects.filter(theme=theme)
    if same := there.filter(party=party, text=text).first():
        return same
    if row < 1 or there.filter(party=party, position=row).exists():
        row = (there.aggregate(last=Max("position"))["last"] or 0) + 1
    promise = Promise.objects.create(theme=theme, party=party, position=row, text=text)
    _reworded(version)
    return promise


@action
def write_promise(*, promise: Promise, text: str, seen: int, by: User) -> None:
    version = _draft(promise.theme.version)
    _write(promise, "text", text, seen, version)


@action
def remove_promise(*, promise: Promise, seen: int, by: User) -> None:
    version = _draft(promise.theme.version)
    now = _locked(promise)
    if now.edition != seen:
        raise ChangedMeanwhile
    now.delete()
    _reworded(version)


@action
def move_theme(*, theme: Theme, down: bool, by: User) -> None:
    """Change places with the theme before it, or after it. The first goes no further up, the last no further down."""
    version = _draft(theme.version)
    now = _locked(theme)
    beside = version.themes.filter(**_beside(now, down)).order_by("-position" if not down else "position").first()
    if beside is not None:
        _change_places(now, beside)
        _reworded(version)


@action
def move_promise(*, promise: Promise, down: bool, by: User) -> None:
    """Into the row above or below within its theme, and what the same party promises there into the row it leaves.

    Below the last row there is nothing: a promise that stands alone in it stays.
    """
    version = _draft(promise.theme.version)
    now = _locked(promise)
    rows = Promise.objects.filter(theme=now.theme_id, **_beside(now, down)).order_by(
        "position" if down else "-position"
    )
    row = rows.values_list("position", flat=True).first()
    if row is None:
        return
    beside = Promise.objects.filter(theme=now.theme_id, party=now.party_id, position=row).first()
    if beside is not None:
        _change_places(now, beside)
    else:
        now.position = row
        now.save(update_fields=["position"])
    _reworded(version)


@action
def comment(*, version: CompactVersion, promise: Promise | None, text: str, said_as: str, by: User) -> Comment:
    """Say something of a promise or of the whole, to those who work on the version. Sent twice, it is said once."""
    version = CompactVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if version.is_published:
        raise Refused(PUBLISHED)
    last = version.comments.filter(by=by).last()  # type: ignore[attr-defined]
    if last is not None and (last.promise, last.text) == (promise, text) and last.settled_at is None:
        return last  # type: ignore[no-any-return]
    return Comment.objects.create(
        version=version, promise=promise, text=text, said_as=said_as, by=by, at=timezone.now()
    )


@action
def settle_comment(*, comment: Comment, by: User) -> None:
    """What it asked for is dealt with. It stays readable."""
    Comment.objects.filter(pk=comment.pk, settled_at=None).update(settled_at=timezone.now(), settled_by=by)


def _draft(version: CompactVersion) -> CompactVersion:
    """The version as it is now, locked until the action ends."""
    now = CompactVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not now.is_draft:
        raise Refused(PUBLISHED if now.is_published else NOT_A_DRAFT)
    return now


def _beside(worded: Worded, down: bool) -> dict[str, int]:
    return {"position__gt" if down else "position__lt": worded.position}


def _change_places(one: Worded, other: Worded) -> None:
    """By way of a place that nothing has: no two may stand in one, not for a moment."""
    place, beside = one.position, other.position
    for worded, position in ((one, NOWHERE), (other, place), (one, beside)):
        worded.position = position
        worded.save(update_fields=["position"])


def _locked(worded: Worded) -> Worded:
    now: Any = type(worded)._default_manager.select_for_update(of=("self",)).filter(pk=worded.pk).first()
    if now is None:
        raise Refused("Somebody took this out of the draft meanwhile. What you typed is below: add it anew.")
    return now  # type: ignore[no-any-return]


def _write(worded: Worded, name: str, words: str, seen: int, version: CompactVersion) -> None:
    now: Any = _locked(worded)
    if now.edition != seen:
        raise ChangedMeanwhile
    if getattr(now, name) != words:
        setattr(now, name, words)
        now.edition += 1
        now.save(update_fields=[name, "edition"])
        _reworded(version)


def _reworded(version: CompactVersion) -> None:
    """Whoever agreed, agreed to another wording."""
    CompactVersion.objects.filter(pk=version.pk).update(edition=F("edition") + 1)
