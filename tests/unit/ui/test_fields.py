import datetime as dt

import pytest
from django import forms

from ui.bounds import DONE, HAPPENED
from ui.fields import DateField, PartialDate, PartialDateField


class Dated(forms.Form):
    on = DateField(within=DONE)
    since = PartialDateField(required=False)


def typed(name, day="", month="", year=""):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "Mar."])
def test_date_field_reads_months_as_people_write_them(month):
    form = Dated(typed("on", "9", month, "2021"))
    assert form.is_valid()
    assert form.cleaned_data == {"on": dt.date(2021, 3, 9), "since": None}


@pytest.mark.parametrize(
    ("parts", "words", "code"),
    [
        (("", "", ""), "Enter a date", "required"),
        (("", "3", "2021"), "The date needs a day", "missing_day"),
        (("9", "", "2021"), "The date needs a month", "missing_month"),
        (("9", "3", ""), "The date needs a year", "missing_year"),
        (("31", "2", "2021"), "There is no day 31 in February 2021", "wrong_day"),
        (("9", "13", "2021"), "Write the month as a number from 1 to 12, or by its name", "wrong_month"),
        (("9", "3", "21"), "Write the year with four figures, like 2021", "wrong_year"),
        (("9", "3", "1999"), "Write a year from 2000 on", "early_year"),
    ],
)
def test_date_field_says_what_is_wrong(parts, words, code):
    form = Dated(typed("on", *parts))
    assert form.errors["on"] == [words]
    assert form.errors["on"].as_data()[0].code == code


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        (("", "", "2015"), PartialDate(dt.date(2015, 1, 1), "year")),
        (("", "July", "2015"), PartialDate(dt.date(2015, 7, 1), "month")),
        (("20", "7", "2015"), PartialDate(dt.date(2015, 7, 20), "day")),
    ],
)
def test_partial_date_field_keeps_how_exactly_it_is_known(parts, known):
    form = Dated({**typed("on", "9", "3", "2021"), **typed("since", *parts)})
    assert form.is_valid()
    assert form.cleaned_data["since"] == known


def test_partial_date_field_refuses_a_day_without_a_month():
    form = Dated({**typed("on", "9", "3", "2021"), **typed("since", "20", "", "2015")})
    assert form.errors["since"] == ["The date needs a month"]


def test_widget_shows_only_what_is_known():
    widget = PartialDateField().widget
    assert widget.decompress(PartialDate(dt.date(2015, 7, 1), "month")) == {"day": "", "month": "7", "year": "2015"}
    assert widget.decompress(None) == {"day": "", "month": "", "year": ""}


def test_has_changed_compares_parts():
    field = DateField()
    assert not field.has_changed(dt.date(2021, 3, 9), {"day": "9", "month": "3", "year": "2021"})
    assert field.has_changed(dt.date(2021, 3, 9), {"day": "10", "month": "3", "year": "2021"})
    assert not field.has_changed(None, None)


def test_partial_date_is_bounded_by_what_is_known_of_it():
    field = PartialDateField(within=HAPPENED)
    this_year = str(dt.date.today().year)

    assert field.clean({"day": "", "month": "", "year": this_year}).precision == "year"
    with pytest.raises(forms.ValidationError, match="still to come"):
        field.clean({"day": "", "month": "", "year": "2150"})
