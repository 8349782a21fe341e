"""What changed between two wordings, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["kept", "out", "in"]
# A word with its hyphens and apostrophes, or one mark: a comma that came in leaves the word before it alone.
_WORDS = re.compile(r"(\s*)([\w'’-]+|[^\w\s])")
Word = tuple[bool, str]


@dataclass(frozen=True)
class Piece:
    """Some words that stay, went out or came in; `space`: whether one goes before them."""

    kind: Kind
    text: str
    space: bool = True


def differences(before: str, after: str) -> list[Piece]:
    """Both wordings in one: what went out stands before what came in its place. Spaces alone are no change."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(a=[word for _, word in old], b=[word for _, word in new], autojunk=False)
    pieces = []
    for what, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if what == "equal":
            pieces.append(_piece("kept", new[from_new:to_new]))
            continue
        if to_old > from_old:
            pieces.append(_piece("out", old[from_old:to_old]))
        if to_new > from_new:
            pieces.append(_piece("in", new[from_new:to_new]))
    return pieces


def _words(text: str) -> list[Word]:
    return [(bool(space), word) for space, word in _WORDS.findall(text)]


def _piece(kind: Kind, words: Sequence[Word]) -> Piece:
    text = "".join(f"{' ' if space else ''}{word}" for space, word in words)
    return Piece(kind, text.strip(), space=words[0][0])
