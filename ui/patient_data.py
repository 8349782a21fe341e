"""No patient data: text that holds a valid NHS number is refused at its field."""

import re

from django.core.exceptions import ValidationError

# Ten figures, together or as NHS numbers are printed: 943 476 5919, 943-476-5919.
_TEN_FIGURES = re.compile(r"(?<!\d)(\d{3})[ \u00a0-]?(\d{3})[ \u00a0-]?(\d{4})(?!\d)")
# A telephone number as it is written for callers from anywhere: +44 113 496 0000, +44 (0)113 496 0000.
_TELEPHONE = re.compile(r"\+44[ \u00a0-]?(?:\(0\)[ \u00a0-]?)?\d(?:[ \u00a0-]?\d){9}(?!\d)")

REFUSED = "This holds what looks like an NHS number. Take it out: patients are never recorded here."


def is_nhs_number(figures: str) -> bool:
    """Whether ten figures are a valid NHS number: the last is the modulus-11 check of the nine before it."""
    if len(figures) != 10 or not figures.isdecimal():
        return False
    check = 11 - sum(int(figure) * (10 - place) for place, figure in enumerate(figures[:9])) % 11
    return (0 if check == 11 else check) == int(figures[9])


def refuse_patient_data(text: str) -> None:
    """A form field's validator: refuse text that holds a valid NHS number."""
    plain = _TELEPHONE.sub("", text or "")
    if any(is_nhs_number("".join(match.groups())) for match in _TEN_FIGURES.finditer(plain)):
        raise ValidationError(REFUSED, code="patient_data")
