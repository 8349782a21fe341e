"""The remeasures that RPIWs owe on a day, for the pages that show them."""

from datetime import date

from accounts.permissions import Permission
from rpiws import remeasure
from rpiws.models import Rpiw
from rpiws.remeasure import Work
from trusts.scope import Scope


def owed_by_value_stream(value_stream_id: int, *, scope: Scope, on: date) -> list[Work]:
    """What the value stream's RPIWs owe, the most pressing first; a fixed number of queries."""
    rpiws = Rpiw.objects.in_trusts(scope.trust_ids).filter(value_stream_id=value_stream_id, kept_apart=False)
    owed = [work for facts in remeasure.load(rpiws) for work in facts.work(on=on, user_id=scope.user_id)]
    return sorted(owed, key=lambda work: work.order)


def may_log(scope: Scope, work: Work) -> bool:
    """Whether the person may log readings of this RPIW: of every one of the trust, or of their own."""
    if work.trust_id in scope.trusts_where(Permission.LOG_READINGS):
        return True
    return work.mine and scope.may(Permission.LOG_READINGS)
