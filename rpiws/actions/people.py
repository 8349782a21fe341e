"""Who takes which part in an RPIW."""

from typing import Any

from accounts.models import User
from rpiws.actions.writes import locked, save_changes
from rpiws.models import Rpiw, RpiwPerson
from trusts.actions.announced import announced


@announced
def add_person(*, rpiw: Rpiw, by: User, part: str, post: str, **facts: Any) -> RpiwPerson:
    """`facts`: user, discipline, certification. The same twice, as by a double click, is one."""
    locked(rpiw)
    person, _ = RpiwPerson.objects.get_or_create(rpiw=rpiw, part=part, post=post, **facts)
    return person


@announced
def edit_person(*, person: RpiwPerson, by: User, version: int, **changes: Any) -> RpiwPerson:
    person = locked(person, version=version)
    save_changes(person, changes)
    return person


@announced
def remove_person(*, person: RpiwPerson, by: User) -> None:
    person.delete()
