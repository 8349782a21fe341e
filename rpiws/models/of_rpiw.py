"""What every record that belongs to an RPIW shares."""

from django.db import models

from snapshots.marks import leaves_marks


class RpiwRecord(models.Model):
    """A record of one RPIW answers for its trust, and for whose it is, as the RPIW does."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def trust_id(self) -> int:
        return self.rpiw.trust_id  # type: ignore[attr-defined]

    @property
    def value_stream_id(self) -> int:
        return self.rpiw.value_stream_id  # type: ignore[attr-defined]

    def is_of(self, user_id: int) -> bool:
        return self.rpiw.is_of(user_id)  # type: ignore[attr-defined]


class OfRpiw(models.QuerySet):
    """Rows with a foreign key `rpiw`."""

    def in_trusts(self, trust_ids: frozenset[int]) -> "OfRpiw":
        return self.filter(rpiw__value_stream__trust_id__in=trust_ids)


def marks_its_value_stream() -> list:
    """Triggers for a table with a foreign key `rpiw`."""
    return leaves_marks(
        kind="value_stream", scope="r.value_stream_id", joins="JOIN rpiws_rpiw r ON r.id = changed.rpiw_id"
    )
