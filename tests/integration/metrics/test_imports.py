"""A file on its way from upload to report, through the pages, with the worker's part called in place."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.permissions import Role
from metrics.forms.imports import OwnForm
from metrics.imports import running
from metrics.imports.matching import matched_before
from metrics.models import FileImport, Measurement
from snapshots.models import ChangeMark
from tests.factories.metrics import MeasurementFactory, MetricFactory, MetricVersionFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member

pytestmark = pytest.mark.django_db(transaction=True)

MONTHS = ("April", "May", "June", "July", "August", "September")


@pytest.fixture
def stream():
    return ValueStreamFactory(trust=TrustFactory(ods_code="RR8"))


@pytest.fixture
def late(stream):
    """A percentage, with a definition in force."""
    return MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))


@pytest.fixture
def facilitator(client, stream):
    user = member(Role.FACILITATOR, stream.trust)
    client.force_login(user)
    return user


def upload(client, stream, content, name="months.csv"):
    if isinstance(content, str):
        content = content.encode()
    response = client.post(reverse("import_start", args=[stream.pk]), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return FileImport.objects.latest("pk")


def match(client, file_import, **chosen):
    """Match the columns, as suggested or as chosen, and let the worker read the file."""
    address = reverse("import_columns", args=[file_import.pk])
    form = OwnForm(file_import=file_import, before=matched_before(file_import))
    given = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    given |= chosen
    response = client.post(address, {name: value for name, value in given.items() if value not in (False, None)})
    assert response.status_code == 302, response.content.decode()
    return carried_on(file_import)


def begin(client, file_import, **chosen):
    response = client.post(reverse("file_import", args=[file_import.pk]), chosen)
    assert response.status_code == 302, response.content.decode()
    return carried_on(file_import)


def carried_on(file_import):
    running.run(file_import.pk)
    file_import.refresh_from_db()
    return file_import


def imported(client, stream, content, **chosen):
    return begin(client, match(client, upload(client, stream, content)), **chosen)


def table(*rows, heading="Period,Late starts"):
    return "\n".join([heading, *rows]) + "\n"


def recorded(version):
    rows = Measurement.objects.filter(version=version).order_by("subgroup", "on")
    return [(row.subgroup, row.on.isoformat(), row.value and row.value.normalize(), row.missing) for row in rows]


def counts(file_import):
    names = ("state", "rows", "added", "unchanged", "differing", "corrected", "rejected")
    return tuple(getattr(file_import, name) for name in names)


def test_file_is_read_looked_at_and_imported(client, stream, late, facilitator):
    content = table("01/04/2023,12.5%", "May 2023,*", "2023-06,14", "Jul-23,")
    found = match(client, upload(client, stream, content))
    assert counts(found) == ("checked", 4, 3, 0, 0, 0, 0)
    assert not Measurement.objects.exists()
    page = client.get(reverse("file_import", args=[found.pk])).content.decode()
    assert "April 2023" in page
    assert "12.5%" in page
    ChangeMark.objects.all().delete()
    done = begin(client, found)
    assert counts(done) == ("done", 4, 3, 0, 0, 0, 0)
    assert recorded(late) == [
        ("", "2023-04-01", Decimal("12.5"), ""),
        ("", "2023-05-01", None, "suppressed"),
        ("", "2023-06-01", Decimal("14").normalize(), ""),
    ]
    row = Measurement.objects.filter(version=late).first()
    assert (row.recorded_by, row.from_file, row.recorded_at is None) == (facilitator, done, False)
    assert done.content is None
    assert done.columns["samples"] == []
    assert set(ChangeMark.objects.values_list("kind", "scope_id")) == {("value_stream", stream.pk)}


def test_same_file_twice_changes_nothing(client, stream, late, facilitator):
    content = table("01/04/2023,12", "01/05/2023,13")
    imported(client, stream, content)
    before = list(Measurement.objects.order_by("pk").values())
    again = match(client, upload(client, stream, content))
    assert counts(again) == ("checked", 2, 0, 2, 0, 0, 0)
    done = begin(client, again)
    assert counts(done) == ("done", 2, 0, 2, 0, 0, 0)
    assert list(Measurement.objects.order_by("pk").values()) == before


def test_changed_value_waits_for_a_yes_and_a_reason(client, stream, late, facilitator):
    imported(client, stream, table("01/04/2023,12", "01/05/2023,13"))
    found = match(client, upload(client, stream, table("01/04/2023,12", "01/05/2023,15")))
    assert counts(found) == ("checked", 2, 0, 1, 1, 0, 0)
    address = reverse("file_import", args=[found.pk])
    assert "Choose what becomes of the values that differ" in client.post(address, {}).content.decode()
    assert "Write why the values change" in client.post(address, {"replaces": "yes"}).content.decode()
    left = begin(client, found, replaces="no")
    assert counts(left) == ("done", 2, 0, 1, 1, 0, 0)
    assert recorded(late)[1][2] == 13
    done = imported(client, stream, table("01/04/2023,12", "01/05/2023,15"), replaces="yes", reason="Validated late")
    assert counts(done) == ("done", 2, 0, 1, 1, 1, 0)
    row = Measurement.objects.get(version=late, on=date(2023, 5, 1))
    assert (row.value, row.correction_reason, row.row_version, row.from_file) == (15, "Validated late", 2, done)
    event = row.events.select_related("pgh_context").latest("pgh_id")
    assert event.pgh_context.metadata["user"] == facilitator.pk
    assert sorted(old.value for old in row.events.all()) == [15]


def test_rows_with_problems_are_told_by_cell_and_come_back_as_a_file_to_mend(client, stream, late, facilitator):
    content = table("01/04/2023,12,x", "31/02/2023,13,y", "01/06/2023,many,z", heading="Period,Late starts,Patient")
    found = match(client, upload(client, stream, content))
    assert counts(found) == ("checked", 3, 1, 0, 0, 0, 2)
    assert [(p["line"], p["cell"], p["said"]) for p in found.problems] == [(3, 0, "31/02/2023"), (4, 1, "many")]
    page = client.get(reverse("file_import", args=[found.pk])).content.decode()
    assert ">A3<" in page
    assert ">B4<" in page
    done = begin(client, found)
    response = client.get(reverse("import_rejected_csv", args=[done.pk]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["Period", "Late starts", f"What is the matter (file {done.pk})"]
    assert [row[:2] for row in rows[1:]] == [["31/02/2023", "13"], ["01/06/2023", "many"]]
    assert rows[2][2].startswith("Late starts: This is no number. Write it like 12.5, * where it is suppressed")
    rows[1][0], rows[2][1] = "28/02/2023", "14"
    mended = io.StringIO()
    csv.writer(mended).writerows(rows)
    assert counts(imported(client, stream, mended.getvalue())) == ("done", 2, 2, 0, 0, 0, 0)
    assert [row[1] for row in recorded(late)] == ["2023-02-01", "2023-04-01", "2023-06-01"]


def sheet(*rows, formats=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, code in formats:
        book.active[cell].number_format = code
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_mended_rows_are_read_as_their_file_was(client, stream, late, facilitator, kind):
    """Month first, parts of one, and decimals behind a comma: another file with other answers came in between."""
    content = "Period;Ward;Late starts\n04/03/2023;J32;0,842\n05/31/2023;J32;many\n"
    first = match(
        client, upload(client, stream, content), column_1="none", day_first="no", decimals=",", fractions="on"
    )  # fmt: skip
    assert counts(first) == ("checked", 2, 1, 0, 0, 0, 1)
    begin(client, first)
    begin(client, match(client, upload(client, stream, table("03/01/2023,*")), day_first="yes", decimals="."))
    made = client.get(reverse(f"import_rejected_{kind}", args=[first.pk])).getvalue()
    if kind == "csv":
        mended = made.replace(b"many", b'"0,125"')
    else:
        book = openpyxl.load_workbook(io.BytesIO(made))
        book["Rows"]["B2"] = "0,125"
        file = io.BytesIO()
        book.save(file)
        mended = file.getvalue()
    again = upload(client, stream, mended, name=f"mended.{kind}")
    page = client.get(reverse("import_columns", args=[again.pk])).content.decode()
    said = "These are the rows to mend of months.csv. They are matched as it was: dates as month/day/year, percentages"
    assert f"{said} as parts of one and decimals behind a comma." in page
    assert counts(begin(client, match(client, again))) == ("done", 1, 1, 0, 0, 0, 0)
    assert [row[1:3] for row in recorded(late)] == [
        ("2023-01-01", None),
        ("2023-04-01", Decimal("84.2")),
        ("2023-05-01", Decimal("12.5")),
    ]


def test_mended_rows_without_their_last_column_are_known_by_their_headings(client, stream, late, facilitator):
    content = table("04/03/2023,x,12", "05/31/2023,x,many", heading="Period,Ward,Late starts")
    first = match(client, upload(client, stream, content), column_1="none", day_first="no")
    assert counts(first)[-1] == 1
    found = match(client, upload(client, stream, table("05/31/2023,13")))
    assert (counts(found)[2], found.columns["day_first"]) == (1, False)


def test_percentages_are_read_as_the_workbook_shows_them(client, stream, late, facilitator):
    content = sheet(["Month", "Late starts"], ["Apr 2023", 0.842], ["May 2023", 0.85], formats=[("B2", "0.0%")])
    found = match(client, upload(client, stream, content, name="months.xlsx"))
    assert [one["value"] for one in found.found["entries"]] == ["84.2", "0.85"]
    assert [(one["line"], one["cell"]) for one in found.found["odd"]] == [(3, 1)]


def test_odd_values_are_imported_after_a_yes(client, stream, late, facilitator):
    months = [f"2022-{month:02}" for month in range(1, 13)]
    values = [40, 42, 41, 430, 120, 3, 0.4, *[41] * 5]
    content = table(*(f"{month},{value}" for month, value in zip(months, values, strict=True)))
    found = match(client, upload(client, stream, content))
    assert counts(found)[2] == 12
    assert [(one["line"], one["cell"], one["words"]) for one in found.found["odd"]] == [
        (5, 1, "430% is over 100%. Is that right?"),
        (6, 1, "120% is over 100%. Is that right?"),
        (7, 1, "3% is less than a tenth of the usual 41%. A slip of the unit or the decimal point?"),
        (8, 1, "0.4% is less than one in a hundred. A fraction, for 40%?"),
    ]
    page = client.get(reverse("file_import", args=[found.pk])).content.decode()
    assert ">B5<" in page
    said = client.post(reverse("file_import", args=[found.pk]), {}).content.decode()
    assert "Say that you have looked at what is odd" in said
    done = begin(client, found, looked="on")
    assert counts(done)[:3] == ("done", 12, 12)
    again = match(client, upload(client, stream, content))
    assert again.found["odd"] == []


def test_odd_values_are_told_by_what_is_recorded(client, stream, facilitator):
    version = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Length of stay"), unit="days")
    imported(client, stream, table("Apr 2023,3", "May 2023,4", "Jun 2023,3.5", heading="Month,Length of stay"))
    found = match(client, upload(client, stream, table("Jul 2023,84", heading="Month,Length of stay")))
    assert [one["words"] for one in found.found["odd"]] == [
        "84 days is more than ten times the usual 3.5 days. A slip of the unit or the decimal point?"
    ]
    found = match(client, upload(client, stream, table("Jul 2023,84 h", "Aug 2023,£3", heading="Month,Length of stay")))
    assert (found.found["odd"], [one["value"] for one in found.found["entries"]]) == ([], ["3.5"])
    assert [p["words"] for p in found.problems] == [
        "£ stands here, and the metric's unit is another one. Write it in that unit"
    ]
    assert version.measurements.count() == 3


def test_dates_that_read_either_way_are_counted_once(client, stream, late, facilitator):
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Cancelled"), unit="count", denominator="")
    heading = "Period,Late starts,Cancelled,Ward"
    rows = [f"01/{month:02}/2023,12,3,{ward}" for month in (1, 2, 3) for ward in ("J32", "J33")]
    found = match(client, upload(client, stream, table(*rows, heading=heading)))
    assert found.found["told"]["either"] == 2
    page = client.get(reverse("file_import", args=[found.pk])).content.decode()
    assert "2 dates could be read with day and month the other way round. Read here: 01/02/2023 as 2023-02-01." in page


def test_formula_without_a_value_is_named_at_its_cell(client, stream, late, facilitator):
    content = sheet(["Month", "Late starts", "Note"], ["Apr 2023", "=SUM(D2:D9)", ""], ["May 2023", 3, '=A1&"x"'])
    found = match(client, upload(client, stream, content, name="months.xlsx"))
    assert counts(found) == ("checked", 2, 0, 0, 0, 0, 2)
    assert [(p["line"], p["cell"], p["said"]) for p in found.problems] == [(2, 1, "=SUM(D2:D9)"), (3, 2, '=A1&"x"')]
    assert "Open the file in Excel, save it, and upload that" in found.problems[0]["words"]


def test_comma_before_three_figures_is_asked_about(client, stream, facilitator):
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Stay"), unit="days", denominator="")

    def of(*values, mark=";"):
        return upload(
            client, stream, "\n".join([f"Month{mark}Stay", *(f"2023-0{n}{mark}{v}" for n, v in enumerate(values, 1))])
        )

    # Only numbers that read either way: it must be said.
    doubtful = of("3,125", "2,750")
    given = {
        "column_0": "period",
        "column_1": OwnForm(file_import=doubtful).fields["column_1"].initial,
        "day_first": "yes",
    }
    said = client.post(reverse("import_columns", args=[doubtful.pk]), given).content.decode()
    assert "Choose what the comma stands for: the file does not show it" in said
    found = match(client, doubtful, decimals=",")
    assert [one["value"] for one in found.found["entries"]] == ["3.125", "2.75"]
    # The file's other numbers show it.
    assert [one["value"] for one in match(client, of("3,125", "2,7")).found["entries"]] == ["3.125", "2.7"]
    assert [one["value"] for one in match(client, of("3,125", "2.7")).found["entries"]] == ["3125", "2.7"]
    # One slip among many is a slip.
    slip = match(client, of("3,125", "2.7", "4,5", "3.5"))
    assert ([one["value"] for one in slip.found["entries"]], slip.rejected, slip.found["odd"]) == (
        ["3125", "2.7", "3.5"],
        1,
        [],
    )
    # Said the wrong way: the others are problems, and those that can be read are asked about.
    wrong = match(client, of("3,125", "2,7"), decimals=".")
    assert [(p["line"], p["cell"]) for p in wrong.problems] == [(3, 1)]
    assert wrong.found["odd"] == [
        {"line": 2, "cell": 1, "said": "3,125", "words": "Read as thousands. Does the comma stand before decimals?"}
    ]
    # Where commas part the columns it is not asked.
    assert (
        "A number like 3,125" not in client.get(reverse("import_columns", args=[of("4", mark=",").pk])).content.decode()
    )


def test_two_values_for_one_period_are_both_to_mend(client, stream, late, facilitator):
    content = table("01/04/2023,12", "15/04/2023,13", "01/05/2023,14", "02/05/2023,14")
    done = imported(client, stream, content)
    assert counts(done) == ("done", 4, 1, 0, 0, 0, 2)
    assert recorded(late) == [("", "2023-05-01", Decimal(14), "")]
    assert done.problems[0]["words"] == "Row 3 gives another value for the same period. Keep one of the two"
    assert done.problems[1]["words"].startswith("Row 2 gives")


def test_column_matched_wrongly_is_one_clear_sentence(client, stream, late, facilitator):
    rows = "\n".join(f"01/04/2023,ward {n}" for n in range(10_050))
    file_import = match(client, upload(client, stream, f"Period,Late starts\n{rows}\n"))
    assert file_import.state == "failed"
    assert file_import.failure.startswith("More than 10,000 rows have a problem.")
    assert (
        reverse("import_columns", args=[file_import.pk])
        in client.get(reverse("file_import", args=[file_import.pk])).content.decode()
    )


def test_each_row_names_its_metric_and_subgroup(client, stream, late, facilitator):
    other = MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Cancelled"), unit="count")
    heading = "Month,Metric,Ward,Value,Counted,Out of"
    content = table(
        "Apr 2023,late STARTS,J32,,3,12", "Apr 2023,Cancelled,,\"1,204\",,", "Apr 2023,Unheard of,,1,,", heading=heading
    )  # fmt: skip
    found = match(client, upload(client, stream, content))
    assert counts(found) == ("checked", 3, 2, 0, 0, 0, 1)
    begin(client, found)
    row = Measurement.objects.get(version=late)
    assert (row.subgroup, row.value, row.numerator, row.denominator) == ("J32", 25, 3, 12)
    assert Measurement.objects.get(version=other).value == 1204


def test_value_that_its_counts_contradict_is_named(client, stream, late, facilitator):
    heading = "Month,Metric,Value,Counted,Out of"
    content = table("Apr 2023,Late starts,50,10,100", "May 2023,Late starts,33.3,1,3", heading=heading)
    found = match(client, upload(client, stream, content))
    assert counts(found) == ("checked", 2, 1, 0, 0, 0, 1)
    assert "The counts beside it give 10." in client.get(reverse("file_import", args=[found.pk])).content.decode()


def test_row_goes_to_the_definition_in_force_at_its_date(client, stream, late, facilitator):
    amended = MetricVersionFactory(
        metric=late.metric, number=2, applies_from=date(2023, 6, 1), reason="Narrower", proposed_at=late.agreed_at,
        proposed_by=facilitator,
    )  # fmt: skip
    imported(client, stream, table("01/05/2023,12", "01/06/2023,13"))
    assert [row[1] for row in recorded(late)] == ["2023-05-01"]
    assert [row[1] for row in recorded(amended)] == ["2023-06-01"]


def test_measurement_by_hand_of_the_same_value_stays_as_it_is(client, stream, late, facilitator):
    MeasurementFactory(version=late, on=date(2023, 4, 1), value=12, note="By hand")
    done = imported(client, stream, table("01/04/2023,12.0"))
    assert counts(done) == ("done", 1, 0, 1, 0, 0, 0)
    assert Measurement.objects.get().note == "By hand"


def test_patient_data_is_refused_and_kept_nowhere(client, stream, late, facilitator):
    content = table("01/04/2023,12,943 476 5919", heading="Period,Late starts,Note")
    found = match(client, upload(client, stream, content))
    assert counts(found) == ("checked", 1, 0, 0, 0, 0, 1)
    assert found.problems[0]["words"].startswith("This holds what looks like an NHS number")
    kept = str([found.problems, found.rejected_rows, found.found])
    assert "943" not in kept


def test_columns_must_make_sense(client, stream, late, facilitator):
    file_import = upload(client, stream, table("01/04/2023,12"))
    address = reverse("import_columns", args=[file_import.pk])
    said = client.post(address, {"column_0": "none", "column_1": "none", "day_first": "yes"}).content.decode()
    assert "Choose which column holds the date or period" in said
    assert "Choose which column holds the values of a metric" in said
    said = client.post(address, {"column_0": "period", "column_1": "period", "day_first": "yes"}).content.decode()
    assert "The column Period holds this already" in said
    file_import.refresh_from_db()
    assert file_import.state == "uploaded"


def test_given_up_file_is_forgotten(client, stream, late, facilitator):
    found = match(client, upload(client, stream, table("01/04/2023,12")))
    client.post(reverse("import_give_up", args=[found.pk]))
    found.refresh_from_db()
    assert (found.state, found.content) == ("failed", None)
    assert client.get(reverse("import_columns", args=[found.pk])).status_code == 302
    assert "Given up" in client.get(reverse("file_import", args=[found.pk])).content.decode()


def test_filled_template_comes_back_whole(client, stream, late, facilitator):
    response = client.get(reverse("import_template_csv", args=[stream.pk]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["Period", "Late starts (%)", "Late starts: counted", "Late starts: out of", "Subgroup", "Note"]
    assert len(rows) == 25
    for n, row in enumerate(rows[1:], 10):
        row[1] = str(n)
    filled = io.StringIO()
    csv.writer(filled).writerows(rows)
    assert imported(client, stream, filled.getvalue()).added == 24
    assert client.get(reverse("import_template_xlsx", args=[stream.pk])).getvalue().startswith(b"PK")


def test_import_of_another_trust_is_not_there(client, stream, late, facilitator):
    found = match(client, upload(client, stream, table("01/04/2023,12")))
    client.force_login(member(Role.FACILITATOR, TrustFactory(partnership=stream.trust.partnership)))
    for name in ("file_import", "import_columns", "import_progress", "import_give_up", "import_rejected_csv"):
        assert client.get(reverse(name, args=[found.pk])).status_code == 404
        assert client.post(reverse(name, args=[found.pk])).status_code == 404
    found.refresh_from_db()
    assert found.state == "checked"


def test_pages_ask_a_bounded_number_of_queries(client, stream, late, facilitator, django_assert_max_num_queries):
    found = match(client, upload(client, stream, table("01/04/2023,12", "x,1", "y,2")))
    for _ in range(12):
        upload(client, stream, table("01/04/2023,12"))
    with django_assert_max_num_queries(16):
        client.get(reverse("import_start", args=[stream.pk]))
    with django_assert_max_num_queries(22):
        client.get(reverse("file_import", args=[found.pk]))
