"""What changed between two wordings, word by word, and between two versions, promise by promise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["kept", "out", "in"]
_WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """Some words that stay, went out or came in."""

    kind: Kind
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Both wordings in one: what went out stands before what came in its place. Spaces alone are no change."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(a=[word.strip() for word in old], b=[word.strip() for word in new], autojunk=False)
    pieces = []
    for what, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("kept", _joined(new[from_new:to_new])))
            continue
        if to_old > from_old:
            pieces.append(Piece("out", _joined(old[from_old:to_old])))
        if to_new > from_new:
            pieces.append(Piece("in", _joined(new[from_new:to_new])))
    return pieces


def _joined(words: Sequence[str]) -> str:
    return "".join(words).strip()
