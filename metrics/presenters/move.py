""" "Can this metric move?", answered in words."""

from dataclasses import dataclass

from analysis.can_move import SURE_ENOUGH, WITHIN, Showing
from metrics.models import Unit
from metrics.presenters.words import Body, period_noun, value_words
from ui.words import listing, number, percent, plural

SURE = f"{round(SURE_ENOUGH * 10)} times in 10"


@dataclass(frozen=True)
class Narrower:
    """A metric of the value stream that watches a part of this one, and whether it could show the change."""

    id: int
    name: str
    could: bool
    periods: str


@dataclass(frozen=True)
class MoveWords:
    """yes: whether the change hoped for would show; None while that cannot be said, and `sentences` then say why."""

    yes: bool | None
    heading: str
    sentences: tuple[str, ...]
    narrower: tuple[Narrower, ...] = ()

    @property
    def could(self) -> tuple[Narrower, ...]:
        return tuple(one for one in self.narrower if one.could)


def move_words(version: Body, narrower: tuple[Narrower, ...] = (), *, needed: int | None = None) -> MoveWords:
    """needed: how many values limits need, where the series has fewer."""
    move: Body | None = version["move"]
    if move is None:
        return MoveWords(None, "Not known yet", tuple(_unknown(version, needed)), narrower)
    touched = f"The work touches {_share(version)}."
    how = "rises" if move["moved"] > 0 else "falls"
    size = _size(abs(move["moved"]), _finer(version))
    limits = (
        f"{number(move['mean'] - move['reach'], version['decimals'])}"
        f" to {value_words(move['mean'] + move['reach'], version)}"
    )
    moves = (
        f"If it goes there from {value_words(move['mean'], version)} to {value_words(move['hoped'], version)}, the"
        f" metric {how} by {size}"
    )
    showing = Showing(move["showing"])
    if move["moved"] == 0:
        said = [touched, "The value hoped for is the mean of today, so nothing would change."]
    elif showing is Showing.NOT:
        said = [touched, f"{moves}, inside its limits of {limits}.", _could_not(version), *_share_needed(version, move)]
    elif showing is Showing.AT_ONCE:
        said = [touched, f"{moves}, outside its limits of {limits}.", _shows(version, move)]
    else:
        said = [touched, f"{moves}, inside its limits of {limits}, but as a shift it shows.", _shows(version, move)]
    yes = showing is not Showing.NOT
    return MoveWords(yes, "Yes" if yes else "No", tuple(said), () if yes else narrower)


def _size(moved: float, version: Body) -> str:
    """From 49% to 20% is a fall by 29 percentage points."""
    if version["unit"] == Unit.PERCENT:
        return f"{number(moved, version['decimals'])} percentage points"
    return value_words(moved, version)


def narrower_of(metric: Body, metrics: list[Body]) -> tuple[Narrower, ...]:
    """The metrics of the value stream that watch a part of this one, those first that could show the change."""
    found = []
    for one in metrics:
        if one["cut_of"] != metric["id"] or one["retired_on"] or not one["versions"]:
            continue
        version = one["versions"][-1]
        move = version["move"]
        could = move is not None and move["showing"] != Showing.NOT
        found.append(Narrower(one["id"], one["name"], could, period_noun(version, move["periods"]) if could else ""))
    return tuple(sorted(found, key=lambda one: not one.could))


def _share(version: Body) -> str:
    """1 of 30 theatres, 3% of what the metric counts"""
    part = percent(version["touched"] / version["activity"], 0 if version["touched"] * 20 > version["activity"] else 1)
    if version["touched"] == version["activity"]:
        return _all(version)
    return f"{number(version['touched'])} of {number(version['activity'])} {_unit(version)}, {part} of what it counts"


def _all(version: Body) -> str:
    return "all that it counts" if version["activity"] == 1 else f"all {number(version['activity'])} {_unit(version)}"


def _unit(version: Body) -> str:
    return version["activity_unit"] or "parts"


def _finer(version: Body) -> Body:
    """A small move needs one more place to be seen."""
    return version | {"decimals": min(version["decimals"] + 1, 6)}


def _shows(version: Body, move: Body) -> str:
    return f"It shows within {period_noun(version, move['periods'])}, {SURE}."


def _could_not(version: Body) -> str:
    return f"It could not show within {period_noun(version, WITHIN)}, however good the work."


def _share_needed(version: Body, move: Body) -> list[str]:
    if move["share_needed"] is None:
        return [
            f"It would not show even if {_all(version)} changed so: the change hoped for is small beside what it varies"
            " by chance."
        ]
    hundredths = round(move["share_needed"] * 100)
    parts, most = -(-version["activity"] * hundredths // 100), version["touched"] * 100 // hundredths
    narrower = (
        "only what is touched"
        if most == version["touched"]
        else f"at most {number(most)} {_unit(version)}, those touched among them,"
    )
    return [
        f"The same change would show if it touched {percent(move['share_needed'])} or more:"
        f" {number(parts)} of {number(version['activity'])} {_unit(version)}.",
        f"So a metric that counts {narrower} could show it.",
    ]


def _unknown(version: Body, needed: int | None) -> list[str]:
    lacking = []
    if version["activity"] is None:
        lacking.append("how much of what it counts the work touches, like 1 of 30 theatres")
    if version["hoped"] is None:
        lacking.append("the value hoped for there")
    said = [f"Nobody has said yet {listing(lacking)}."] if lacking else []
    if needed is not None:
        said.append(f"Its limits need {plural(needed, 'value')} before it can be told what a change must reach.")
    return said
