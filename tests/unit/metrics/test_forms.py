"""What the forms of a metric say of what was typed, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from metrics.forms.amendments import AmendmentForm, DecisionForm, RetirementForm
from metrics.forms.grid import MeasurementCell, label_of
from metrics.forms.marks import AnnotationForm, RecalculationForm
from metrics.forms.targets import TargetForm
from metrics.grid import Column, Place
from metrics.models import Measurement, Metric, MetricVersion
from ui.patient_data import REFUSED

APRIL = date(2016, 4, 1)
NHS_NUMBER = "943 476 5919"


def version(**given) -> MetricVersion:
    facts = {
        "pk": 7,
        "number": 1,
        "numerator": "Late starts",
        "denominator": "All operations",
        "data_source": "Theatre system",
        "collected_how": "Monthly report",
        "collected_often": "monthly",
        "owner": "Theatre matron",
        "unit": "percent",
        "better_when": "lower",
        "activity": 30,
        "touched": 1,
    }
    return MetricVersion(**facts | given)


def amendment(present=None, **given) -> AmendmentForm:
    present = present or version()
    sent = {name: getattr(present, name) for name in AmendmentForm.base_fields if hasattr(present, name)}
    sent |= {"reason": "Too broad", "applies_from_month": "5", "applies_from_year": "2016", "seen": 1}
    return AmendmentForm(sent | {"numerator": "Late starts in theatre 5"} | given, present=present)


def test_amendment_begins_with_its_first_period():
    form = amendment(collected_often="quarterly")
    assert form.is_valid()
    assert form.facts["applies_from"] == APRIL
    assert form.facts["target"] is None


def test_amendment_keeps_what_the_work_touches_while_the_unit_is_the_same():
    assert amendment().is_valid()
    same, other = amendment(), amendment(unit="count")
    assert same.is_valid()
    assert other.is_valid()
    assert same.facts["definition"]["touched"] == 1
    assert "touched" not in other.facts["definition"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": f"Patient {NHS_NUMBER}"}, "reason"),
        ({"numerator": ""}, "numerator"),
        ({"applies_from_year": ""}, "applies_from"),
        ({"target": "much"}, "target"),
        ({"decimals": "9"}, "decimals"),
        ({"numerator": "Late starts"}, "__all__"),
    ],
)
def test_amendment_says_what_is_wrong_at_its_field(given, field):
    form = amendment(**given)
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_target_of_an_amendment_is_read_in_the_new_unit():
    form = amendment(unit="days", target="60 h")
    assert form.is_valid()
    assert form.facts["target"] == Decimal("2.5")


def test_retirement_and_decline_ask_why():
    assert "reason" in RetirementForm({"last_day_day": "1", "last_day_month": "4", "last_day_year": "2016"}).errors
    early = {"reason": "Held", "last_day_day": "1", "last_day_month": "4", "last_day_year": "2016"}
    assert RetirementForm(early, last_period=APRIL).is_valid()
    assert "last_day" in RetirementForm(early, last_period=date(2016, 5, 1)).errors
    assert "decision" in DecisionForm({"answer": "decline"}).errors
    assert DecisionForm({"answer": "agree"}).is_valid()


def test_recalculation_takes_only_a_date_with_a_point():
    sent = {"on": "2016-04-01", "cause": "A second theatre", "reason": "It stays"}
    form = RecalculationForm(sent, version=version(), dates=[APRIL])
    assert form.is_valid()
    assert form.cleaned_data["on"] == APRIL
    assert "on" in RecalculationForm(sent | {"on": "2016-05-01"}, version=version(), dates=[APRIL]).errors


def test_remark_holds_no_nhs_number():
    sent = {"on_day": "1", "on_month": "4", "on_year": "2016", "text": f"About {NHS_NUMBER}"}
    assert AnnotationForm(sent).errors["text"] == [REFUSED]


@pytest.mark.parametrize(("value", "valid"), [("84.2%", True), ("421/500", True), ("*", False), ("soon", False)])
def test_target_is_a_number(value, valid):
    sent = {"starts_day": "1", "starts_month": "4", "starts_year": "2016", "value": value}
    assert TargetForm(sent, version=version()).is_valid() is valid


def cell(data, *, stored=None, corrects=False) -> MeasurementCell:
    column = Column(Metric(name="Late starts"), version(), "", None, None, amended=True)
    place = Place(column, APRIL)
    sent = {f"{place.key}-{name}": value for name, value in data.items()}
    form = MeasurementCell(sent, place=place, stored=stored, corrects=corrects)
    form.full_clean()
    return form


def test_cell_is_called_by_metric_definition_and_period():
    assert label_of(cell({}).place) == "Late starts, definition 1, April 2016"


def test_empty_cell_says_nothing():
    assert cell({"value": "  "}).answer is None
    assert not cell({"value": ""}).errors


def test_correction_to_nothing_is_refused_and_to_something_asks_why():
    stored = Measurement(pk=1, value=Decimal(20), row_version=3)
    assert "value" in cell({"seen": "3", "value": ""}, stored=stored, corrects=True).errors
    assert "why" in cell({"seen": "3", "value": "21"}, stored=stored, corrects=True).errors
    assert not cell({"seen": "3", "value": "20"}, stored=stored, corrects=True).errors


def test_subgroup_has_a_column_of_its_own_that_others_do_not_move():
    whole = Column(Metric(), version(), "", None, None, amended=False)
    ward = Column(Metric(), version(), "Ward 4", None, None, amended=False)
    assert whole.key != ward.key
    assert ward.key == Column(Metric(), version(), "Ward 4", None, APRIL, amended=True).key
