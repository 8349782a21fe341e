"""What the board decides about its safe space, and where risk of harm goes instead."""

from datetime import date

from django.core.exceptions import PermissionDenied

from accounts.audit import action
from accounts.models import User
from boards.actions.agenda import touch
from boards.actions.room import in_the_chair
from boards.models import Meeting
from boards.refusals import ChangedMeanwhile
from reflections.actions.lines import being_held, of
from reflections.models import Terms
from reflections.models.terms import routes_of, terms_of
from reflections.safe import at_the_table
from trusts.models import Partnership


@at_the_table
def decide_terms(*, meeting: Meeting, keep_months: int | None, newcomers_from: date | None, by: User) -> None:
    """The chair records, at a meeting, what the board decided. The newest decision counts."""
    held = being_held(meeting)
    if not in_the_chair(held, by):
        raise PermissionDenied
    now = terms_of(held.board)
    if now and (now.keep_months, now.newcomers_from) == (keep_months, newcomers_from):
        return
    Terms.objects.create(**of(held), keep_months=keep_months, newcomers_from=newcomers_from)
    touch(held)


@action
def write_routes(*, partnership: Partnership, routes: str, seen: int, by: User) -> None:
    """The partnership's own safety and speaking-up routes, one a line."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    found = routes_of(partnership)
    if found.routes == routes:
        return
    if found.version != seen:
        raise ChangedMeanwhile
    found.routes, found.version = routes, found.version + 1
    found.save()
