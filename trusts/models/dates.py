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
        options.setdefault("max_length", 5)
        options.setdefault("choices", Precision.choices)
        options.setdefault("default", Precision.DAY)
        super().__init__(**options)
