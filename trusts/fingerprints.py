"""What a record said when a form showed it, in a few letters, so that nobody overwrites a colleague unseen."""

from collections.abc import Iterable
from hashlib import sha256

from django.db.models import Model


class ChangedMeanwhile(Exception):
    """Somebody else changed the record after the form was opened."""


def fingerprint(record: Model, also: Iterable[int] = ()) -> str:
    """`also`: the ids of what the record is linked to, when the same form changes that."""
    facts = [field.value_to_string(record) for field in record._meta.concrete_fields]
    return sha256("\n".join([*facts, repr(sorted(also))]).encode()).hexdigest()[:16]
