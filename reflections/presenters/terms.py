"""How the board's decisions about its safe space are said."""

from dataclasses import dataclass

from boards.models import Board
from reflections.forms.terms import KEPT
from reflections.models.terms import terms_of
from ui.words import day_year, plural


@dataclass(frozen=True)
class TermsShown:
    kept: str
    newcomers: str
    decided: str


def terms_shown(board: Board) -> TermsShown:
    terms = terms_of(board)
    months = terms.keep_months if terms else None
    kept = KEPT.get(str(months or ""), plural(months or 0, "month"))
    since = terms.newcomers_from if terms else None
    return TermsShown(
        kept=kept.lower() if months is None else f"{kept.lower()}, then deleted for good",
        newcomers=f"from {day_year(since)} on" if since else "from their own first day at the table on",
        decided=f"Decided at the meeting on {day_year(terms.day)}." if terms else "The board has not decided yet.",
    )
