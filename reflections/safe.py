"""Who speaks in the safe space. Policies of the database show its rows to those who sit at the board (docs/adr/0020),
and ask a setting of the transaction who that is: whoever names nobody sees nothing.

    with speaking_as(request.user):
        ...
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

SETTING = "reflections.person"


class NotSafe(ImproperlyConfigured):
    """The policies do not bind the application's role: then nothing is shown, and nothing is written."""


@contextmanager
def speaking_as(user: Any) -> Iterator[None]:
    """One transaction in which the database knows who asks. The name ends with it, whoever has the connection next.

    Raises NotSafe where the application owns the tables, or bypasses row-level security: one role for both.
    """
    inside = connection.in_atomic_block
    with transaction.atomic():
        before = _name(str(user.pk) if user.is_authenticated else "")
        yield
        # After an error PostgreSQL puts it back by itself, with everything else since the savepoint.
        if inside and not connection.needs_rollback:
            _name(before)


def at_the_table(write: Callable[P, R]) -> Callable[P, R]:
    """A write, done whole or not at all, as its keyword argument `by`.

    As every action, but for one thing: who did it is not told to the audit trail, where it would say who called out a
    breach. Events keep what the board wrote, and when.
    """

    @wraps(write)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        unsaid = {"user": None, "url": None, "action": "in_the_safe_space"}
        with speaking_as(kwargs["by"]), pghistory.context(**unsaid):
            return write(*args, **kwargs)

    return act


def sits_at(board_id: int) -> bool:
    """Whether who speaks is a member of the board today, as the policies see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.reflections_sits_at(%s)", [board_id])
        return bool(cursor.fetchone()[0])


def _name(person: str) -> str:
    """Name who speaks in the rest of the transaction; who was named before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(current_setting('{SETTING}', true), ''), set_config('{SETTING}', %s, true),"
            " row_security_active('public.reflections_line')",
            [person],
        )
        before, _now, is_safe = cursor.fetchone()
    if not is_safe:
        raise NotSafe("Reflections need a role of the application's own in the database: see docs/adr/0020.")
    return str(before)
