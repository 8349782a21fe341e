"""Freezing the papers of a meeting."""

import json

from django.utils import timezone

from accounts.audit import action
from accounts.models import User
from boards.models import Meeting
from dashboards.models import Pack
from dashboards.tgb.brief import brief
from snapshots.recompute import as_text


class PapersRefused(Exception):
    """Why it cannot be done now, as a sentence for the person."""


@action
def make_papers(*, meeting: Meeting, by: User) -> Pack:
    """The next version of the papers of a meeting that has not begun."""
    if not meeting.is_planned and Pack.objects.newest_of(meeting):  # type: ignore[attr-defined]
        raise PapersRefused("The meeting has begun: its papers stand as they were then.")
    return freeze_papers(meeting=meeting, by=by)


@action
def freeze_papers(*, meeting: Meeting, by: User) -> Pack:
    """Everything that the board reads, as it stands at this moment, never to be changed again.

    Where nothing differs from the newest version, that one is the answer.
    """
    Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    newest = Pack.objects.newest_of(meeting)  # type: ignore[attr-defined]
    now = timezone.now()
    made = brief(meeting, at=now)
    if newest is not None and json.loads(newest.body) | {"made_at": ""} == json.loads(as_text(made)) | {"made_at": ""}:
        return newest  # type: ignore[no-any-return]
    version = newest.version + 1 if newest else 1
    return Pack.objects.create(meeting=meeting, version=version, body=as_text(made), made_at=now, made_by=by)
