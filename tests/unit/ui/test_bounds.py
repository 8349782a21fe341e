"""Which days are believed, at both edges of every kind of date."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ui.bounds import AHEAD, DONE, HAPPENED, LASTS, PLANNED

DAY = timedelta(days=1)


@pytest.mark.parametrize(("bounds", "year"), [(HAPPENED, 1948), (LASTS, 1948), (DONE, 2000), (PLANNED, 2000)])
def test_first_day_is_believed_and_the_day_before_is_not(bounds, year):
    bounds(date(year, 1, 1))
    with pytest.raises(ValidationError, match=f"Write a year from {year} on"):
        bounds(date(year, 1, 1) - DAY)


@pytest.mark.parametrize("bounds", [HAPPENED, DONE])
def test_what_happened_is_not_to_come(bounds):
    bounds(timezone.localdate())
    with pytest.raises(ValidationError, match="still to come"):
        bounds(timezone.localdate() + DAY)


@pytest.mark.parametrize("bounds", [LASTS, PLANNED])
def test_what_is_planned_lies_within_ten_years(bounds):
    bounds(timezone.localdate() + AHEAD)
    with pytest.raises(ValidationError, match="within ten years"):
        bounds(timezone.localdate() + AHEAD + DAY)
