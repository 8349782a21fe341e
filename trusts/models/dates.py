"""Dates as sources print them: often only a year."""

from typing import Any

from django.db import models


class Precision(models.TextChoices):
    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"


class PrecisionField(models.CharField):
    """How exactly the date beside it is known; the unknown parts of that date are 1."""

    def __init__(self, **options: Any) -> None:
        options = {"max_length": 5, "choices": Precision.choices, "default": Precision.DAY} | options
        super().__init__(**options)
