import pytest
from django.core.exceptions import ValidationError

from ui.patient_data import is_nhs_number, refuse_patient_data


@pytest.mark.parametrize("digits", ["9434765919", "4010232137", "9999999999"])
def test_nhs_number_with_valid_check_digit_is_one(digits):
    assert is_nhs_number(digits)


@pytest.mark.parametrize("digits", ["9434765918", "1234567890", "943476591", "94347659190", "abcdefghij"])
def test_nhs_number_with_wrong_check_digit_or_length_is_none(digits):
    assert not is_nhs_number(digits)


@pytest.mark.parametrize(
    "text",
    [
        "seen 9434765919 today",
        "943 476 5919",
        "943-476-5919",
        "943\u00a0476\u00a05919",
        "+44 113 496 0000 943 476 5919",
    ],
)
def test_text_with_nhs_number_as_people_write_it_is_refused(text):
    with pytest.raises(ValidationError, match="NHS number"):
        refuse_patient_data(text)


@pytest.mark.parametrize("text", ["", "call 07700 900123", "94347659190", "2015 to 2019, 113 RPIWs", "bay 4"])
def test_text_with_other_figures_is_let_through(text):
    refuse_patient_data(text)


@pytest.mark.parametrize("text", ["ring +44 943 476 5919", "+44 (0)943 476 5919", "+44-943-476-5919", "+449434765919"])
def test_telephone_number_that_chances_on_the_check_is_no_patients(text):
    refuse_patient_data(text)
