"""The audit trail: who changed which fact, when, from what to what. PostgreSQL's triggers keep it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import models, transaction

P = ParamSpec("P")
R = TypeVar("R")


def tracked(*, exclude: tuple[str, ...] = (), inserts: bool = True) -> Callable[[type], type]:
    """Class decorator: every insert, update and delete of the model's rows leaves an event.

    Without `inserts`, for rows that come by the million and say themselves who recorded them, when and from where.

    Inserts are taken by statement, so that a bulk load stays fast; updates and deletes by row. The index lets the audit
    page (accounts/trail.py) read the newest of millions.
    """
    return pghistory.track(
        *([pghistory.InsertEvent(level=pghistory.Statement)] if inserts else []),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        meta={"indexes": [models.Index(fields=["pgh_created_at", "pgh_id"])]},
    )


def action(write: Callable[P, R]) -> Callable[P, R]:
    """A write, done whole or not at all, and told to the audit trail as the act of its keyword argument `by`.

    A keyword argument `reason` is kept with it.
    """

    @wraps(write)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        actor: Any = kwargs["by"]
        told = {"user": actor.pk, "action": write.__name__, "reason": kwargs.get("reason") or ""}
        with transaction.atomic(), pghistory.context(**told):
            return write(*args, **kwargs)

    return act
