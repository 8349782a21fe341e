"""Plain numbers as people type them, and the sentence they get when a number cannot be read."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

PLACES = 6
"""Decimal places a stored value keeps: a second is 0.016667 minutes."""

LONGEST_TEXT = 2000
LARGEST = Decimal(10) ** 9

_PLAIN = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_CONTINENTAL = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")


class UnreadableEntry(ValueError):
    """What was typed cannot be read. `str()` tells the person who typed it what is wrong and what to write."""


class OneOrSeveral(UnreadableEntry):
    """What was typed could be one number or several."""


def tidy(text: str) -> str:
    """`text` with its spaces, dashes, wide digits and fractions (½, ¼, ¾, eighths) in one plain form.

    Line ends and tabs stay, because they separate readings. Raises UnreadableEntry when there is nothing or too much.
    """
    if len(text) > LONGEST_TEXT:
        raise UnreadableEntry(f"That is too long to read. Write at most {LONGEST_TEXT} characters.")
    plain = _fractions_as_decimals(text).translate(_DASHES)
    plain = unicodedata.normalize("NFKC", plain).replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    plain = re.sub(r"[^\S\n\t]+", " ", plain).strip()
    if not plain:
        raise UnreadableEntry("Nothing was typed. Write a number, or say that it was not measured and why.")
    if plain.casefold() in {"-", "n/a", "na", "none", "nil", "not measured", "unknown", "?"}:
        raise UnreadableEntry(
            f"{shown(text)} is not a number. Leave the cell empty, or mark it as not measured and give the reason."
        )
    return plain


def read_number(text: str) -> Decimal:
    """One number, zero or more: `420`, `1,234.5`, `1,5` (decimal comma), `.5`, `1½`.

    A single comma before exactly three digits separates thousands (`1,234` is 1234), unless a zero stands before it.
    Several commas without a decimal point could be several readings, so they are refused.

    Returns the number, unrounded. Raises UnreadableEntry.
    """
    plain = tidy(text)
    if plain.startswith("-"):
        raise UnreadableEntry(f"{shown(text)} is negative. Write zero or more.")
    if re.fullmatch(r"\d+(?:,\d+){2,}", plain):
        apart = plain.replace(",", "; ")
        raise OneOrSeveral(f"{shown(text)} could be one number or several. Write {plain.replace(',', '')}, or {apart}.")
    if _PLAIN.fullmatch(plain):
        number = Decimal(plain)
    elif _THOUSANDS.fullmatch(plain):
        number = Decimal(plain.replace(",", ""))
    elif _DECIMAL_COMMA.fullmatch(plain):
        number = Decimal(plain.replace(",", "."))
    elif _CONTINENTAL.fullmatch(plain):
        number = Decimal(plain.replace(".", "").replace(",", "."))
    else:
        raise UnreadableEntry(f"{shown(text)} is not a number. Write a number like 12, 4.5 or 1,234.")
    if number > LARGEST:
        raise UnreadableEntry(f"{shown(text)} is too large. Write a number up to 1,000,000,000.")
    return number


def rounded(number: Decimal) -> Decimal:
    """`number` rounded half to even to PLACES decimal places and without trailing zeros, as it is stored."""
    with localcontext() as context:
        context.prec = 60
        value = number.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_EVEN).normalize()
        return value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value  # type: ignore[operator]


def divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient, rounded once, as it is stored. Raises a decimal.DecimalException for a zero divisor."""
    with localcontext() as context:
        context.prec = 60
        return rounded(dividend / divisor)


def say_number(number: Decimal | float, *, places: int = 2) -> str:
    """`1,234.5`: at most `places` decimals, thousands separated, no trailing zeros."""
    with localcontext() as context:
        context.prec = 60
        said = f"{Decimal(str(number)):,.{places}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said == "-0" else said.replace("-", "\u2212")


def shown(text: str) -> str:
    """`text` in quotation marks, short enough for a sentence."""
    short = " ".join(text.split())
    return f"\u201c{short if len(short) <= 40 else short[:37] + '...'}\u201d"


def _fractions_as_decimals(text: str) -> str:
    def decimal(match: re.Match[str]) -> str:
        part = Decimal(str(unicodedata.numeric(match["fraction"])))
        return str(Decimal(match["whole"] or 0) + part)

    return re.sub(r"(?:(?P<whole>\d+)\s?)?(?P<fraction>[\u00bc-\u00be\u215b-\u215e])", decimal, text)
