"""Dates typed as people know them: day, month, year in three boxes, and dates known only to the month or the year."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, NoReturn

from django import forms
from django.core.exceptions import ValidationError

from ui.bounds import LASTS, Bounds
from ui.words import MONTHS

Precision = Literal["day", "month", "year"]
PARTS = ("day", "month", "year")
_MONTH_NAMES = {name.lower(): n for n, name in enumerate(MONTHS, 1)}
_MONTH_NAMES |= {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)} | {"sept": 9}


class PartialDate(NamedTuple):
    """The first day of what is known, and how exactly it is known."""

    date: dt.date
    precision: Precision


class DateParts(forms.Widget):
    """Three text boxes: name_day, name_month, name_year. The crispy pack draws them with NHS.UK's date input."""

    template_name = "django/forms/widgets/text.html"

    def subname(self, name: str, part: str) -> str:
        return f"{name}_{part}"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str] | None:
        typed = {part: str(data.get(self.subname(name, part), "") or "").strip() for part in PARTS}
        return typed if any(typed.values()) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(self.subname(name, part) not in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else ""

    def decompress(self, value: Any) -> dict[str, str]:
        if isinstance(value, Mapping):
            return {part: str(value.get(part, "")) for part in PARTS}
        date, precision = (value[0], value[1]) if isinstance(value, tuple) else (value, "day")
        if not isinstance(date, dt.date):
            return dict.fromkeys(PARTS, "")
        known = {"day": PARTS, "month": PARTS[1:], "year": PARTS[2:]}[precision]
        return {part: str(getattr(date, part)) if part in known else "" for part in PARTS}


class DateField(forms.Field):
    """A whole date, `within` what can be believed of its kind. An error's code ends with the part that is wrong."""

    widget = DateParts
    default_error_messages = {
        "required": "Enter a date",
        "missing_day": "The date needs a day",
        "missing_month": "The date needs a month",
        "missing_year": "The date needs a year",
        "wrong_day": "There is no day {day} in {month} {year}",
        "wrong_month": "Write the month as a number from 1 to 12, or by its name",
        "wrong_year": "Write the year with four figures, like 2021",
    }

    def __init__(self, *, within: Bounds = LASTS, **kwargs: Any) -> None:
        self.within = within
        super().__init__(validators=[within], **kwargs)

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        if isinstance(value, dt.date):
            return value
        for part in PARTS:
            if not value[part]:
                self._refuse(f"missing_{part}")
        year, month = self._year(value["year"]), self._month(value["month"])
        return dt.date(year, month, self._day(value["day"], month, year))

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = DateParts().decompress(initial) if initial else None
        return (before or dict.fromkeys(PARTS, "")) != (data or dict.fromkeys(PARTS, ""))

    def _refuse(self, code: str, **words: Any) -> NoReturn:
        raise ValidationError(str(self.error_messages[code]).format(**words), code=code)

    def _year(self, text: str) -> int:
        if not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2199):
            self._refuse("wrong_year")
        return int(text)

    def _month(self, text: str) -> int:
        if text.lower().rstrip(".") in _MONTH_NAMES:
            return _MONTH_NAMES[text.lower().rstrip(".")]
        if not (text.isdecimal() and 1 <= int(text) <= 12):
            self._refuse("wrong_month")
        return int(text)

    def _day(self, text: str, month: int, year: int) -> int:
        if not (text.isdecimal() and 1 <= int(text) <= calendar.monthrange(year, month)[1]):
            self._refuse("wrong_day", month=MONTHS[month - 1], year=year, day=text)
        return int(text)


class PartialDateField(DateField):
    """A year, a month and a year, or a whole date: PartialDate(first day of it, precision), or None."""

    default_error_messages = {"required": "Enter a date, or just its year"}

    def to_python(self, value: Any) -> Any:
        if not value or isinstance(value, PartialDate):
            return value or None
        if isinstance(value, tuple):
            return PartialDate(*value)
        if not value["year"]:
            self._refuse("missing_year")
        if value["day"] and not value["month"]:
            self._refuse("missing_month")
        year = self._year(value["year"])
        if not value["month"]:
            return PartialDate(dt.date(year, 1, 1), "year")
        month = self._month(value["month"])
        if not value["day"]:
            return PartialDate(dt.date(year, month, 1), "month")
        return PartialDate(dt.date(year, month, self._day(value["day"], month, year)), "day")
