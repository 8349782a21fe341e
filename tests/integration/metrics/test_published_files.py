"""The files that are published for all trusts: only the own trust's rows, as their publishers mean them."""

import gzip
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from accounts.permissions import Role
from metrics.forms.imports import MATCH_FORMS
from metrics.models import FileImport, Measurement
from tests.factories.metrics import MetricFactory, MetricVersionFactory
from tests.factories.trusts import CqcRatingFactory, TrustFactory, ValueStreamFactory, member
from tests.integration.metrics.test_imports import begin, carried_on, counts, upload
from tests.unit.metrics.test_reading import opendocument
from trusts.models import CqcRating

pytestmark = pytest.mark.django_db(transaction=True)

FILES = Path(__file__).resolve().parents[2] / "files"


@pytest.fixture
def stream():
    return ValueStreamFactory(trust=TrustFactory(ods_code="RR8"))


@pytest.fixture
def version(stream):
    return MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="The metric"))


@pytest.fixture
def facilitator(client, stream):
    user = member(Role.FACILITATOR, stream.trust)
    client.force_login(user)
    return user


def checked(client, stream, version, content, name, **chosen):
    """Upload, say what it measures, and have it read."""
    file_import = upload(client, stream, content, name)
    address = reverse("import_columns", args=[file_import.pk])
    assert client.get(address).status_code == 200
    response = client.post(address, {"metric": version.metric_id, **chosen})
    assert response.status_code == 302, response.content.decode()
    return carried_on(file_import)


def published(name):
    return gzip.decompress((FILES / "published" / f"{name}.gz").read_bytes())


def values():
    rows = Measurement.objects.order_by("subgroup", "on").values_list(
        "subgroup", "on", "value", "numerator", "denominator"
    )
    return [(group, on, round(value, 4), above, below) for group, on, value, above, below in rows]  # fmt: skip


def test_turnover_is_leavers_over_the_mean_of_the_denominators(client, stream, version, facilitator):
    content = (FILES / "turnover.csv").read_bytes()
    found = checked(client, stream, version, content, "turnover.csv", staff="hc", groups="yes")
    assert found.layout == "turnover"
    assert counts(found) == ("checked", 8, 2, 0, 0, 0, 0)
    page = client.get(reverse("file_import", args=[found.pk])).content.decode()
    assert "2 rows of other organisations left out: only rows of RR8 are taken." in page
    begin(client, found)
    november = date(2025, 11, 1)
    assert values() == [
        ("", november, Decimal("1.5000"), Decimal(15), Decimal(1000)),
        # Nobody left: the row is missing rather than zero.
        ("Midwives", november, Decimal(0), Decimal(0), Decimal(50)),
    ]


def test_turnover_counts_full_time_equivalents(client, stream, version, facilitator):
    content = (FILES / "turnover.csv").read_bytes()
    begin(client, checked(client, stream, version, content, "turnover.csv", staff="fte", groups="no"))
    assert values() == [("", date(2025, 11, 1), Decimal("1.0000"), Decimal(9), Decimal(900))]


def test_real_turnover_file_is_imported(client, stream, version, facilitator):
    content = published("turnover_staff_group_organisation_2025-11.csv")
    done = begin(client, checked(client, stream, version, content, "t.csv", staff="hc", groups="yes"))
    assert (done.state, done.rows, done.added, done.rejected) == ("done", 9351, 13, 0)
    assert values()[0] == ("", date(2025, 11, 1), Decimal("0.8046"), Decimal(162), Decimal("20134.5"))


@pytest.mark.parametrize(
    ("figure", "departments", "march"),
    [
        ("within", "all", Decimal("90.8947")),
        ("over", "1", Decimal("10.1587")),
    ],
)
def test_accident_and_emergency_months(client, stream, version, facilitator, figure, departments, march):
    content = (FILES / "ae_attendances.csv").read_bytes()
    done = begin(client, checked(client, stream, version, content, "ae.csv", figure=figure, departments=departments))
    assert counts(done) == ("done", 5, 2, 0, 0, 0, 0)
    assert [row[1] for row in values()] == [date(2017, 2, 1), date(2017, 3, 1)]
    assert values()[1][2] == march


def test_figure_and_unit_must_agree(client, stream, version, facilitator):
    file_import = upload(client, stream, (FILES / "ae_attendances.csv").read_bytes(), "ae.csv")
    given = {"metric": version.metric_id, "figure": "attendances", "departments": "all"}
    said = client.post(reverse("import_columns", args=[file_import.pk]), given).content.decode()
    assert "The metric has another unit" in said


def test_real_accident_and_emergency_file_is_imported(client, stream, version, facilitator):
    content = published("ae_attendances.csv")
    done = begin(client, checked(client, stream, version, content, "ae.csv", figure="within", departments="all"))
    assert (done.state, done.rows, done.added, done.rejected) == ("done", 12765, 36, 0)
    (march,) = [row for row in values() if row[1] == date(2017, 3, 1)]
    assert march[3:] == (18152 + 2100 - 1844, 18152 + 2100)


def friends_family(positive, *, month="September 2025"):
    """The workbook as it is published: titles, headings in rows 3 and 4, totals, trusts from row 7."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Friends and Family Test"])
    page = book.create_sheet("Trusts")
    rows = {
        1: [f"Friends and Family Test: A&E, {month}"],
        3: ["ICB Code", "Trust Code", "Trust Name", "Total Responses", "Percentage Positive", "Percentage Negative",
            "Breakdown of Responses"],
        4: ["", "", "", "", "", "", "Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor", "Don't Know"],
        5: ["", "", "England", 1000, 0.8, 0.12],
        7: ["QWO", "RWE", "Another NHS Trust", 100, 0.5, 0.4, 25, 25, 10, 20, 20, 0],
        8: ["QWO", "RR8", "A Teaching Hospitals NHS Trust", 200, positive, 0.1, 100, 68, 12, 10, 10, 0],
    }  # fmt: skip
    for number, cells in rows.items():
        for place, cell in enumerate(cells, 1):
            page.cell(number, place, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_friends_and_family_test_is_a_fraction_with_its_own_caveat(client, stream, version, facilitator):
    content = friends_family(0.84)
    file_import = upload(client, stream, content, "fft.xlsx")
    assert (file_import.layout, file_import.columns["month"]) == ("friends_family", "2025-09-01")
    page = client.get(reverse("import_columns", args=[file_import.pk])).content.decode()
    assert "is not a measure for comparing providers" in page
    found = checked(client, stream, version, content, "fft.xlsx", figure="positive", month_month="9", month_year="2025")
    assert "is not a measure for comparing" in client.get(reverse("file_import", args=[found.pk])).content.decode()
    begin(client, found)
    assert values() == [("", date(2025, 9, 1), Decimal(84), Decimal(168), Decimal(200))]


def test_star_of_the_friends_and_family_test_is_suppressed(client, stream, version, facilitator):
    given = {"figure": "positive", "month_month": "9", "month_year": "2025"}
    begin(client, checked(client, stream, version, friends_family("*"), "fft.xlsx", **given))
    assert Measurement.objects.get().missing == "suppressed"


HEADINGS = ["Provider ID", "Provider Name", "Provider Type", "Service / Population Group", "Domain", "Latest Rating",
            "Publication Date"]  # fmt: skip


def latest_ratings():
    ours = ["RR8", "A Teaching Hospitals NHS Trust", "NHS Healthcare Organisation"]
    rows = [
        ["Care Quality Commission"],
        ["Ratings of providers"],
        HEADINGS,
        [*ours, "Overall", "Safe", "Inadequate", "01/02/2019"],
        [*ours, "Urgent care", "Overall", "Outstanding", "01/02/2019"],
        [*ours, "Overall", "Overall", "Requires improvement", "15/02/2019"],
        ["RWE", "Another NHS Trust", "NHS Healthcare Organisation", "Overall", "Overall", "Good", "05/02/2020"],
        ["RR8", "A dentist", "Primary Dental Care", "Overall", "Overall", "Good", "05/02/2020"],
    ]
    other = '<table:table table:name="Locations"><table:table-row/></table:table>'
    return opendocument(rows, "Providers", before=other)


def test_rating_of_the_provider_goes_into_the_context_after_a_look(client, stream):
    client.force_login(member(Role.KPO_LEAD, stream.trust))
    CqcRatingFactory(trust=stream.trust, rated=date(2014, 6, 1))
    file_import = carried_on(upload(client, stream, latest_ratings(), "ratings.ods"))
    assert (file_import.layout, file_import.state) == ("cqc", "checked")
    page = client.get(reverse("file_import", args=[file_import.pk])).content.decode()
    assert "Requires improvement" in page
    assert CqcRating.objects.count() == 1
    client.post(reverse("file_import", args=[file_import.pk]))
    rating = CqcRating.objects.get(rated=date(2019, 2, 15))
    assert (rating.rating, rating.trust) == ("requires_improvement", stream.trust)
    assert "ratings.ods" in rating.source
    again = carried_on(upload(client, stream, latest_ratings(), "ratings.ods"))
    client.post(reverse("file_import", args=[again.pk]))
    again.refresh_from_db()
    assert (CqcRating.objects.count(), again.added, again.unchanged) == (2, 0, 1)


def test_ratings_are_recorded_by_a_kpo_lead_alone(client, stream, facilitator):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"file": SimpleUploadedFile("ratings.ods", latest_ratings())}
    said = client.post(reverse("import_start", args=[stream.pk]), sent).content.decode()
    assert "recorded by a KPO lead" in said
    assert not FileImport.objects.exists()
    assert set(MATCH_FORMS) >= {"cqc"}
