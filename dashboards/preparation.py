"""The next RPIW of somebody's trusts, and what is still to be prepared for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rpiws.models import PreparationTask, Rpiw, RpiwPerson, State


@dataclass(frozen=True)
class NextRpiw:
    rpiw: Rpiw
    tasks: tuple[PreparationTask, ...]
    parts: frozenset[str]

    @property
    def to_do(self) -> tuple[PreparationTask, ...]:
        return tuple(task for task in self.tasks if task.done is None)

    @property
    def done(self) -> int:
        return len(self.tasks) - len(self.to_do)

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """The people without whom the week cannot start."""
        return tuple(part.label.lower() for part in RpiwPerson.REQUIRED_FOR_THE_WEEK if part not in self.parts)


def next_rpiw(trust_ids: Collection[int], *, user_id: int, on: date) -> NextRpiw | None:
    """The next week to come: of the person's own RPIWs, else of their trusts. Four queries at most."""
    ahead = (
        Rpiw.objects.in_trusts(frozenset(trust_ids))
        .filter(state__in=[State.PREPARING, State.PLANNED], week_ends__gte=on)
        .select_related("value_stream")
        .order_by("week_starts", "pk")
    )
    own = ahead.filter(people__user_id=user_id, people__part__in=RpiwPerson.OWNING_PARTS).first()
    rpiw = own or ahead.first()
    if rpiw is None:
        return None
    return NextRpiw(
        rpiw=rpiw,
        tasks=tuple(PreparationTask.objects.filter(rpiw=rpiw)),
        parts=frozenset(RpiwPerson.objects.filter(rpiw=rpiw).values_list("part", flat=True)),
    )
