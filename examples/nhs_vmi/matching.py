"""Pairs of baseline and post whose sums, means, standard errors and t are the printed ones.

Skewed pairs are drawn, their sums per trust are made exact, and then amounts are moved between two pairs of one trust
(which keeps its sums) for as long as that brings the standard errors and t nearer to print. Amounts are whole numbers
(minutes, hundredths of a defect, defects out of outputs), so every machine takes the same decisions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from examples.nhs_vmi.chance import Chance
from examples.nhs_vmi.printed import Target

MOVES = 400_000
NEAR_ENOUGH = 1e-5


@dataclass
class DrawnPair:
    """One pair in whole amounts.

    step: the smallest amount to move. least: the smallest baseline. least_kept: the smallest post, as a share of the
    baseline. outputs: of a ratio, at baseline and post.
    """

    trust: str
    baseline: int
    post: int
    worsens: bool = False
    step: int = 1
    least: int = 1
    least_kept: float = 0.0
    outputs: tuple[int, int] = (1, 1)

    def allowed(self, baseline: int, post: int) -> bool:
        """Whether these amounts keep the pair's direction and a plausible size."""
        if baseline < self.least or post < 0:
            return False
        before, after = baseline / self.outputs[0], post / self.outputs[1]
        if self.outputs != (1, 1) and (before > 1 or after > 1):
            return False
        if self.worsens:
            return 1.02 * before <= after <= 1.8 * before
        return self.least_kept * before <= after <= 0.97 * before


def amounts_like(
    target: Target, chance: Chance, *, spread: float, steps: tuple[int, ...], least: int, least_kept: float
) -> list[DrawnPair]:
    """Pairs of amounts (minutes, or hundredths) that meet `target`. steps: those to choose a pair's from."""
    pairs: list[DrawnPair] = []
    for trust, n in target.n.items():
        baseline, post = int(target.baseline[trust]), int(target.post[trust])
        drawn = [chance.skewed(spread) for _ in range(n)]
        mean = baseline / n
        own: list[DrawnPair] = []
        for size in (one * baseline / sum(drawn) for one in drawn):
            step = chance.one_of(steps)
            before = max(least + 10 * step, round(size / step) * step)
            worsens = before < 0.5 * mean and chance.happens(0.2)
            kept = chance.between(1.1, 1.6) if worsens else chance.between(0.2, 1.0)
            own.append(DrawnPair(trust, before, round(before * kept / step) * step, worsens, step, least, least_kept))
        _scale_posts(own, post)
        largest = max(own, key=lambda pair: pair.baseline)
        largest.step = math.gcd(*steps, baseline, post)
        _settle(own, baseline, post, chance)
        pairs += own
    _approach(pairs, target, chance, scale=100 if max(steps) > 1 else 1)
    return pairs


def ratios_like(target: Target, chance: Chance) -> list[DrawnPair]:
    """Pairs of defects out of outputs that meet `target`, whose sums are of proportions."""
    pairs: list[DrawnPair] = []
    for trust, n in target.n.items():
        for _ in range(n):
            outputs = chance.whole(12, 60)
            after_outputs = outputs if chance.happens(0.6) else chance.whole(12, 60)
            mean_before, mean_after = target.baseline[trust] / n, target.post[trust] / n
            before = min(0.98, max(0.06, mean_before + chance.between(-0.45, 0.45)))
            worsens = chance.happens(0.05) and before < 0.5
            after = min(0.95 * before, mean_after * chance.between(0.0, 2.0))
            baseline = max(1, round(before * outputs))
            post = round(after * after_outputs)
            if worsens:
                baseline = max(1, min(baseline, outputs // 4))
                post = math.floor(baseline / outputs * after_outputs) + 1
            elif post / after_outputs >= baseline / outputs:
                post = max(0, math.ceil(baseline / outputs * after_outputs) - 1)
            pairs.append(DrawnPair(trust, baseline, post, worsens, outputs=(outputs, after_outputs)))
    _approach_ratios(pairs, target, chance)
    return pairs


def _scale_posts(pairs: list[DrawnPair], post: int) -> None:
    """Brings the posts of the pairs that improve to about what is left of the sum."""
    improving = [pair for pair in pairs if not pair.worsens]
    left = post - sum(pair.post for pair in pairs if pair.worsens)
    factor = left / sum(pair.post for pair in improving)
    for pair in improving:
        kept = min(0.9, max(pair.least_kept, factor * pair.post / pair.baseline))
        pair.post = round(pair.baseline * kept / pair.step) * pair.step


def _settle(pairs: list[DrawnPair], baseline: int, post: int, chance: Chance) -> None:
    """Makes one trust's sums exact by small changes that keep every pair's direction."""
    for _ in range(MOVES):
        missing = (baseline - sum(p.baseline for p in pairs), post - sum(p.post for p in pairs))
        if missing == (0, 0):
            return
        side = 0 if missing[0] and (not missing[1] or chance.happens(0.5)) else 1
        amount, pair = missing[side], chance.one_of(pairs)
        change = max(min(abs(amount), abs(amount) // (2 * len(pairs)) + pair.step) // pair.step * pair.step, pair.step)
        change = change if amount > 0 else -change
        after = (pair.baseline + change, pair.post) if side == 0 else (pair.baseline, pair.post + change)
        if pair.allowed(*after):
            pair.baseline, pair.post = after
    raise AssertionError("the sums of one trust cannot be met")


def _approach(pairs: list[DrawnPair], target: Target, chance: Chance, *, scale: int) -> None:
    """Moves amounts between two pairs of one trust until the standard errors and t are as printed."""
    n = len(pairs)
    total = (sum(p.baseline for p in pairs), sum(p.post for p in pairs))
    squares = [
        sum(p.baseline**2 for p in pairs),
        sum(p.post**2 for p in pairs),
        sum((p.baseline - p.post) ** 2 for p in pairs),
    ]

    def distance(found: list[int]) -> float:
        baseline_se = _standard_error(n, total[0], found[0]) / scale
        post_se = _standard_error(n, total[1], found[1]) / scale
        difference_se = _standard_error(n, total[0] - total[1], found[2]) / scale
        t = (total[0] - total[1]) / n / scale / difference_se
        far = abs(baseline_se / target.baseline_se - 1) + abs(t / target.t - 1)
        return far + (abs(post_se / target.post_se - 1) if target.post_se else 0)

    by_trust = {trust: [p for p in pairs if p.trust == trust] for trust in target.n}
    best = distance(squares)
    for _ in range(MOVES):
        if best < NEAR_ENOUGH:
            return
        own = by_trust[chance.one_of(list(by_trust))]
        giver, taker = chance.one_of(own), chance.one_of(own)
        step = max(giver.step, taker.step)
        sides = chance.whole(1, 3)
        size = int(chance.low_share() * max(giver.baseline, giver.post)) // step * step or step
        less = (size if sides & 1 else 0, _part(size, sides, chance, step))
        given = (giver.baseline - less[0], giver.post - less[1])
        taken = (taker.baseline + less[0], taker.post + less[1])
        if giver is taker or not giver.allowed(*given) or not taker.allowed(*taken):
            continue
        found = list(squares)
        for pair, (baseline, post) in ((giver, given), (taker, taken)):
            found[0] += baseline**2 - pair.baseline**2
            found[1] += post**2 - pair.post**2
            found[2] += (baseline - post) ** 2 - (pair.baseline - pair.post) ** 2
        nearer = distance(found)
        if nearer < best:
            best, squares = nearer, found
            (giver.baseline, giver.post), (taker.baseline, taker.post) = given, taken
    raise AssertionError(f"the printed figures were not reached: still {best:.6f} away")


def _part(size: int, sides: int, chance: Chance, step: int) -> int:
    """What moves of the post when `size` moves: nothing, all, or as large a part as a usual reduction leaves."""
    if sides == 1:
        return 0
    return size if sides == 2 else int(size * chance.between(0.2, 0.6)) // step * step


def _approach_ratios(pairs: list[DrawnPair], target: Target, chance: Chance) -> None:
    """Changes one count of defects at a time until means, standard errors and t are as printed."""
    n = len(pairs)
    means = (sum(target.baseline.values()) / n, sum(target.post.values()) / n)

    def distance() -> float:
        before = [p.baseline / p.outputs[0] for p in pairs]
        after = [p.post / p.outputs[1] for p in pairs]
        total = (math.fsum(before), math.fsum(after))
        baseline_se = _standard_error(n, total[0], math.fsum(b * b for b in before))
        post_se = _standard_error(n, total[1], math.fsum(a * a for a in after))
        squared = math.fsum((b - a) ** 2 for b, a in zip(before, after, strict=True))
        t = (total[0] - total[1]) / n / _standard_error(n, total[0] - total[1], squared)
        far = 30 * (max(0, abs(total[0] / n - means[0]) - 2e-4) + max(0, abs(total[1] / n - means[1]) - 2e-4))
        far += 10 * max(0, abs(baseline_se - target.baseline_se) - 2e-4)
        far += 10 * max(0, abs(post_se - target.post_se) - 2e-4) if target.post_se else 0
        far += max(0, abs(t / target.t - 1) - 1e-5)
        for trust, count in target.n.items():
            own = [i for i, p in enumerate(pairs) if p.trust == trust]
            far += max(0, abs(math.fsum(before[i] for i in own) - target.baseline[trust]) / count - 0.003)
            far += max(0, abs(math.fsum(after[i] for i in own) - target.post[trust]) / count - 0.003)
        return far

    best = distance()
    for _ in range(MOVES):
        if best == 0:
            return
        moved = [chance.one_of(pairs) for _ in range(chance.whole(1, 2))]
        kept = [(pair, pair.baseline, pair.post) for pair in moved]
        possible = True
        for pair in moved:
            change = chance.one_of((-3, -2, -1, 1, 2, 3))
            side = chance.happens(0.5)
            baseline, post = pair.baseline + change * side, pair.post + change * (not side)
            possible = possible and pair.allowed(baseline, post)
            if possible:
                pair.baseline, pair.post = baseline, post
        nearer = distance() if possible else best
        if nearer < best:
            best = nearer
        else:
            for pair, baseline, post in reversed(kept):
                pair.baseline, pair.post = baseline, post
    raise AssertionError(f"the printed figures were not reached: still {best:.6f} away")


def _standard_error(n: int, total: float, squares: float) -> float:
    return math.sqrt(max(0.0, (n * squares - total * total) / (n * n * (n - 1))))
