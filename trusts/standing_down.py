"""What is asked before a stand-down is saved: what it would stop, and which other one stops the same already."""

from collections.abc import Callable

from django.db.models import Q

from trusts.models import StandDown
from trusts.presenters import period_words, stand_down_words

Covered = Callable[[StandDown], str]
_covered: list[Covered] = []


def register_covered(say: Covered) -> None:
    """How a room above says what a stand-down would stop in it: a sentence, or nothing."""
    _covered.append(say)


def question(planned: StandDown) -> str:
    """Empty where it stops nothing that is planned, and nothing that is stopped already."""
    said = [say(planned) for say in _covered]
    said += [f"{stand_down_words(one)}: stood down already, {period_words(one)}." for one in overlapping(planned)]
    return " ".join(sentence for sentence in said if sentence)


def overlapping(planned: StandDown) -> list[StandDown]:
    """Those of the same work in the same time: the trust's own, and its value stream's."""
    found = StandDown.objects.filter(trust=planned.trust).exclude(pk=planned.pk).select_related("value_stream")
    found = found.filter(Q(ended__isnull=True) | Q(ended__gte=planned.started))
    if planned.ended:
        found = found.filter(started__lte=planned.ended)
    if planned.value_stream:
        found = found.filter(Q(value_stream__isnull=True) | Q(value_stream=planned.value_stream))
    kinds = [name for name in ("stops_rpiws", "stops_training", "stops_daily_work") if getattr(planned, name)]
    return [one for one in found if any(getattr(one, name) for name in kinds)]
