"""Systems that may ask the API, with a token."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from accounts.permissions import Role
from api import actions
from api.models import Scope
from dashboards.models import TrustSummary
from tests.factories.trusts import member
from trusts.models import Partnership, Trust


def client_of(trust: Trust, *, writes: bool = True, name: str = "Ward information board") -> actions.Made:
    """A trust's own system."""
    return _made(name, trust.partnership, trust, member(Role.KPO_LEAD, trust), writes)


def regulator_client(partnership: Partnership) -> actions.Made:
    """A system of the partnership's regulator."""
    lead = member(Role.ADMINISTRATOR, partnership=partnership)
    return _made("Regulator's reporting", partnership, None, lead, False)


def _made(name, partnership, trust, by, writes):
    return actions.add_client(
        name=name,
        partnership=partnership,
        trust=trust,
        writes=[Scope.WRITE_READINGS, Scope.WRITE_MEASUREMENTS] if writes else [],
        expires_on=timezone.localdate() + timedelta(days=30),
        form_key=uuid.uuid4(),
        by=by,
    )


def released_summary(trust: Trust, **more) -> TrustSummary:
    """A summary of January 2019 as it left its trust."""
    lead, executive = member(Role.KPO_LEAD, trust), member(Role.CHIEF_EXECUTIVE, trust)
    now = timezone.now()
    given = {
        "trust": trust,
        "starts": date(2019, 1, 1),
        "ends": date(2019, 1, 31),
        "state": TrustSummary.State.RELEASED,
        "body": '{"name":  "as stored"}',
        "schema_version": "1",
        "sources": [],
        "source_version": 1,
        "data_as_of": now,
        "next_expected": date(2019, 3, 15),
        "drafted_at": now,
        "prepared_at": now,
        "prepared_by": lead,
        "released_at": now,
        "released_by": executive,
        "released_by_role": Role.CHIEF_EXECUTIVE,
    }
    return TrustSummary.objects.create(**(given | more))
