"""Which tables of a trust's own compact the audit page tells; and the history of a version.

The partnership's compact belongs to no trust, and what is said at the board is not the administrator's to read: its
changes stand on its own pages alone.
"""

from accounts.history import register_parts
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
    register_parts(CompactVersion, Agreement, "version", called="post")
    register_parts(CompactVersion, Comment, "version", called="text")
    register_parts(Compact, PartyMember, "party__compact", called="post")
