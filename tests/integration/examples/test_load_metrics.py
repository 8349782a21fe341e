"""The metrics of the example: five categories at every trust, what is real and what is generated, and every icon."""

from datetime import date
from decimal import Decimal

import pytest

from examples.loading.everything import load_example
from examples.loading.metrics import FOUR_HOURS, TYPE_1
from examples.loading.tables import months_ago, rows
from metrics.models import Category, Measurement, Metric, MetricVersion, Recalculation
from metrics.series import metrics_of
from trusts.models import Trust, ValueStream
from ui.icons import ASSURANCE, VARIATION

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


@pytest.fixture
def loaded():
    load_example(today=TODAY)


def bodies():
    streams = ValueStream.objects.filter(metrics__isnull=False).distinct()
    return [body for stream in streams for body in metrics_of(stream.pk)]


def test_every_trust_has_metrics_in_all_five_categories_and_its_words_in_their_texts(loaded):
    for trust in Trust.objects.all():
        metrics = Metric.objects.filter(value_stream__trust=trust)
        assert set(metrics.values_list("category", flat=True)) == set(Category)
    teams = {row["trust"]: row["team"] for row in rows("places.csv")}
    for version in MetricVersion.objects.select_related("metric__value_stream__trust"):
        assert teams[version.metric.value_stream.trust.abbreviation] in version.collected_how


def test_four_hour_series_are_the_published_ones_and_nothing_else_is_real(loaded):
    real = Measurement.objects.filter(synthetic=False)
    assert set(real.values_list("version__metric__name", flat=True)) == {FOUR_HOURS}
    assert not Metric.objects.exclude(name=FOUR_HOURS).filter(synthetic=False).exists()
    leeds = real.filter(version__metric__value_stream__trust__abbreviation="LTHT")
    assert leeds.count() == 72
    printed = {
        (row["month"], row["departments"]): (Decimal(row["attendances"]), Decimal(row["over_four_hours"]))
        for row in rows("ae_four_hours.csv")
        if row["trust"] == "LTHT"
    }
    for row in leeds:
        attendances, over = printed[f"{row.on:%Y-%m}", "type 1" if row.subgroup == TYPE_1 else "all"]
        assert (row.denominator, row.denominator - row.numerator) == (attendances, over)
        assert float(row.value) == pytest.approx(100 - 100 * float(over / attendances), abs=1e-5)
    assert {row.on for row in leeds.filter(subgroup="")} == {
        date(year, month, 1)
        for year in range(2016, 2020)
        for month in range(1, 13)
        if date(2016, 4, 1) <= date(year, month, 1) <= date(2019, 3, 1)
    }


def test_generated_series_are_the_same_whenever_they_are_made(loaded):
    late = Measurement.objects.filter(version__metric__name="Fit to leave critical care until a ward bed")
    assert [str(value) for value in late.order_by("on").values_list("value", flat=True)[:4]] == [
        "23.700000",
        "30.300000",
        "25.500000",
        "31.400000",
    ]
    assert late.latest("on").on == months_ago(1, TODAY)


def test_every_icon_and_every_kind_of_gap_is_seen_somewhere(loaded):
    charts = [version["series"][0] for body in bodies() for version in body["versions"]]
    assert {chart["variation"] for chart in charts} == set(VARIATION)
    assert {chart["assurance"] for chart in charts} == set(ASSURANCE)
    assert {point["missing"] for chart in charts for point in chart["points"]} == {"", "suppressed", "not_collected"}
    assert any(len(version["targets"]) > 1 for body in bodies() for version in body["versions"])


def test_theatres_at_uhcw_amended_a_metric_that_could_not_move(loaded):
    metric = Metric.objects.get(name="Theatre sessions that start late")
    (body,) = [one for one in metrics_of(metric.value_stream_id) if one["id"] == metric.pk]
    broad, narrow = body["versions"]
    assert (broad["activity"], broad["touched"], broad["move"]["showing"]) == (30, 1, "not")
    assert broad["series"][0]["variation"] == "common"
    assert broad["series"][0]["points"][-1]["on"] < narrow["applies_from"]
    assert narrow["move"]["showing"] != "not"
    assert narrow["series"][0]["variation"] == "improvement_low"
    assert "30" in narrow["reason"]
    second = metric.versions.get(number=2)
    assert second.agreed_by == metric.value_stream.executive_sponsor
    assert second.proposed_by != second.agreed_by


def test_recalculation_is_a_persons_with_cause_and_reason_on_a_date_with_a_point(loaded):
    (one,) = Recalculation.objects.select_related("version", "by")
    assert one.by.name == "KPO lead, Leeds"
    assert one.cause
    assert one.reason
    assert one.version.measurements.filter(on=one.on).exists()
