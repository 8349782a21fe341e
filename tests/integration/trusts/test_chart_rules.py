"""A trust or a partnership chooses the rules by which the charts of metrics are judged."""

import pytest

from accounts.permissions import Role
from metrics.series import metrics_of
from snapshots.models import ChangeMark
from tests.factories.metrics import MetricFactory
from tests.factories.trusts import PartnershipFactory, TrustFactory, ValueStreamFactory, member
from trusts.models import Partnership

pytestmark = pytest.mark.django_db

EDIT, PARTNERSHIP = "/trusts/RR8/edit/", "/set-up/partnership/"


@pytest.fixture
def trust():
    return TrustFactory(ods_code="RR8", name="Leeds Teaching Hospitals NHS Trust", short_name="Leeds")


@pytest.fixture
def stream(trust):
    return ValueStreamFactory(trust=trust)


@pytest.fixture
def lead(client, trust):
    client.force_login(member(Role.KPO_LEAD, trust))


@pytest.fixture
def administrator(client, trust):
    client.force_login(member(Role.ADMINISTRATOR, partnership=trust.partnership))


def text(response) -> str:
    return response.content.decode()


def seen(client, address) -> str:
    return text(client.get(address)).split('name="seen" value="')[1].split('"')[0]


def of_trust(client, **chosen):
    form = {"name": "Leeds Teaching Hospitals NHS Trust", "short_name": "Leeds", "ods_code": "RR8"}
    return client.post(EDIT, form | {"seen": seen(client, EDIT)} | chosen)


def of_partnership(client, partnership, **chosen):
    day = partnership.started
    form = {"name": partnership.name, "regulator": partnership.regulator, "coach": partnership.coach}
    form |= {"started_day": day.day, "started_month": day.month, "started_year": day.year}
    return client.post(PARTNERSHIP, form | {"seen": seen(client, PARTNERSHIP)} | chosen)


def marked() -> set[int]:
    return set(ChangeMark.objects.filter(kind="value_stream").values_list("scope_id", flat=True))


def test_trust_chooses_rules_and_goes_back_to_the_partnerships(client, trust, stream, lead):
    MetricFactory(value_stream=stream)
    page = text(client.get(EDIT))
    assert "As the partnership" in page
    assert "Now NHS England, Single Chart Tool v5.0, runs of 6." in page
    ChangeMark.objects.all().delete()
    assert of_trust(client, spc_rules="nhsr-plotthedots-0.2.2", spc_run_length="6").status_code == 302
    assert marked() == {stream.pk}
    rules = metrics_of(stream.pk)[0]["rules"]
    assert (rules["title"], rules["shift"]) == ("NHSRplotthedots 0.2.2", 6)
    assert "NHSRplotthedots 0.2.2, runs of 6" in text(client.get("/trusts/RR8/context/"))
    of_trust(client, spc_rules="", spc_run_length="")
    trust.refresh_from_db()
    assert (trust.spc_rules, trust.spc_run_length) == ("", None)
    assert "Single Chart Tool v5.0, runs of 6, as the partnership chose" in text(client.get("/trusts/RR8/context/"))


def test_history_tells_the_choice_in_plain_words(client, trust, lead):
    of_trust(client, spc_rules="nhse-sql-2.6a")
    of_trust(client, spc_rules="nhse-sql-2.6a", spc_run_length="7")
    page = text(client.get("/trusts/RR8/context/"))
    assert "Set rules of XmR charts to NHS England, SQL query v2.6a" in page
    assert "Set points of a shift or trend to 7" in page


def test_partnerships_choice_computes_every_chart_of_its_trusts_anew(client, trust, stream, administrator):
    others = ValueStreamFactory(trust__partnership=trust.partnership)
    ValueStreamFactory(trust__partnership=PartnershipFactory(name="Another partnership"))
    ChangeMark.objects.all().delete()
    assert of_partnership(
        client, trust.partnership, spc_rules="nhse-single-chart-5.0", spc_run_length="7"
    ).status_code == 302  # fmt: skip
    assert marked() == {stream.pk, others.pk}
    assert Partnership.objects.get(pk=trust.partnership_id).rule_set.shift == 7
    assert "NHS England, Single Chart Tool v5.0, runs of 7" in text(client.get("/set-up/"))
    assert "Set points of a shift or trend to 7" in text(client.get("/set-up/audit/"))


@pytest.mark.parametrize("chosen", [{"spc_rules": "own"}, {"spc_run_length": "8"}])
def test_rules_that_nobody_offers_are_refused(client, trust, lead, chosen):
    assert "Select a valid choice" in text(of_trust(client, **chosen))


def test_partnership_has_rules(client, trust, administrator):
    assert "Choose rules for the charts of metrics" in text(of_partnership(client, trust.partnership))
