"""Reminders of remeasures, by e-mail to who remeasures, the workshop leads in copy. Each occasion once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import TRUST_ROLES
from rpiws.models import Reminder, Rpiw, State
from rpiws.remeasure import Work, load
from trusts.models import Membership
from trusts.names import names_at
from ui.words import plural

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=7)


class Occasion(StrEnum):
    SOON = "soon"
    DUE = "due"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True)
class Mail:
    """One mail about one remeasure; or about all that one person never measured. `copies`: the workshop leads who do
    not remeasure it themselves."""

    works: tuple[Work, ...]
    occasion: Occasion
    to: int
    copies: tuple[int, ...]

    @property
    def work(self) -> Work:
        return self.works[0]


def occasion_of(work: Work, *, on: date) -> Occasion | None:
    """Why somebody is reminded on the day: in the week before, on the day itself, once it is late, and a last time
    when the next one fell due and it was still missing. After that it is on the due list alone."""
    if work.is_never_measured:
        return Occasion.NEVER
    if work.is_late:
        return Occasion.LATE
    if not work.is_due:
        return None
    if work.due == on:
        return Occasion.DUE
    return Occasion.SOON if work.due - on <= AHEAD else None


def mails_for(owed: Collection[Work], *, on: date, present: Mapping[int, Collection[int]]) -> list[Mail]:
    """The mails of the day. `present`: who holds a role at each trust today; nobody else is written to.

    Where nobody is named to remeasure, the workshop leads are asked.
    """
    mails = []
    for work in owed:
        occasion = occasion_of(work, on=on)
        if occasion is None:
            continue
        here = set(present.get(work.trust_id, ()))
        leads = sorted(work.lead_ids & here)
        for number, user_id in enumerate(sorted(work.remeasurer_ids & here) or leads):
            # The leads are copied into the first mail alone: one copy of a reminder is enough.
            copies = tuple(lead for lead in leads if lead not in work.remeasurer_ids and lead != user_id)
            mails.append(Mail((work,), occasion, user_id, copies if number == 0 and work.remeasurer_ids & here else ()))
    return mails


def send_reminders(*, on: date) -> int:
    """Send what is to be sent on the day and was not sent before. Returns how many mails left.

    Only RPIWs that are being followed up: none that is stood down, closed or cancelled. Each mail is marked as sent in
    the transaction that sends it, so that two workers send one, and one that could not be sent is tried again.
    """
    rpiws = Rpiw.objects.filter(
        state=State.FOLLOWING_UP, reported_out__isnull=False, week_published=True, kept_apart=False
    )
    owed = [work for facts in load(rpiws) for work in facts.work(on=on)]
    mails = mails_for(owed, on=on, present=_present(on))
    keys = ("rpiw_id", "checkpoint", "to_id", "occasion")
    sent_before = set(Reminder.objects.filter(rpiw__in={mail.work.rpiw_id for mail in mails}).values_list(*keys))
    mails = gathered(mail for mail in mails if _key(mail, mail.work) not in sent_before)
    ids = {user_id for mail in mails for user_id in (mail.to, *mail.copies)}
    people = User.objects.filter(is_active=True).in_bulk(ids)
    known = {trust_id: names_at(trust_id) for trust_id in {mail.work.trust_id for mail in mails}}
    return sum(
        _send(mail, people, name=known[mail.work.trust_id][mail.to], on=on) for mail in mails if mail.to in people
    )


def gathered(mails: Iterable[Mail]) -> list[Mail]:
    """What somebody never measured comes in one mail a trust, however much it is: an RPIW that was loaded long after
    its week owes several at once."""
    found: list[Mail] = []
    never: dict[tuple[int, int, tuple[int, ...]], Mail] = {}
    for mail in mails:
        if mail.occasion is not Occasion.NEVER:
            found.append(mail)
            continue
        place = (mail.work.trust_id, mail.to, mail.copies)
        earlier = never.get(place)
        never[place] = replace(mail, works=(*earlier.works, *mail.works)) if earlier else mail
    return found + list(never.values())


def _present(on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    held = Membership.objects.held_on(on).filter(role__in=TRUST_ROLES, trust__isnull=False)
    for trust_id, user_id in held.values_list("trust_id", "user_id"):
        found[trust_id].add(user_id)
    return found


def _key(mail: Mail, work: Work) -> tuple[int, str, int, str]:
    return (work.rpiw_id, str(work.checkpoint), mail.to, str(mail.occasion))


def _send(mail: Mail, people: Mapping[int, User], *, name: str, on: date) -> bool:
    """Send one mail unless it was sent. A mail server that fails is told to the log, and tried again the next time."""
    try:
        with transaction.atomic():
            fresh = tuple(work for work in mail.works if _is_first(*_key(mail, work)))
            if fresh:
                _message(replace(mail, works=fresh), people, name=name, on=on).send()
            return bool(fresh)
    except OSError:
        logger.exception("A reminder could not be sent; it will be tried again")
        return False


def _is_first(rpiw_id: int, checkpoint: str, to_id: int, occasion: str) -> bool:
    """Keep that this is sent; two workers that send at once wait for each other here."""
    _, is_first = Reminder.objects.get_or_create(
        rpiw_id=rpiw_id,
        checkpoint=checkpoint,
        to_id=to_id,
        occasion=occasion,
        defaults={"sent_at": timezone.now()},
    )
    return is_first


def _message(mail: Mail, people: Mapping[int, User], *, name: str, on: date) -> EmailMessage:
    """`name`: as this trust knows who is written to; the copies must not learn how another trust does."""
    template = "rpiws/emails/never_measured.txt" if mail.occasion is Occasion.NEVER else "rpiws/emails/reminder.txt"
    body = render_to_string(
        template,
        {
            "to": name,
            "owed": [(work, work.checkpoint.adjective, _address(work)) for work in mail.works],
            "when": _WHEN[mail.occasion],
            "on": on,
        },
    )
    return EmailMessage(
        subject=_subject(mail),
        body=body,
        to=[people[mail.to].email],
        cc=[people[lead].email for lead in mail.copies if lead in people],
    )


_WHEN = {
    Occasion.SOON: "due soon",
    Occasion.DUE: "due today",
    Occasion.LATE: "late",
    Occasion.NEVER: "never measured",
}


def _subject(mail: Mail) -> str:
    if len(mail.works) > 1:
        return f"{plural(len(mail.works), 'remeasure')} never measured"
    return f"{mail.work.checkpoint.adjective} remeasure {_WHEN[mail.occasion]}: {mail.work.process}"


def _address(work: Work) -> str:
    grid = reverse("readings", args=[work.rpiw_id])
    return f"{settings.SITE_ADDRESS.rstrip('/')}{grid}?checkpoint={work.checkpoint}"
