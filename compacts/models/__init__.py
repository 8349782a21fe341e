from compacts.models.agreements import Agreement, Comment
from compacts.models.compact import Compact, Party, PartyMember
from compacts.models.versions import CompactVersion, Promise, Side, Theme

__all__ = [
    "Agreement",
    "Comment",
    "Compact",
    "CompactVersion",
    "Party",
    "PartyMember",
    "Promise",
    "Side",
    "Theme",
]
