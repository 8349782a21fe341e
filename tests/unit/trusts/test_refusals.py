from datetime import date

from accounts.permissions import Role
from trusts.models import Membership, Trust
from trusts.refusals import refusal_for

TODAY = date(2026, 11, 21)


def held(role, starts, ends=None, trust="Leeds"):
    return Membership(role=role, trust=Trust(short_name=trust) if trust else None, starts=starts, ends=ends)


def test_ended_membership_says_when_and_who_renews_it():
    first = held(Role.FACILITATOR, date(2024, 1, 1), date(2025, 1, 1))
    last = held(Role.PROCESS_OWNER, date(2025, 1, 1), date(2026, 11, 20))
    refusal = refusal_for([last, first], on=TODAY)
    assert refusal.heading == "Your membership has ended"
    assert refusal.what_happened == "Process owner, Leeds: its last day was Fri 20 November 2026."
    assert "ask a KPO lead of Leeds to renew yours" in refusal.what_now


def test_kpo_lead_is_not_sent_to_themselves():
    refusal = refusal_for([held(Role.KPO_LEAD, date(2024, 1, 1), date(2025, 1, 1))], on=TODAY)
    assert "another KPO lead of Leeds, or an administrator of the partnership, to renew yours" in refusal.what_now


def test_role_of_the_partnership_is_renewed_by_an_administrator():
    refusal = refusal_for([held(Role.SECRETARIAT, date(2024, 1, 1), date(2025, 1, 1), trust="")], on=TODAY)
    assert refusal.what_happened.startswith("TGB secretariat: ")
    assert "ask an administrator of the partnership to renew yours" in refusal.what_now


def test_membership_to_come_is_said_before_one_that_ended():
    ended = held(Role.FACILITATOR, date(2024, 1, 1), date(2025, 1, 1))
    refusal = refusal_for([ended, held(Role.KPO_LEAD, date(2026, 12, 1))], on=TODAY)
    assert refusal.heading == "Your membership has not begun yet"
    assert refusal.what_happened == "KPO lead, Leeds: from Tue 1 December 2026."


def test_account_without_any_membership_is_told_to_be_invited():
    assert refusal_for([], on=TODAY).heading == "You hold no membership"
