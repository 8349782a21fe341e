"""Which tables of a trust's own compact the audit page tells; and the history of a version.

The partnership's compact belongs to no trust, and what is said at the board is not the administrator's to read: its
changes stand on its own pages alone.
"""

from typing import Any

from accounts.history import Said, register_parts
from accounts.trail import OF_TRUSTS
from compacts.models import (
    Agreement,
    Comment,
    Compact,
    CompactVersion,
    Party,
    PartyMember,
    Promise,
    Side,
    Theme,
)
from ui.history import Change
from ui.words import day_year


def _said(before: Any, event: Any, changes: tuple[Change, ...]) -> Said | None:
    """A comment in one line, without what the line says already."""
    if event.pgh_label == "insert":
        return Said(f"Commented: {event.text}")
    if event.pgh_label == "update" and before is not None and before.settled_at != event.settled_at:
        return Said(f"Dealt with a comment: {event.text}")
    return None


def _agreed(before: Any, event: Any, changes: tuple[Change, ...]) -> Said | None:
    done = "Agreed" if event.pgh_label == "insert" else "Took the agreement back"
    return Said(f"{done}, {event.post}, {day_year(event.agreed_on)}")


def register() -> None:
    OF_TRUSTS.add(Compact, "trust", called="name")
    OF_TRUSTS.add(Party, "compact", called="name", name="Party to a compact")
    OF_TRUSTS.add(PartyMember, "party", called="post", name="Named member of a party")
    OF_TRUSTS.add(CompactVersion, "compact", called="compact", name="Version of a compact")
    OF_TRUSTS.add(Side, "version", called="party", name="Party in a version of a compact")
    OF_TRUSTS.add(Theme, "version", called="title", name="Theme of a compact")
    OF_TRUSTS.add(Promise, "theme", called="text")
    OF_TRUSTS.add(Agreement, "version", called="post", name="Agreement to a compact")
    OF_TRUSTS.add(Comment, "version", called="text", name="Comment on a compact")
    register_parts(CompactVersion, Side, "version", called="party")
    register_parts(CompactVersion, Theme, "version", called="title")
    register_parts(CompactVersion, Promise, "theme__version", called="text")
    register_parts(CompactVersion, Agreement, "version", called="post", tell=_agreed)
    register_parts(CompactVersion, Comment, "version", called="text", tell=_said)
    register_parts(Compact, PartyMember, "party__compact", called="post")
