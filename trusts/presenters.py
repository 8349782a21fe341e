"""The words in which pages speak of a trust, its facts and its people."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from trusts.models import Headcount, Membership, Objective, RegulatoryPeriod, StandDown, Trust, ValueStream
from ui.words import listing, number, partial_date, sentence, spelled

NOT_NAMED = "not named in public sources"


def dated(fact: Any, name: str) -> str:
    """A date no more exact than it is known."""
    return partial_date(getattr(fact, name), getattr(fact, f"{name}_precision", "day"))


def period_words(fact: Any) -> str:
    """2015 to March 2019; since 2020; date not recorded."""
    if fact.started is None:
        return f"until {dated(fact, 'ended')}" if fact.ended else "date not recorded"
    if fact.ended is None:
        return f"since {dated(fact, 'started')}"
    started, ended = dated(fact, "started"), dated(fact, "ended")
    return started if started == ended else f"{started} to {ended}"


def rating_words(fact: Any) -> str:
    name = "rated" if hasattr(fact, "rated") else "counted"
    return dated(fact, name) if getattr(fact, name) else "date not recorded"


def headcount_words(fact: Headcount) -> str:
    return f"{number(fact.people)} people"


def regulatory_detail(fact: RegulatoryPeriod) -> str:
    return f"{fact.get_kind_display()}, by {fact.body}"


def stand_down_words(fact: StandDown) -> str:
    """RPIWs and training of the whole trust"""
    stopped = [
        name
        for stops, name in (
            (fact.stops_rpiws, "RPIWs"),
            (fact.stops_training, "training"),
            (fact.stops_daily_work, "daily work"),
        )
        if stops
    ]
    return sentence(f"{listing(stopped)} of {fact.value_stream.name if fact.value_stream else 'the whole trust'}")


def stand_down_detail(fact: StandDown) -> str:
    why = fact.explanation or fact.get_reason_display()
    made = " Generated, not recorded." if fact.synthetic else ""
    return f"{sentence(why)}. Decided by {fact.decided_by}.{made}"


def objective_detail(fact: Objective) -> str:
    if fact.national_priority:
        return f"Serves the national priority {fact.national_priority}"
    return f"Serves no national priority: {fact.why_no_priority}"


def chart_rules_words(trust: Trust) -> str:
    """Whose rules judge the charts of the trust's metrics."""
    own = trust.spc_rules or trust.spc_run_length
    return str(trust.rule_set) + ("" if own else ", as the partnership chose")


def value_stream_words(value_stream: ValueStream) -> str:
    """What stands below a value stream's name in a list."""
    status = "" if value_stream.status == ValueStream.Status.ACTIVE else sentence(value_stream.get_status_display())
    begun = f"since {dated(value_stream, 'started')}" if value_stream.started else ""
    unnamed = "" if value_stream.named_publicly else NOT_NAMED
    return sentence(", ".join(part for part in (status, unnamed, begun) if part))


@dataclass(frozen=True)
class People:
    """Memberships by where they stand today."""

    current: list[Membership]
    coming: list[Membership]
    ended: list[Membership]

    @classmethod
    def on(cls, today: dt.date, memberships: list[Membership]) -> "People":
        return cls(
            current=[one for one in memberships if one.is_held_on(today)],
            coming=[one for one in memberships if one.starts > today],
            ended=[one for one in memberships if one.ends is not None and one.ends < today and one.starts <= today],
        )

    @property
    def answer(self) -> str:
        """The one sentence at the head of the page."""
        held = len(self.current)
        text = f"{sentence(spelled(held))} {'membership is' if held == 1 else 'memberships are'} held today"
        if self.coming:
            text += f", {spelled(len(self.coming))} will begin"
        return text + "."


def soon(membership: Membership, today: dt.date) -> bool:
    """Whether a membership ends within a month: time to renew it."""
    return membership.ends is not None and today <= membership.ends <= today + dt.timedelta(days=31)


def context_answer(trust: Trust, facts: dict[str, list[Any]]) -> str:
    """Rated Good in 2018; led by ... since 2013; in the partnership since October 2015."""
    parts = []
    if ratings := facts.get("cqc-ratings"):
        latest = ratings[-1]
        parts.append(f"rated {latest.get_rating_display().lower()} in {latest.rated.year}")
    leaders = [leader for leader in facts.get("chief-executives", []) if leader.ended is None]
    if leaders:
        parts.append(f"led by {leaders[-1]} {period_words(leaders[-1])}")
    parts.append(f"in the partnership since {partial_date(trust.joined, 'month')}")
    return sentence(", ".join(parts)) + "."
