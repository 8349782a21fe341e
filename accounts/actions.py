"""What people do with their own accounts."""

from django.db.models import F

from accounts.audit import action
from accounts.models import User


@action
def end_sessions(*, by: User) -> None:
    """End every session of the person, on whatever device: each is signed with the count that goes up here."""
    User.objects.filter(pk=by.pk).update(sessions_ended=F("sessions_ended") + 1)
