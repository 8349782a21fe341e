"""One icon for each category of metrics that a value stream watches, as the trust's page and the TGB's show them."""

from collections.abc import Iterable

from metrics.presenters.words import CATEGORIES

CATEGORIES_SHORT = tuple("Waste" if key == "cost" else words for key, words in CATEGORIES.items())
_WEIGHT = {"concern": 0, "improvement": 1, "neutral": 2, "common": 3, "few": 4}


def icons_by_category(judged: Iterable[tuple[str, str]]) -> dict[str, str]:
    """From (category, variation) of each metric: of several in one place a concern shows before an improvement, and
    an improvement before no change."""
    found: dict[str, str] = {}
    for category, variation in judged:
        if category not in found or _weight(variation) < _weight(found[category]):
            found[category] = variation
    return found


def _weight(variation: str) -> int:
    return _WEIGHT[variation.partition("_")[0]]
