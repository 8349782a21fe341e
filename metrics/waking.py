"""Asking the worker to write to somebody, once what was written is committed."""

from __future__ import annotations

from django.db import transaction

from metrics.models import MetricVersion, Retirement
from metrics.tasks import tell_sponsor


def tell_sponsor_on_commit(proposal: MetricVersion | Retirement) -> None:
    """A broker that is down does not undo the proposal: it stands on the sponsor's first page all the same."""
    kind, proposal_id = str(proposal._meta.model_name), proposal.pk
    transaction.on_commit(lambda: tell_sponsor.delay(kind, proposal_id), robust=True)
