"""The letter that tells an executive sponsor that a proposal waits."""

from __future__ import annotations

from logging import getLogger
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from metrics.models import MetricVersion, Retirement
from trusts.models import Membership
from trusts.names import NOT_OF_THIS_TRUST, names_at

log = getLogger(__name__)

_KINDS: dict[str, tuple[type[MetricVersion | Retirement], str]] = {
    "metricversion": (MetricVersion, "amendment_decide"),
    "retirement": (Retirement, "retirement_decide"),
}


def tell_sponsor(kind: str, proposal_id: int) -> bool:
    """Send it to a sponsor who is a member of the trust today, while the proposal waits. Says whether it left."""
    model, route = _KINDS[kind]
    found = model.objects.select_related("metric__value_stream__executive_sponsor", "proposed_by")  # type: ignore[attr-defined]
    proposal = found.filter(pk=proposal_id).first()
    if proposal is None or not proposal.is_open:
        return False
    stream = proposal.metric.value_stream
    sponsor = stream.executive_sponsor
    if sponsor is None or not sponsor.is_active or not _is_member(sponsor.pk, stream.trust_id):
        return False
    names = names_at(stream.trust_id)
    letter = render_to_string(
        "metrics/emails/proposal.txt",
        {
            "to": names[sponsor.pk],
            "proposal": proposal,
            "amends": isinstance(proposal, MetricVersion),
            "who": names.get(proposal.proposed_by_id or 0, NOT_OF_THIS_TRUST),
            "stream": stream,
            "link": f"{settings.SITE_ADDRESS.rstrip('/')}{reverse(route, args=[proposal.pk])}",
        },
    )
    verb = "amend" if isinstance(proposal, MetricVersion) else "retire"
    try:
        send_mail(f"Waits for you: to {verb} {proposal.metric.name}", letter, None, [sponsor.email])
    except (SMTPException, OSError):
        log.exception("the letter about %s %s was not sent", kind, proposal_id)
        return False
    return True


def _is_member(user_id: int, trust_id: int) -> bool:
    return Membership.objects.held_on(timezone.localdate()).filter(user_id=user_id, trust_id=trust_id).exists()
