"""What a metric's figures say in words: its values."""

from typing import Any

from metrics.models import Unit
from ui.words import MINUS, number

Body = dict[str, Any]

CATEGORIES = {
    "quality": "Quality",
    "service": "Service",
    "delivery": "Delivery",
    "morale": "Morale",
    "cost": "Cost: waste removed",
}
_SHORT_UNITS = {Unit.MINUTES: "min", Unit.HOURS: "h", Unit.DAYS: "days", Unit.RATE: "per 1,000"}


def value_words(value: float | None, version: Body, *, missing: str = "none") -> str:
    """A value in its definition's unit: 84.2%, £1,200, 28.7 min, 3."""
    if value is None:
        return missing
    said = number(value, version["decimals"])
    match version["unit"]:
        case Unit.PERCENT:
            return f"{said}%"
        case Unit.POUNDS:
            return f"{MINUS}£{said[len(MINUS) :]}" if said.startswith(MINUS) else f"£{said}"
        case unit:
            return f"{said} {_SHORT_UNITS[unit]}" if unit in _SHORT_UNITS else said


def limits_words(point: Body, version: Body) -> str:
    """26.0 to 36.4 min"""
    if point["lower"] is None:
        return "none"
    return f"{number(point['lower'], version['decimals'])} to {value_words(point['upper'], version)}"


def target_words(target: float | None, version: Body) -> str:
    """≤ 30 min, ≥ 95%; a metric of which neither way is better has the value alone."""
    if target is None:
        return "none"
    sign = {"lower": "≤ ", "higher": "≥ "}.get(version["better_when"], "")
    return sign + value_words(target, version)
