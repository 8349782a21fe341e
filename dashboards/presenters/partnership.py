"""The partnership's page: totals, and per trust only what the reader may see; trusts in the order of their seats."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboards.before_after import KINDS, Body
from dashboards.presenters.before_after import KindFigures, all_figures, synthetic_words
from dashboards.shown import Shown
from dashboards.wording import said_p, said_total, shown_total
from ui.words import number, plural, spelled


@dataclass(frozen=True)
class Cells:
    """One kind of measure in one row of the table."""

    n: str
    before: str
    after: str


@dataclass(frozen=True)
class TrustRow:
    name: str
    full_name: str
    value_streams: int
    held: int
    complete: int
    kinds: tuple[Cells, ...]
    is_own: bool = False


@dataclass(frozen=True)
class TestRow:
    """One line like Table 7.3's."""

    name: str
    unit: str
    n: str
    before: str
    before_se: str
    after: str
    after_se: str
    t: str
    p: str
    r: str


@dataclass(frozen=True)
class PartnershipPanels:
    answer: str
    rows: tuple[TrustRow, ...]
    shows_all: bool
    total: TrustRow
    tests: tuple[TestRow, ...]
    ratio: tuple[str, ...]
    remarks: tuple[str, ...]
    processes: str
    waiting: str
    synthetic: str
    period: Body


def panels(shown: Shown, *, own_trusts: Collection[int]) -> PartnershipPanels:
    body, period = shown.body, shown.period
    figures = all_figures(period)
    rows = trust_rows(body, period, own_trusts=own_trusts)
    processes = period["processes"]
    shared = f"{plural(processes['sharing'], 'RPIW')} share a process with another" if processes["sharing"] else ""
    return PartnershipPanels(
        answer=answer(period, figures, len(body["trusts"])),
        rows=tuple(rows),
        shows_all=bool(period["public"]),
        total=_total(period),
        tests=tuple(_test(kind, period["before_after"][kind]["summary"]) for kind in KINDS if _has_test(period, kind)),
        ratio=tuple(ratio_totals(period)),
        remarks=tuple(period["note"].splitlines()),
        processes=shared,
        waiting=plural(len(body["waiting"]), "trust") if body["waiting"] else "",
        synthetic=synthetic_words(period),
        period=period,
    )


def trust_rows(body: Body, period: Body, *, own_trusts: Collection[int]) -> list[TrustRow]:
    """Every trust's figures of a period that is already public; else those of the reader's own trusts alone."""
    names = {trust["id"]: trust for trust in body["trusts"]}
    return [
        _row(names[figures["trust"]], figures, is_own=figures["trust"] in own_trusts)
        for figures in period["trusts"]
        if period["public"] or figures["trust"] in own_trusts
    ]


def _row(trust: Body, figures: Body, *, is_own: bool) -> TrustRow:
    return TrustRow(
        name=trust["short_name"],
        full_name=trust["name"],
        value_streams=figures["value_streams"],
        held=figures["held"],
        complete=figures["complete"],
        kinds=tuple(_cells(kind, figures["before_after"][kind]) for kind in KINDS),
        is_own=is_own,
    )


def _total(period: Body) -> TrustRow:
    return TrustRow(
        name="Partnership",
        full_name="Partnership",
        value_streams=period["value_streams"],
        held=period["completeness"]["held"],
        complete=period["completeness"]["complete"],
        kinds=tuple(_cells(kind, period["before_after"][kind]["summary"]) for kind in KINDS),
    )


def _cells(kind: str, summary: Body) -> Cells:
    if not summary["n"]:
        return Cells("0", "none", "none")
    before, after = (_said(kind, shown_total(kind, summary, end)) for end in ("baseline", "post"))
    return Cells(number(summary["n"]), before, after)


def _said(kind: str, total: float | None) -> str:
    """As the table prints it: hours, defects with their decimals, ratios to two places."""
    if total is not None and kind == "lead_time":
        return number(total / 60, 0)
    if total is not None and kind == "defects":
        return number(total, 1).removesuffix(".0")
    return said_total(kind, total)


def ratio_totals(period: Body) -> list[str]:
    """Both totals of the defect ratio, and why they differ."""
    summary = period["before_after"]["defect_ratio"]["summary"]
    means = summary["group_means"]
    if not means:
        return []
    trusts = f"{spelled(means['groups'])} trust{'s' if means['groups'] != 1 else ''}"
    return [
        f"{_ratio(means['baseline'], 2)} to {_ratio(means['post'], 2)} is the mean of the means of {trusts}: each trust"
        " counts the same, however many measures it has.",
        f"{_ratio(summary['baseline_mean'], 3)} to {_ratio(summary['post_mean'], 3)} is the mean of the"
        f" {plural(summary['n'], 'measure')}: each measure counts the same.",
    ]


def _ratio(value: float, places: int) -> str:
    """A ratio as the report prints it, without the nought: `.57`."""
    return number(value, places).replace("0.", ".", 1)


def _has_test(period: Body, kind: str) -> bool:
    return period["before_after"][kind]["summary"]["test"] is not None


def _test(kind: str, summary: Body) -> TestRow:
    test = summary["test"]
    places = {"lead_time": 0, "defects": 3, "defect_ratio": 3}[kind]
    return TestRow(
        name=KINDS[kind],
        unit={"lead_time": "minutes", "defects": "defects", "defect_ratio": "ratio"}[kind],
        n=number(test["n"]),
        before=number(test["baseline_mean"], places),
        before_se=number(test["baseline_se"], places),
        after=number(test["post_mean"], places),
        after_se=number(test["post_se"], places),
        t="none" if test["t"] is None else f"t({test['df']}) = {number(test['t'], 3)}",
        p=said_p(test["p"]),
        r="none" if test["effect_size_r"] is None else number(test["effect_size_r"], 3).replace("0.", ".", 1),
    )


def answer(period: Body, figures: list[KindFigures], trusts: int) -> str:
    held, complete = period["completeness"]["held"], period["completeness"]["complete"]
    if not held:
        return "No RPIW has reported out in this period yet."
    have = "has" if complete == 1 else "have"
    said = f"{number(complete)} of {plural(held, 'RPIW')} in {spelled(trusts)} trusts {have} complete measures."
    fallen = [each for each in figures if each.n]
    if fallen:
        parts = ", ".join(f"{each.name.lower()} {each.change}" for each in fallen)
        said += f" Against their own baselines: {parts}."
    return said


@dataclass(frozen=True)
class PublishedPeriod:
    """A period whose figures are already public, for readers outside the trusts."""

    rows: tuple[TrustRow, ...]
    total: TrustRow
    ratio: tuple[str, ...]
    remarks: tuple[str, ...]
    synthetic: str
    period: Body
    shows_all: bool = True
    waiting: str = ""
    processes: str = ""


def published(body: Body) -> list[PublishedPeriod]:
    """The periods that are already public, trust by trust."""
    return [
        PublishedPeriod(
            rows=tuple(trust_rows(body, period, own_trusts=())),
            total=_total(period),
            ratio=tuple(ratio_totals(period)),
            remarks=tuple(period["note"].splitlines()),
            synthetic=synthetic_words(period),
            period=period,
        )
        for period in body["periods"]
        if period["public"]
    ]
