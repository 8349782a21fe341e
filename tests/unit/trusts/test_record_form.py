"""The form of any record, without its record's pages."""

import pytest
from django.core.exceptions import ValidationError

from trusts.forms.context import TrustForm
from trusts.models import Partnership, Trust

HOLDS_A_VALID_NHS_NUMBER = "ab9434765919cdef"


def test_fingerprint_that_chances_on_ten_figures_is_no_patient_data():
    fields = TrustForm(instance=Trust(partnership=Partnership())).fields
    assert fields["seen"].clean(HOLDS_A_VALID_NHS_NUMBER) == HOLDS_A_VALID_NHS_NUMBER
    with pytest.raises(ValidationError, match="NHS number"):
        fields["values"].clean(HOLDS_A_VALID_NHS_NUMBER)
