"""The naive twin of the XmR charts: one series, plain loops, exact fractions."""

from fractions import Fraction
from itertools import pairwise
from math import isnan

from analysis.before_after import Better
from analysis.spc.rule_sets import Baseline, Conflict, Missing, RuleSet, Screening, Test

FACTOR, SCREEN, NEAR = Fraction(266, 100), Fraction(3267, 1000), Fraction(2, 3)


def mean(numbers: list[Fraction]) -> Fraction | None:
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def chart(
    values: list[float],
    rules: RuleSet,
    *,
    better: Better,
    target: float | None,
    recalculated: list[bool],
    ghosts: list[bool],
    baseline: int,
) -> dict[str, object]:
    size = len(values)
    section, now = [], 0
    for i in range(size):
        if i and recalculated[i] and not (baseline and rules.baseline is Baseline.WHOLE_CHART):
            now += 1
        section.append(now)
    rows = [i for i in range(size) if not ghosts[i] and not (isnan(values[i]) and rules.missing is Missing.ABSENT)]
    there = [i for i in rows if not isnan(values[i])]
    exact = {i: Fraction(values[i]) for i in there}
    enough = len(there) >= max(rules.minimum_points, 1)
    lines: dict[int, tuple[Fraction | None, Fraction | None]] = {}
    for number in set(section):
        mine = [i for i in rows if section[i] == number]
        fixed = baseline and not (rules.baseline is Baseline.FIRST_SECTION and number > 0)
        used = mine[:baseline] if fixed else mine
        ranges = {}
        for before, after in pairwise(mine):
            if before in exact and after in exact and after in used:
                ranges[after] = abs(exact[after] - exact[before])
        average = mean(list(ranges.values()))
        counted = [i for i in used if i in exact]
        if rules.screening is not Screening.NONE and average is not None:
            strict = rules.screening is Screening.RANGES
            far = {i for i, r in ranges.items() if (r >= SCREEN * average if strict else r > SCREEN * average)}
            average = mean([r for i, r in ranges.items() if i not in far])
            if rules.screening is Screening.RANGES_AND_VALUES:
                counted = [i for i in counted if i not in far]
        centre = mean([exact[i] for i in counted])
        reach = None if average is None or centre is None or not enough else FACTOR * average
        lines[number] = (centre, reach)
    found: dict[int, set[tuple[Test, str]]] = {i: set() for i in range(size)}

    def side(i: int) -> int:
        centre = lines[section[i]][0]
        return 0 if i not in exact or centre is None else (exact[i] > centre) - (exact[i] < centre)

    def together(test: Test, window: list[int]) -> bool:
        return test in rules.crossing or len({section[i] for i in window}) == 1

    for i in there:
        centre, reach = lines[section[i]]
        if centre is not None and reach is not None and abs(exact[i] - centre) > reach:
            found[i].add((Test.OUTSIDE, "high" if side(i) > 0 else "low"))
    for test, length in ((Test.SHIFT, rules.shift), (Test.TREND, rules.trend), (Test.TWO_OF_THREE, 3)):
        for first in range(len(rows) - length + 1):
            window = rows[first : first + length]
            if not together(test, window) or any(i not in exact for i in window):
                continue
            sides = {side(i) for i in window}
            if test is Test.TREND:
                steps = [exact[b] - exact[a] for a, b in pairwise(window)]
                if all(step > 0 for step in steps) or all(step < 0 for step in steps):
                    for i in window:
                        found[i].add((test, "high" if steps[0] > 0 else "low"))
            elif len(sides) == 1 and sides != {0}:
                flagged = window
                if test is Test.TWO_OF_THREE:
                    flagged = []
                    for i in window:
                        centre, reach = lines[section[i]]
                        if centre is None or reach is None:
                            continue
                        off = abs(exact[i] - centre)
                        if off > NEAR * reach and (rules.beyond_limit_is_near or off <= reach):
                            flagged.append(i)
                    if len(flagged) < 2:
                        continue
                for i in flagged:
                    found[i].add((test, "high" if sides == {1} else "low"))
    if rules.conflict is Conflict.FIRST_TEST:
        trending = [i for i in rows if any(test is Test.TREND for test, _ in found[i])]
        for i, following in pairwise(rows):
            goes_on = i in trending and following in trending and section[i] == section[following]
            if goes_on and exact[following] != exact[i]:
                way = "high" if exact[following] > exact[i] else "low"
                found[i] = {pair for pair in found[i] if pair[0] is not Test.TREND} | {(Test.TREND, way)}
    judged = [judge(found[i] if enough else set(), rules, better) for i in range(size)]
    last = (rows or [0])[-1]
    centre, reach = lines[section[last]]
    result = "none"
    if target is not None and better is not Better.NEITHER and centre is not None and reach is not None:
        aim, low, high = Fraction(target), centre - reach, centre + reach
        below = aim <= low if rules.edge_decides else aim < low
        above = aim >= high if rules.edge_decides else aim > high
        good, bad = (below, above) if better is Better.HIGHER else (above, below)
        result = "pass" if good else "fail" if bad else "hit"
    return {
        "section": section,
        "lines": [lines[number] for number in section],
        "signals": [found[i] if enough else set() for i in range(size)],
        "judgements": judged,
        "enough": enough,
        "last": judged[last] if enough else None,
        "assurance": result,
    }


def judge(signals: set[tuple[Test, str]], rules: RuleSet, better: Better) -> str:
    if not signals:
        return "common"
    kinds = dict.fromkeys(test for test in rules.precedence for found, _ in signals if found is test)
    if rules.conflict is Conflict.FIRST_TEST:
        first = next(iter(kinds))
        ways = {way for test, way in signals if test is first}
    else:
        ways = {way for _, way in signals}
        if rules.conflict is Conflict.FIRST_TEST_THEN_SETTING and better is not Better.NEITHER and len(ways) == 2:
            first = next(iter(kinds))
            ways = {way for test, way in signals if test is first}
    if better is Better.NEITHER:
        return "high" if "high" in ways else "low"
    good = "high" if better is Better.HIGHER else "low"
    if len(ways) == 2:
        improves = True if rules.conflict is Conflict.IMPROVEMENT else rules.tied_trends_improve
    else:
        improves = ways == {good}
    return "improvement" if improves else "concern"
