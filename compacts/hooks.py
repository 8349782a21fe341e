"""What a room above adds to a version's page: what caused a renegotiation, for those alone who may read it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from compacts.models import CompactVersion


@dataclass(frozen=True)
class Cause:
    """One thing that led to a version, in words, and where to read on."""

    words: str
    href: str = ""


Causes = Callable[[User, Collection[CompactVersion]], Mapping[int, Sequence[Cause]]]
_causes: list[Causes] = []


def register_causes(of: Causes) -> None:
    """`of(user, versions)` gives, by the version's id, what caused it, as far as `user` may read it."""
    _causes.append(of)


def causes_of(user: User, version: CompactVersion) -> list[Cause]:
    return [cause for of in _causes for cause in of(user, [version]).get(version.pk, ())]
