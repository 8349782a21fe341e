"""Passwords that others would try first: common ones with a few signs around them, and those known from breaches.

Nothing is asked of anybody outside: the lists are Django's own and, where the installation names one, a local file.
"""

import hashlib
import re
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured, ValidationError

_SIGNS_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LONGEST_LINE = 64


class PlainlyCommon:
    """Refuses a common word that was made long enough with figures, signs or by repeating it: liverpool2024!!"""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object = None) -> None:
        word = _SIGNS_AROUND.sub("", password.lower().strip())
        repeated = next((word[:n] for n in range(1, len(word) // 2 + 1) if word == word[:n] * (len(word) // n)), word)
        if not word or word in self.common or len(repeated) < 4 or repeated in self.common:
            raise ValidationError(
                "This is a common password with little around it. Three or four words in a row are better."
            )

    def get_help_text(self) -> str:
        return "Three or four words that do not belong together make a good password."


class KnownFromBreaches:
    """Refuses what stands in a local file of breached passwords: upper-case SHA-1 hashes, sorted, one a line.

    `HASH` or `HASH:COUNT`, as the lists that can be downloaded are. The file may be huge: it is searched, not read.
    """

    def __init__(self, path: str | None = None) -> None:
        self.path = Path(path) if path else None
        if self.path and not self.path.is_file():
            raise ImproperlyConfigured(f"BREACHED_PASSWORDS_FILE names no file: {self.path}")

    def validate(self, password: str, user: object = None) -> None:
        if self.path and holds(self.path, hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
            raise ValidationError(
                "This password is known from a breach elsewhere. Choose one that you use nowhere else."
            )

    def get_help_text(self) -> str:
        return "Choose one that you use nowhere else."


def holds(path: Path, wanted: str) -> bool:
    """Whether a sorted file has a line that begins with `wanted`."""
    key = wanted.encode()
    with path.open("rb") as lines:
        low, high = 0, path.stat().st_size
        # The first line that begins at or after `low` is the candidate; lines are short: the last stretch is read.
        while high - low > _LONGEST_LINE:
            middle = (low + high) // 2
            lines.seek(middle)
            lines.readline()
            line = lines.readline()
            if not line or line[: len(key)] >= key:
                high = middle
            else:
                low = middle
        lines.seek(max(low - _LONGEST_LINE, 0))
        return any(line.startswith(key) for line in lines.read(4 * _LONGEST_LINE).splitlines())
