"""Before and after: what paired measures of one kind add up to, for a value stream, a trust or the partnership.

`Parts` is what a snapshot stores: exact sums that can be added, so that a trust's figures come from its value streams'
and the partnership's from the trusts', and are the same as if computed from the pairs. `Summary` is what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from analysis.checkpoints import Checkpoint
from analysis.paired import PairedTest, PairSums, paired_t_of_sums, sums_of


class Better(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One paired measure; baseline and post in the same unit. checkpoint: the post's."""

    baseline: Decimal
    post: Decimal
    better: Better = Better.LOWER
    checkpoint: Checkpoint = Checkpoint.AFTER_UNKNOWN

    @property
    def change(self) -> Decimal:
        """Post minus baseline."""
        return self.post - self.baseline

    @property
    def outcome(self) -> str:
        """`improved`, `unchanged`, `worsened`, or `no_direction` when neither way is better."""
        if self.better is Better.NEITHER:
            return "no_direction"
        if self.change == 0:
            return "unchanged"
        return "improved" if (self.change < 0) == (self.better is Better.LOWER) else "worsened"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The stored parts of a before - after of one kind. Adding parts is exact, in any order.

    changes: post minus baseline of every pair, sorted, because quartiles cannot be had from sums.
    outcomes, posts_at, left_out: counts by outcome, by the post's checkpoint, and by why a measure was left out.
    """

    kind: str
    sums: PairSums
    changes: tuple[Decimal, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)
    posts_at: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return self.sums.n

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: counts as integers, every other number as a string, so that nothing is rounded on the way."""
        sums: dict[str, Any] = {name: _text(number) for name, number in asdict(self.sums).items()}
        return {
            "kind": self.kind,
            "sums": sums | {"n": self.n},
            "changes": [_text(change) for change in self.changes],
            "outcomes": dict(sorted(self.outcomes.items())),
            "posts_at": dict(sorted(self.posts_at.items())),
            "left_out": dict(sorted(self.left_out.items())),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Parts:
        """The parts that `to_dict` wrote. Raises KeyError or decimal.InvalidOperation for anything else."""
        sums = {name: Decimal(number) for name, number in stored["sums"].items() if name != "n"}
        return cls(
            kind=stored["kind"],
            sums=PairSums(n=stored["sums"]["n"], **sums),
            changes=tuple(Decimal(change) for change in stored["changes"]),
            outcomes=dict(stored["outcomes"]),
            posts_at=dict(stored["posts_at"]),
            left_out=dict(stored["left_out"]),
        )


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A before - after of n pairs, in the measures' unit. What cannot be computed is None, never 0.

    change is post minus baseline. percentage_reduction is 100 (baseline - post) / baseline of the totals, which equals
    that of the means. Quartiles are inclusive (Hyndman and Fan's type 7, Excel's QUARTILE.INC). group_means are the
    unweighted means of the groups' means (.57 in Table 7.2), where baseline_mean weighs every measure the same (.582
    in Table 7.3). test is None for fewer than two pairs.
    """

    kind: str
    n: int
    baseline_total: float | None = None
    post_total: float | None = None
    baseline_mean: float | None = None
    post_mean: float | None = None
    change_total: float | None = None
    change_mean: float | None = None
    percentage_reduction: float | None = None
    change_lower_quartile: float | None = None
    change_median: float | None = None
    change_upper_quartile: float | None = None
    improved: int = 0
    unchanged: int = 0
    worsened: int = 0
    no_direction: int = 0
    posts_at: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    group_means: GroupMeans | None = None
    test: PairedTest | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, numbers as floats: for showing, not for adding up."""
        shown = asdict(self)
        if self.test is not None:
            shown["test"]["ci95"] = list(self.test.ci95)
        return shown


@dataclass(frozen=True, kw_only=True)
class GroupMeans:
    """Unweighted means of the means of `groups` groups that have at least one pair."""

    groups: int
    baseline: float
    post: float
    percentage_reduction: float | None


def gather(pairs: Iterable[Pair], *, kind: str, left_out: Mapping[str, int] | None = None) -> Parts:
    """The parts of these pairs, all of one kind and unit. left_out: counts of measures without a pair, by reason."""
    pairs = list(pairs)
    return Parts(
        kind=kind,
        sums=sums_of([pair.baseline for pair in pairs], [pair.post for pair in pairs]),
        changes=tuple(sorted(pair.change for pair in pairs)),
        outcomes=Counter(pair.outcome for pair in pairs),
        posts_at=Counter(pair.checkpoint.value for pair in pairs),
        left_out=Counter(left_out or {}),
    )


def combine(parts: Iterable[Parts], *, kind: str) -> Parts:
    """All parts added up, as if gathered from all their pairs. Raises ValueError when one is of another kind."""
    parts = list(parts)
    if any(part.kind != kind for part in parts):
        raise ValueError(f"only parts of the kind {kind!r} add up")
    with localcontext() as context:
        context.prec = 120
        sums = PairSums(
            n=sum(part.n for part in parts),
            baseline=sum((part.sums.baseline for part in parts), Decimal(0)),
            post=sum((part.sums.post for part in parts), Decimal(0)),
            baseline_squared=sum((part.sums.baseline_squared for part in parts), Decimal(0)),
            post_squared=sum((part.sums.post_squared for part in parts), Decimal(0)),
            difference_squared=sum((part.sums.difference_squared for part in parts), Decimal(0)),
        )
    return Parts(
        kind=kind,
        sums=sums,
        changes=tuple(sorted(change for part in parts for change in part.changes)),
        outcomes=_added(part.outcomes for part in parts),
        posts_at=_added(part.posts_at for part in parts),
        left_out=_added(part.left_out for part in parts),
    )


def summarise(
    pairs: Iterable[Pair] | Parts,
    *,
    kind: str,
    left_out: Mapping[str, int] | None = None,
    groups: Iterable[Parts] | None = None,
) -> Summary:
    """What these pairs, or stored parts, show. Without a pair every figure is None and the counts are 0.

    groups: the parts of each group (of each trust, say) for the mean of their means; those without a pair are left out.
    left_out is for pairs only: parts carry their own.
    """
    parts = pairs if isinstance(pairs, Parts) else gather(pairs, kind=kind, left_out=left_out)
    if parts.kind != kind:
        raise ValueError(f"parts of {parts.kind!r} are no {kind!r}")
    group_means = None if groups is None else _mean_of_means(groups)
    if parts.n == 0:
        return Summary(kind=kind, n=0, left_out=dict(parts.left_out), group_means=group_means)
    sums, n = parts.sums, parts.n
    change = sums.post - sums.baseline
    return Summary(
        kind=kind,
        n=n,
        baseline_total=float(sums.baseline),
        post_total=float(sums.post),
        baseline_mean=float(sums.baseline / n),
        post_mean=float(sums.post / n),
        change_total=float(change),
        change_mean=float(change / n),
        percentage_reduction=_reduction(sums.baseline, sums.post),
        change_lower_quartile=quantile(parts.changes, share=Decimal("0.25")),
        change_median=quantile(parts.changes, share=Decimal("0.5")),
        change_upper_quartile=quantile(parts.changes, share=Decimal("0.75")),
        improved=parts.outcomes.get("improved", 0),
        unchanged=parts.outcomes.get("unchanged", 0),
        worsened=parts.outcomes.get("worsened", 0),
        no_direction=parts.outcomes.get("no_direction", 0),
        posts_at=dict(parts.posts_at),
        left_out=dict(parts.left_out),
        group_means=group_means,
        test=paired_t_of_sums(sums),
    )


def quantile(ordered: tuple[Decimal, ...], *, share: Decimal) -> float | None:
    """The inclusive (type 7) quantile of sorted values: linear between the two around place share x (n - 1)."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def _mean_of_means(groups: Iterable[Parts]) -> GroupMeans | None:
    held = [group.sums for group in groups if group.n]
    if not held:
        return None
    baseline = sum((sums.baseline / sums.n for sums in held), Decimal(0)) / len(held)
    post = sum((sums.post / sums.n for sums in held), Decimal(0)) / len(held)
    return GroupMeans(
        groups=len(held),
        baseline=float(baseline),
        post=float(post),
        percentage_reduction=_reduction(baseline, post),
    )


def _reduction(baseline: Decimal, post: Decimal) -> float | None:
    return float(100 * (baseline - post) / baseline) if baseline else None


def _added(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total


def _text(number: Decimal | int) -> str:
    return f"{Decimal(number):f}"
