"""What somebody typed into a cell, as a date or a number. Pure functions; each refusal says what to write instead."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from analysis.durations import UnreadableEntry, read_duration
from analysis.typed_numbers import divided

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = {name: n for n, name in enumerate(MONTHS, 1)} | {name: n for n, name in enumerate(FULL_MONTHS, 1)}
_MONTH["sept"] = 9
FIRST_YEAR = 1990
TOO_LARGE = "The number is too large. Look at its figures"
FORMULA = (
    "A formula stands here without its value, and formulas are never run here. Open the file in Excel, save it, and"
    " upload that; or write the value"
)

_FIGURES = re.compile(r"(\d{1,4})[/.\-](\d{1,2})(?:[/.\-](\d{1,4}))?")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-/]+)?([A-Za-z]{3,9})\.?[\s\-/,]+"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,\s*)?'?(\d{2}|\d{4})"
)
_CLOCK = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?$")
PLAIN = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:[, \u00a0\u2009\u202f']\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"-?[1-9]\d{0,2}(?:[. \u00a0\u2009\u202f']\d{3})+(?:,\d+)?")
_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d+,\d{4,}|-?0,\d+|-?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_POINT = re.compile(r"-?\d*\.\d{1,2}|-?\d*\.\d{4,}|-?0?\.\d+|-?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")
_UNGROUPED = re.compile(r"[ \u00a0\u2009\u202f']")
_MONEY = re.compile(r"(-?)\s*([£$€])\s*(-?)(.*)")
_BESIDE = re.compile(r"-?[\d.,' \u00a0]*\d\s*([^\d\s.,'%][^\d]*)")
_SPREADSHEET_ERRORS = frozenset({"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})

SUPPRESSED, NOT_COLLECTED, NOTHING = "suppressed", "not_collected", "nothing"
_MISSING = {"*": SUPPRESSED, "**": SUPPRESSED, "c": SUPPRESSED, "suppressed": SUPPRESSED}
_MISSING |= dict.fromkeys(("-", "–", "—", "..", ":", "x", "n/a", "na", "n.a.", "none", "null"), NOT_COLLECTED)
_MISSING |= dict.fromkeys(("not collected", "not recorded", "no data"), NOT_COLLECTED)


_TIMES = ("minutes", "hours", "days")
MAY_BE_NEGATIVE = ("pounds", "score")


class Refused(Exception):
    """A cell that cannot be taken, with the words for it."""


class Decimals(StrEnum):
    """What stands before the decimals of a file's numbers. A workbook with texts like 12,5 holds real numbers too."""

    POINT = "."
    COMMA = ","
    EITHER = ",."


class OtherMark(Refused):
    """A number whose decimals stand behind the other mark than this file's."""


def refuse_formula(text: str) -> None:
    """A formula that no program has calculated. Raises Refused."""
    if text.startswith("="):
        raise Refused(FORMULA)


@dataclass(frozen=True)
class Day:
    """A date as typed. `either`: it could have been read with day and month the other way round."""

    date: dt.date
    either: bool = False


def read_date(text: str, *, day_first: bool = True) -> Day:
    """The date that a text stands for; a month alone is its first day. Raises Refused."""
    text = _CLOCK.sub("", text.strip().removeprefix("'"))
    refuse_formula(text)
    if re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?", text):
        return Day(_date(int(text[:4]), int(text[4:6]), int(text[6:] or 1)))
    if PLAIN.fullmatch(text):
        raise Refused("A number stands where a date should. Format the column as dates, or write 1/4/2023")
    if match := _FIGURES.fullmatch(text):
        return _of_figures(*match.groups(), day_first=day_first)
    if match := _NAMED.fullmatch(text):
        day, name, later_day, year = match.groups()
        month = _MONTH.get(name.lower())
        if month is None:
            raise Refused(f"{name} is no month. Write the date like 1/4/2023 or April 2023")
        return Day(_date(_year(year), month, int(day or later_day or 1)))
    raise Refused("This is no date. Write it like 1/4/2023, 2023-04-01 or April 2023")


def _of_figures(first: str, second: str, third: str | None, *, day_first: bool) -> Day:
    if third is None:
        if len(first) == 4:
            return Day(_date(int(first), int(second), 1))
        raise Refused("The date needs a year. Write it like 1/4/2023 or April 2023")
    if len(first) == 4:
        return Day(_date(int(first), int(second), int(third)))
    if len(first) > 2 or len(third) not in (2, 4):
        raise Refused("Write the year with four figures, like 1/4/2023")
    one, two = int(first), int(second)
    day, month = (one, two) if day_first else (two, one)
    if month > 12 and day <= 12:
        order = "day/month/year" if day_first else "month/day/year"
        raise Refused(f"{month} is no month, and dates here are {order}. Write it like 2023-04-25")
    return Day(_date(_year(third), month, day), either=one != two and one <= 12 and two <= 12)


def read_month_and_year(text: str) -> dt.date | None:
    """The month that a text names somewhere, like a title of April 2023; None when it names none."""
    for name, year in re.findall(r"\b([A-Za-z]{3,9})\.?[\s\-]+((?:19|20)\d{2})\b", text):
        if name.lower() in _MONTH:
            return dt.date(int(year), _MONTH[name.lower()], 1)
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise Refused("There is no such day. Write the date like 1/4/2023 or April 2023") from None
    if date.year < FIRST_YEAR:
        raise Refused(f"The date is before {FIRST_YEAR}. Look at its year")
    return date


def first_of_period(date: dt.date, often: str) -> dt.date:
    """The first day of the day, week, month or quarter in which a date lies: what a measurement is dated by."""
    if often == "monthly":
        return date.replace(day=1)
    if often == "quarterly":
        return date.replace(month=date.month - (date.month - 1) % 3, day=1)
    if often == "weekly":
        return date - dt.timedelta(days=date.weekday())
    return date


def read_missing(text: str) -> str:
    """Why a cell that is no number has none: suppressed, or not collected; empty when it should be a number."""
    return _MISSING.get(text.strip().lower(), "")


def read_number(text: str, *, unit: str = "", fraction: bool = False, decimals: Decimals = Decimals.POINT) -> str:
    """The number that a text stands for, as PostgreSQL reads it. Raises Refused.

    unit: the metric's, so that its own sign is welcome and another one refused; empty for a plain number. fraction:
    0.842 stands for 84.2%; a cell with a sign does not.
    """
    text = text.strip()
    if decimals is not Decimals.COMMA and PLAIN.fullmatch(text):
        return _shifted(text) if fraction else text
    return _slowly(text, unit=unit, fraction=fraction, decimals=decimals)


def _slowly(text: str, *, unit: str, fraction: bool, decimals: Decimals) -> str:
    if text.upper() in _SPREADSHEET_ERRORS:
        raise Refused(f"The cell holds the spreadsheet's error {text.upper()}. Mend its formula, or empty the cell")
    # Exports begin a text with an apostrophe that a spreadsheet would run.
    cleaned = text.removeprefix("'").replace("\u2212", "-").strip()
    refuse_formula(cleaned)
    if cleaned.startswith("(") and cleaned.endswith(")"):
        cleaned = f"-{cleaned[1:-1].strip()}"
    cleaned = _without_money(cleaned, unit).removeprefix("+").strip()
    if cleaned.endswith("%"):
        if unit != "percent":
            raise Refused("A percentage stands here, and the metric's unit is another one. Write it in that unit")
        cleaned, fraction = cleaned[:-1].strip(), False
    if unit in _TIMES and any(mark.isalpha() or mark == ":" for mark in cleaned):
        return _time(cleaned, unit)
    if beside := _BESIDE.fullmatch(cleaned):
        raise Refused(
            f"“{beside[1].strip()[:20]}” stands beside the number. Write the number alone, in the metric's unit"
        )
    cleaned = _with_a_point(cleaned, decimals)
    if not PLAIN.fullmatch(cleaned):
        if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", cleaned):
            raise Refused(TOO_LARGE)
        raise Refused("This is no number. Write it like 12.5, * where it is suppressed, or empty the cell")
    return _shifted(cleaned) if fraction else cleaned


def _without_money(text: str, unit: str) -> str:
    """The number beside £, of a metric in pounds. Raises Refused."""
    match = _MONEY.fullmatch(text)
    if match is None:
        return text
    before, sign, after, number = match.groups()
    if sign != "£" or unit != "pounds":
        raise Refused(f"{sign} stands here, and the metric's unit is another one. Write it in that unit")
    return f"{before or after}{number}"


def _time(text: str, unit: str) -> str:
    """A time with its own unit, like 36 h for a metric in days, as in the grid. Raises Refused."""
    try:
        return f"{divided(read_duration(text, bare_unit=unit), read_duration(f'1 {unit}')):f}"
    except UnreadableEntry as unreadable:
        raise Refused(str(unreadable).removesuffix(".")) from None


def _with_a_point(text: str, decimals: Decimals) -> str:
    """The number without marks of thousands, its decimals behind a point. Raises OtherMark."""
    if decimals is Decimals.POINT and _COMMA.fullmatch(text):
        raise OtherMark("A comma stands where a point should. Write 1.5 for one and a half, 1,500 for fifteen hundred")
    if decimals is Decimals.COMMA and _POINT.fullmatch(text):
        raise OtherMark("A point stands where a comma should. Write 1,5 for one and a half, 1.500 for fifteen hundred")
    if decimals is Decimals.EITHER and PLAIN.fullmatch(text):
        return text
    if decimals is not Decimals.POINT and _GROUPED_BY_POINTS.fullmatch(text):
        return _UNGROUPED.sub("", text.replace(".", "")).replace(",", ".")
    if decimals is not Decimals.POINT and re.fullmatch(r"-?\d*,\d+", text):
        text = text.replace(",", ".")
    elif decimals is not Decimals.COMMA and _GROUPED.fullmatch(text):
        return _UNGROUPED.sub("", text.replace(",", ""))
    if re.fullmatch(r"-?\.\d+", text):
        return text.replace(".", "0.", 1)
    return _exactly(text) if re.fullmatch(r"-?\d(?:\.\d+)?[eE][+-]?\d{1,2}", text) else text


def reads_either_way(text: str, mark: str = ",") -> bool:
    """Whether one mark stands before three figures, as of thousands or as of decimals: 3,125."""
    return re.fullmatch(rf"[-+£( ]*[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}[%) ]*", text.strip()) is not None


def decimals_of(text: str) -> Decimals | None:
    """Which mark a text's decimals stand behind, where it can be read in one way only."""
    text = text.strip().strip("£%+ ")
    if _COMMA.fullmatch(text):
        return Decimals.COMMA
    return Decimals.POINT if _POINT.fullmatch(text) else None


def _exactly(text: str) -> str:
    return f"{Decimal(text):f}"


def _shifted(text: str) -> str:
    """A hundred times the number, exactly."""
    try:
        shifted = f"{Decimal(text).scaleb(2):f}"
    except InvalidOperation:
        raise Refused("The number is too long. Look at its figures") from None
    if not PLAIN.fullmatch(shifted):
        raise Refused(TOO_LARGE)
    return shifted


def shown_as_percent(number: str) -> str:
    """A workbook's number as a cell shows it that is formatted with %: 0.842 as 84.2%."""
    try:
        return f"{Decimal(number).scaleb(2):f}%"
    except InvalidOperation:
        return number


def column_name(number: int) -> str:
    """Like a spreadsheet's: 0 is A, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
