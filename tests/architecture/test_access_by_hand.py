"""Typed by hand from what the partnership agreed, not from the table of permissions: a wrong table fails here."""

import pytest

from accounts.permissions import Role
from tests.architecture.asking import ask, client_of
from tests.architecture.routes import our_routes
from tests.architecture.world import build_world
from tests.factories.compacts import PartyMemberFactory
from tests.factories.trusts import member

pytestmark = pytest.mark.django_db

# route, who, where (own or other trust): the answer. "nobody" is signed out; "former" was a member until yesterday;
# "named" is an analyst who agrees to the compact for the regulator, "named_at_trust" a facilitator of the own trust
# who agrees to its own one.
EXPECTATIONS = """
home                   facilitator         own    ok
home                   chief_executive     own    ok
home                   regulator_analyst   own    ok
home                   secretariat         own    ok
home                   administrator       own    ok
home                   nobody              own    sign in
home                   former              own    403
trust                  facilitator         own    ok
trust                  facilitator         other  404
trust                  chief_executive     own    ok
trust                  chief_executive     other  404
trust                  kpo_lead            other  404
trust                  regulator_analyst   own    404
trust                  secretariat         own    404
trust                  administrator       own    404
trust                  former              own    404
trust                  nobody              own    sign in
trust_context          process_owner       own    ok
trust_context          process_owner       other  404
trust_context          administrator       own    404
audit                  kpo_lead            own    ok
audit                  kpo_lead            other  404
audit                  facilitator         own    403
audit                  executive_sponsor   own    403
audit                  chief_executive     own    403
audit                  administrator       own    404
audit                  regulator_analyst   own    404
audit                  secretariat         own    404
audit                  former              own    404
audit                  nobody              own    sign in
audit_csv              kpo_lead            own    ok
audit_csv              kpo_lead            other  404
audit_xlsx             process_owner       own    403
set_up_audit           administrator       own    ok
set_up_audit           kpo_lead            own    403
set_up_audit           chief_executive     own    403
set_up_audit           former              own    403
set_up_audit_csv       administrator       own    ok
set_up_audit_csv       secretariat         own    403
set_up_audit_xlsx      nobody              own    sign in
trust_edit             kpo_lead            own    ok
trust_edit             kpo_lead            other  404
trust_edit             facilitator         own    403
trust_edit             chief_executive     own    403
trust_edit             administrator       own    404
context_add            kpo_lead            own    ok
context_add            facilitator         own    403
context_remove         kpo_lead            other  404
context_remove         deputy              own    403
golden_thread          facilitator         own    ok
golden_thread          chief_executive     own    ok
golden_thread          process_owner       own    ok
golden_thread          facilitator         other  404
golden_thread          kpo_lead            other  404
golden_thread          chief_executive     other  404
golden_thread          regulator_analyst   own    404
golden_thread          secretariat         own    404
golden_thread          administrator       own    404
golden_thread          former              own    404
golden_thread          nobody              own    sign in
golden_thread_of_partnership facilitator   own    ok
golden_thread_of_partnership kpo_lead      own    ok
golden_thread_of_partnership deputy        own    ok
golden_thread_of_partnership regulator_analyst own 403
golden_thread_of_partnership secretariat   own    403
golden_thread_of_partnership administrator own    403
golden_thread_of_partnership former        own    403
golden_thread_of_partnership nobody        own    sign in
value_stream           executive_sponsor   own    ok
value_stream           executive_sponsor   other  404
value_stream           regulator_analyst   own    404
value_stream_about     deputy              own    ok
value_stream_about     workshop_lead       other  404
value_stream_edit      kpo_lead            own    ok
value_stream_edit      executive_sponsor   own    403
value_stream_add       facilitator         own    403
value_stream_rows_csv  facilitator         own    ok
value_stream_rows_csv  facilitator         other  404
value_stream_rows_xlsx kpo_lead            other  404
rpiws                  facilitator         own    ok
rpiws                  chief_executive     own    ok
rpiws                  regulator_analyst   own    403
rpiws                  administrator       own    403
rpiws                  former              own    403
rpiw                   facilitator         own    ok
rpiw                   facilitator         other  404
rpiw                   chief_executive     own    ok
rpiw                   secretariat         own    404
rpiw                   nobody              other  sign in
edit_rpiw              facilitator         own    ok
edit_rpiw              process_owner       own    403
edit_rpiw              chief_executive     own    403
readings               facilitator         own    ok
readings               facilitator         other  404
readings               process_owner       own    ok
readings               process_owner       other  404
readings               workshop_lead       own    ok
readings               kpo_lead            own    ok
readings               executive_sponsor   own    403
readings               chief_executive     own    403
readings               deputy              own    403
readings               regulator_analyst   own    404
readings               administrator       own    404
readings               former              own    404
readings               nobody              own    sign in
close_rpiw             executive_sponsor   own    ok
close_rpiw             executive_sponsor   other  404
close_rpiw             kpo_lead            own    403
close_rpiw             facilitator         own    403
measurements           facilitator         own    ok
measurements           facilitator         other  404
measurements           process_owner       own    403
measurements           executive_sponsor   own    403
measurements           regulator_analyst   own    404
measurement            kpo_lead            own    ok
measurement            chief_executive     own    403
metric_amend           process_owner       own    ok
metric_amend           chief_executive     own    ok
metric_amend           kpo_lead            other  404
metric_amend           administrator       own    404
amendment              workshop_lead       own    ok
amendment              executive_sponsor   other  404
amendment_decide       executive_sponsor   own    ok
amendment_decide       kpo_lead            own    403
amendment_decide       chief_executive     own    403
amendment_decide       executive_sponsor   other  404
retirement_decide      executive_sponsor   own    ok
retirement_decide      facilitator         own    403
metric_recalculate     kpo_lead            own    ok
metric_recalculate     facilitator         own    403
recalculation_withdraw executive_sponsor   own    403
recalculation_withdraw kpo_lead            other  404
due                    facilitator         own    ok
due                    secretariat         own    403
partnership            facilitator         own    ok
partnership            process_owner       own    ok
partnership            secretariat         own    403
partnership            administrator       own    403
partnership            former              own    403
people                 kpo_lead            own    ok
people                 facilitator         own    403
people                 chief_executive     own    403
people                 administrator       own    403
invite                 kpo_lead            own    ok
invite                 workshop_lead       own    403
membership_end         kpo_lead            own    ok
membership_end         kpo_lead            other  404
membership_end         administrator       own    404
membership_renew       facilitator         own    403
membership_letter      kpo_lead            other  404
sign_in_help           kpo_lead            own    ok
sign_in_help           kpo_lead            other  404
sign_in_help           facilitator         own    403
sign_in_help           chief_executive     own    403
sign_in_help           administrator       own    404
set_up_sign_in_help    administrator       own    ok
set_up_sign_in_help    administrator       other  ok
set_up_sign_in_help    kpo_lead            own    403
set_up_sign_in_help    nobody              own    sign in
set_up                 administrator       own    ok
set_up                 kpo_lead            own    403
set_up                 chief_executive     own    403
set_up                 nobody              own    sign in
dashboards_health      administrator       own    ok
dashboards_health      kpo_lead            own    403
dashboards_health      secretariat         own    403
dashboards_health      nobody              own    sign in
dashboards_try_again   chief_executive     own    403
dashboards_try_again   facilitator         own    403
set_up_trust           administrator       own    ok
set_up_trust           administrator       other  ok
set_up_trust           kpo_lead            own    403
set_up_appoint         administrator       own    ok
set_up_appoint         secretariat         own    403
summaries              regulator_analyst   own    ok
summaries              kpo_lead            own    ok
summaries              chief_executive     own    ok
summaries              facilitator         own    403
summaries              secretariat         own    403
summaries              administrator       own    403
summaries              nobody              own    sign in
summaries_of_trust     regulator_analyst   own    ok
summaries_of_trust     deputy              other  ok
summaries_of_trust     facilitator         own    403
summaries_of_trust     facilitator         other  404
summaries_of_trust     process_owner       other  404
summaries_of_trust     secretariat         own    404
summaries_of_trust     former              own    404
summary                regulator_analyst   own    ok
summary                kpo_lead            other  ok
summary                executive_sponsor   own    403
summary_correct        kpo_lead            own    ok
summary_correct        kpo_lead            other  404
summary_correct        chief_executive     own    403
summary_draft          kpo_lead            own    ok
summary_draft          chief_executive     own    ok
summary_draft          deputy              own    ok
summary_draft          facilitator         own    403
summary_draft          chief_executive     other  404
summary_draft          regulator_analyst   own    404
summary_draft          administrator       own    404
summary_prepare        kpo_lead            own    ok
summary_prepare        chief_executive     own    403
summary_prepare        kpo_lead            other  404
summary_release        chief_executive     own    ok
summary_release        deputy              own    ok
summary_release        kpo_lead            own    403
summary_release        chief_executive     other  404
summary_release        regulator_analyst   own    404
compact                facilitator         own    ok
compact                chief_executive     own    ok
compact                secretariat         own    ok
compact                regulator_analyst   own    403
compact                administrator       own    403
compact                former              own    403
compact                nobody              own    sign in
compact                named               own    ok
compact_version        process_owner       own    ok
compact_version        regulator_analyst   own    403
compact_print          executive_sponsor   own    ok
compact_print          administrator       own    403
compact_draft          chief_executive     own    ok
compact_draft          deputy              own    ok
compact_draft          secretariat         own    ok
compact_draft          named               own    ok
compact_draft          kpo_lead            own    403
compact_draft          facilitator         own    403
compact_draft          regulator_analyst   own    403
compact_draft          administrator       own    403
compact_draft_fresh    workshop_lead       own    403
compact_promise        secretariat         own    ok
compact_promise        executive_sponsor   own    403
compact_comment        administrator       own    403
compact_members        secretariat         own    ok
compact_members        kpo_lead            own    403
compact_member_end     facilitator         own    403
compact_agree          named               own    ok
compact_agree          chief_executive     own    403
compact_agree          secretariat         own    403
compact_publish        chief_executive     own    ok
compact_publish        named               own    ok
compact_publish        secretariat         own    403
compact_publish        administrator       own    403
compact_discard        regulator_analyst   own    403
trust_compact          facilitator         own    ok
trust_compact          facilitator         other  404
trust_compact          regulator_analyst   own    404
trust_compact          secretariat         own    404
trust_compact          administrator       own    404
trust_compact          former              own    404
trust_compact          named               own    404
trust_compact_version  process_owner       own    ok
trust_compact_version  kpo_lead            other  404
trust_compact_print    chief_executive     other  404
trust_compact_draft    kpo_lead            own    ok
trust_compact_draft    chief_executive     own    ok
trust_compact_draft    facilitator         own    403
trust_compact_draft    kpo_lead            other  404
trust_compact_draft    secretariat         own    404
trust_compact_promise  executive_sponsor   own    403
trust_compact_promise  kpo_lead            other  404
trust_compact_members  kpo_lead            own    ok
trust_compact_members  workshop_lead       own    403
trust_compact_agree    kpo_lead            own    403
trust_compact_agree    named_at_trust      own    ok
trust_compact_agree    named_at_trust      other  404
trust_compact_draft    named_at_trust      own    ok
trust_compact_vision   named_at_trust      own    403
trust_compact_publish  chief_executive     own    ok
trust_compact_publish  named_at_trust      own    403
trust_compact_publish  facilitator         own    403
trust_compact_discard  kpo_lead            other  404
account                facilitator         own    ok
account                regulator_analyst   own    ok
account                administrator       own    ok
account                former              own    403
account                nobody              own    sign in
session                facilitator         own    ok
session                regulator_analyst   own    ok
session                former              own    403
session                nobody              own    sign in
sign_out_everywhere    chief_executive     own    ok
sign_out_everywhere    secretariat         own    ok
sign_out_everywhere    nobody              own    sign in
history                facilitator         own    ok
history                facilitator         other  404
history                administrator       own    404
"""

LINES = [line.rsplit(maxsplit=1) for line in EXPECTATIONS.replace("sign in", "sign-in").strip().splitlines()]
TYPED = [(*asked.split(), answer.replace("-", " ")) for asked, answer in LINES]


def somebody(world, who):
    if who == "nobody":
        return None
    if who in ("named", "named_at_trust"):
        role = Role.REGULATOR_ANALYST if who == "named" else Role.FACILITATOR
        party = world.compact["party"] if who == "named" else world.own.party
        trust = None if who == "named" else world.own.trust
        user = member(role, trust, partnership=world.partnership)
        PartyMemberFactory(party=party, user=user)
        return user
    return world.own.former if who == "former" else world.somebody(Role(who))


@pytest.fixture
def world():
    return build_world()


def test_answers_are_as_agreed(world):
    routes = {route.name: route for route in our_routes()}
    wrong = []
    for name, who, where, answer in TYPED:
        place = world.own if where == "own" else world.other
        route = routes[name]
        given = ask(client_of(somebody(world, who)), route.address(world, place), route.sent(place))
        if given != answer:
            wrong.append(f"{name}, {who}, {where}: {given}, should be {answer}")
    assert wrong == []


def test_at_least_sixty_answers_are_typed():
    assert len({line[:3] for line in TYPED}) == len(TYPED) >= 60


def test_process_owner_of_another_rpiw_may_not_log(world):
    """The right reaches the own records only: another RPIW of the same trust is seen, not written."""
    owner = world.own.people[Role.PROCESS_OWNER]
    world.own.rpiw.people.filter(user=owner).delete()
    client = client_of(owner)
    assert ask(client, f"/rpiws/{world.own.rpiw.pk}/readings/") == "403"
    assert ask(client, f"/rpiws/{world.own.rpiw.pk}/") == "ok"
