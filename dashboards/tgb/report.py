"""What a trust brings to a meeting of the TGB, from frozen snapshots and recorded facts: pure.

docs/tgb.md says what is in it. Nothing here compares a trust with another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analysis.before_after import Better
from analysis.checkpoints import State
from analysis.spc.rule_sets import RULE_SETS
from dashboards.before_after import Body
from dashboards.presenters.checkpoints import state_of
from dashboards.summaries.body import as_known
from dashboards.summaries.figures import FEWEST_PEOPLE
from dashboards.summaries.small_counts import may_tell
from dashboards.wording import said_value
from metrics.presenters.words import counted, period_words, sentence_parts, series_of, target_words, value_words
from metrics.series import RECENT, series_until
from trusts.models import CqcRating, RegulatoryPeriod
from ui.words import number, sentence

SCHEMA = "1"
LOOKING_BACK = timedelta(days=365)
"""Remeasures are counted that fell due within a year."""
LOOKING_AHEAD = timedelta(days=183)
PAIRS_OFFERED = timedelta(days=730)
"""How long after its report-out an RPIW's before and after is offered as what shows a success."""
REMEASURES = ("day_30", "day_60", "day_90")
ANSWERED = (State.MEASURED, State.NOT_MEASURED)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the snapshots do not hold. `not_measured`: RPIW, checkpoint, coded reason; `retired`: metric, day, why."""

    not_measured: tuple[tuple[int, str, str], ...] = ()
    retired: tuple[tuple[int, date, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Brought:
    """In the trust's own words, and which chart shows the success."""

    success: str
    challenge: str
    help_wanted: str = ""
    success_chart: str = ""


@dataclass(frozen=True, kw_only=True)
class Between:
    """The day of the report, and that of the meeting before."""

    on: date
    since: date


def report_body(
    trust: Body, streams: Sequence[Body], facts: Facts, words: Brought, days: Between, before: Body | None
) -> Body:
    """Everything that the board reads of the trust. `before`: the body that it released for the meeting before."""
    by_id = {stream["value_stream"]["id"]: stream for stream in streams}
    shown = [_stream(row, by_id[row["id"]], days.on) for row in trust["value_streams"] if row["id"] in by_id]
    body = {
        "schema": SCHEMA,
        "trust": {name: trust["trust"][name] for name in ("id", "name", "short_name", "ods_code")},
        "on": days.on.isoformat(),
        "since": days.since.isoformat(),
        "words": {"success": words.success, "challenge": words.challenge, "help_wanted": words.help_wanted},
        "success_chart": words.success_chart,
        "success_pair": _pair_named(words.success_chart, streams),
        "streams": shown,
        "weeks": sorted(_weeks(streams, days.on), key=lambda week: week["starts"]),
        "remeasures": _remeasures(streams, facts, days.on),
        "stand_downs": _stand_downs(trust["context"], days),
        "amended": list(_amended(streams, facts, days)),
        "context": _context(trust["context"], days.on),
        "newest_data": _newest(streams, days.on),
        "synthetic": trust["synthetic"] or any(metric["synthetic"] for each in shown for metric in each["metrics"]),
    }
    return body | {"changes": list(_changes(body, trust["context"], before, days))}


# Metrics ---------------------------------------------------------------------


def _stream(row: Body, stream: Body, on: date) -> Body:
    return {name: row[name] for name in ("id", "name", "status")} | {"metrics": metrics_shown(stream, on)}


def metrics_shown(stream: Body, on: date) -> list[Body]:
    """The value stream's metrics that were watched on the day."""
    watched = [metric for metric in stream["metrics"] if not _is_retired(metric, on)]
    return [found for metric in watched if (found := _metric(metric, on)) is not None]


def _is_retired(metric: Body, on: date) -> bool:
    return metric["retired_on"] is not None and metric["retired_on"] <= on.isoformat()


def _metric(metric: Body, on: date) -> Body | None:
    """One metric as its chart stood at the end of the day; None when no definition applied yet."""
    versions = [each for each in metric["versions"] if (each["applies_from"] or "") <= on.isoformat()]
    if not versions:
        return None
    version = versions[-1]
    stored = series_of(version)
    rules = RULE_SETS[metric["rules"]["key"]].with_run_length(metric["rules"]["shift"])
    series = series_until(version, stored, rules, day=on) if stored else None
    points = counted(series) if series else []
    last = points[-1] if points else None
    few = last is not None and _is_small(last, version)
    return {
        "key": f"metric-{metric['id']}",
        "id": metric["id"],
        "category": metric["category"],
        "name": metric["name"],
        "definition": version["number"],
        "unit": version["unit"],
        "better_when": version["better_when"],
        "variation": series["variation"] if series else "few",
        "assurance": series["assurance"] if series else "none",
        "sentence": " ".join(sentence_parts(version, series)),
        "latest": "fewer than 5" if few else value_words(last["value"] if last else None, version),
        "latest_on": period_words(last["on"], version) if last else "",
        "target": target_words(series["target"], version) if series else "none",
        "target_value": series["target"] if series else None,
        "values": series["values"] if series else 0,
        "needed": metric["rules"]["needed"],
        "points": [_point(point, version) for point in points[-RECENT:]],
        "synthetic": metric["synthetic"],
    }


def _point(point: Body, version: Body) -> Body:
    """A value that may tell of fewer than five people stays in the trust; the lines through many values do not tell."""
    small = _is_small(point, version)
    return {"on": point["on"], "value": None if small else point["value"], "judgement": point["judgement"]} | {
        line: point[line] for line in ("mean", "lower", "upper")
    }


def _is_small(point: Body, version: Body) -> bool:
    of = point["denominator"]
    return (of is not None and of < FEWEST_PEOPLE) or (version["unit"] == "count" and point["value"] < FEWEST_PEOPLE)


def metrics_of(body: Body) -> list[Body]:
    return [metric for stream in body["streams"] for metric in stream["metrics"]]


# Before and after ------------------------------------------------------------


def pairs(streams: Sequence[Body], *, on: date) -> Iterator[Body]:
    """The measures with a before and an after that the trust may point at, of the RPIWs of the last two years."""
    first = (on - PAIRS_OFFERED).isoformat()
    for stream in streams:
        for measure in stream["measures"]:
            held = measure["reported_out"] or ""
            if not measure["left_out"] and first <= held <= on.isoformat() and not may_tell(measure):
                yield _pair(measure, stream)


def _pair(measure: Body, stream: Body) -> Body:
    ends = {end: Decimal(measure[end]["value"]) for end in ("baseline", "post")}
    way = Better(measure["better_when"])
    better = {Better.LOWER: ends["post"] < ends["baseline"], Better.HIGHER: ends["post"] > ends["baseline"]}
    return {
        "key": f"measure-{measure['id']}",
        "stream": stream["value_stream"]["name"],
        "process": measure["process"],
        "name": measure["name"],
        "kind": measure["kind"],
        "unit": measure["unit"],
        "baseline": float(ends["baseline"]),
        "post": float(ends["post"]),
        "baseline_words": said_value(measure, "baseline"),
        "post_words": said_value(measure, "post"),
        "baseline_on": measure["baseline"]["on"],
        "post_on": measure["post"]["on"],
        "improved": better.get(way, False),
        "synthetic": measure["synthetic"],
    }


def _pair_named(key: str, streams: Sequence[Body]) -> Body | None:
    wanted = key.removeprefix("measure-")
    for stream in streams:
        for measure in stream["measures"]:
            if key != wanted and str(measure["id"]) == wanted and not measure["left_out"]:
                return _pair(measure, stream)
    return None


# RPIWs -----------------------------------------------------------------------


def _weeks(streams: Sequence[Body], on: date) -> Iterator[Body]:
    """The weeks to come within half a year, and one that is being held."""
    for stream in streams:
        for rpiw in stream["rpiws"]:
            starts, ends = rpiw["week_starts"], rpiw["week_ends"]
            if rpiw["state"] not in ("planned", "preparing", "week") or starts is None or ends is None:
                continue
            if on.isoformat() <= ends and starts <= (on + LOOKING_AHEAD).isoformat():
                yield {
                    "stream": stream["value_stream"]["name"],
                    "process": rpiw["process"],
                    "starts": starts,
                    "ends": ends,
                }


def _remeasures(streams: Sequence[Body], facts: Facts, on: date) -> Body:
    """Of the remeasures at 30, 60 and 90 days that fell due within a year: how many are done, and why the others are
    not. Stood down counts as a reason, and nothing that is closed is owed."""
    why = {(rpiw, checkpoint): code for rpiw, checkpoint, code in facts.not_measured}
    due, done, reasons = 0, 0, Counter[str]()
    for stream in streams:
        for rpiw in stream["rpiws"]:
            if rpiw["kept_apart"] or rpiw["reported_out"] is None:
                continue
            for row in rpiw["checkpoints"]:
                if row["checkpoint"] not in REMEASURES or not _fell_due(row["due"], on):
                    continue
                due += 1
                state = state_of(row, rpiw, today=on)
                if state is State.MEASURED:
                    done += 1
                else:
                    reasons[
                        why.get((rpiw["id"], row["checkpoint"]), "other") if state in ANSWERED else state.value
                    ] += 1
    return {"due": due, "done": done, "reasons": dict(sorted(reasons.items()))}


def _fell_due(due: str | None, on: date) -> bool:
    return due is not None and (on - LOOKING_BACK).isoformat() <= due <= on.isoformat()


# What happened to the trust --------------------------------------------------


def _stand_downs(context: Body, days: Between) -> list[Body]:
    """Those that last, and those that began or ended since the meeting before. What is written about them stays."""
    stops = {"stops_rpiws": "RPIWs", "stops_training": "training", "stops_daily_work": "daily work"}
    on, since = days.on.isoformat(), days.since.isoformat()
    return [
        {
            "value_stream": row["value_stream__name"],
            "stops": [word for name, word in stops.items() if row[name]],
            "reason": row["reason"],
            "started": row["started"],
            "ended": row["ended"],
        }
        for row in context["stand_downs"]
        if row["started"] <= on and (row["ended"] is None or row["ended"] >= since)
    ]


def _amended(streams: Sequence[Body], facts: Facts, days: Between) -> Iterator[Body]:
    """The definitions that an executive sponsor agreed to since the meeting before, and what is no longer watched."""
    retired = {metric: (on, why) for metric, on, why in facts.retired}
    for stream in streams:
        for metric in stream["metrics"]:
            row = {"stream": stream["value_stream"]["name"], "metric": metric["name"]}
            for version in metric["versions"]:
                agreed = version["agreed_at"]
                if version["number"] > 1 and agreed and days.since.isoformat() <= agreed <= days.on.isoformat():
                    yield row | {"what": f"definition {version['number']}", "why": version["reason"], "agreed": agreed}
            if metric["id"] in retired:
                on, why = retired[metric["id"]]
                yield row | {"what": "no longer watched", "why": why, "agreed": on.isoformat()}


def _context(context: Body, on: date) -> Body:
    by = on.isoformat()
    ratings = [row for row in context["ratings"] if row["rated"] <= by]
    leaders = [row for row in context["chief_executives"] if _lasts(row, by)]
    return {
        "cqc": _rating(ratings[-1]) if ratings else None,
        "regulatory": [
            {"what": _period_words(row), "started": as_known(row["started"], row["started_precision"])}
            for row in context["regulatory_periods"]
            if _lasts(row, by)
        ],
        "chief_executive": leaders[-1]["name"] if leaders else "",
    }


def _period_words(row: Body) -> str:
    return row["description"] or str(RegulatoryPeriod.Kind(row["kind"]).label)


def _rating(row: Body) -> Body:
    return {"rating": row["rating"], "rated": as_known(row["rated"], row["rated_precision"])}


def _lasts(row: Body, by: str) -> bool:
    """Whether it holds on the day: on its last one, too."""
    return bool(row["started"]) and row["started"] <= by and (row["ended"] is None or row["ended"] >= by)


def _newest(streams: Sequence[Body], on: date) -> str | None:
    """The last day of which any figure tells: of a metric's value, or of a remeasure."""
    days = [
        *(
            _last_value(series, on)
            for stream in streams
            for metric in stream["metrics"]
            for version in metric["versions"]
            for series in version["series"]
        ),
        *(
            row["last_on"]
            for stream in streams
            for rpiw in stream["rpiws"]
            for row in rpiw["checkpoints"]
            if row["last_on"]
        ),
    ]
    return max((day for day in days if day and day <= on.isoformat()), default=None)


def _last_value(series: Body, on: date) -> str | None:
    dated = (point["on"] for point in reversed(series["points"]) if point["value"] is not None)
    return next((day for day in dated if day <= on.isoformat()), None)


# What changed since the meeting before ---------------------------------------

_ICONS = {"improvement": "improvement", "concern": "concern", "neutral": "special", "common": "common"}


def _changes(body: Body, context: Body, before: Body | None, days: Between) -> Iterator[Body]:
    """In words with a mark: metrics judged otherwise, definitions, stand-downs, ratings, regulation, leaders."""
    since, on = days.since.isoformat(), days.on.isoformat()
    was = {metric["key"]: metric for metric in metrics_of(before)} if before else {}
    for metric in metrics_of(body):
        earlier = was.get(metric["key"])
        if earlier and earlier["variation"] != metric["variation"]:
            kind = metric["variation"].partition("_")[0]
            if kind == "few":
                continue
            yield {"icon": _ICONS[kind], "text": f"{metric['name']}. {metric['sentence']}"}
    for row in body["amended"]:
        yield {"icon": "corrected", "text": f"{row['metric']}: {row['what']}. {row['why']}"}
    for row in body["stand_downs"]:
        where = row["value_stream"] or "the whole trust"
        if row["started"] >= since:
            yield {"icon": "reason", "text": f"{sentence(' and '.join(row['stops']))} of {where} stood down"}
        elif row["ended"] and since <= row["ended"] <= on:
            yield {"icon": "done", "text": f"{sentence(' and '.join(row['stops']))} of {where} began again"}
    yield from _of_context(context, since, on)


def _of_context(context: Body, since: str, on: str) -> Iterator[Body]:
    for row in context["ratings"]:
        if since <= row["rated"] <= on:
            yield {"icon": "info", "text": f"CQC rating: {CqcRating.Rating(row['rating']).label}"}
    for row in context["regulatory_periods"]:
        what = _period_words(row)
        if row["started"] and since <= row["started"] <= on:
            yield {"icon": "info", "text": f"Began: {what}"}
        if row["ended"] and since <= row["ended"] <= on:
            yield {"icon": "info", "text": f"Ended: {what}"}
    for row in context["chief_executives"]:
        if row["started"] and since <= row["started"] <= on:
            yield {"icon": "person", "text": f"New chief executive: {row['name']}"}
        if row["ended"] and since <= row["ended"] <= on:
            yield {"icon": "person", "text": f"Chief executive until now: {row['name']}"}


# Whether a success is shown --------------------------------------------------

SHOWN, PAIR, NOT_SHOWN, NO_CHART = "shown", "pair", "not_shown", "no_chart"
NOT_BY_ITS_CHART = "Its chart does not support this."


@dataclass(frozen=True)
class Support:
    """What stands behind a claim of improvement. `key` is the chart's, empty where there is none."""

    kind: str
    words: str
    key: str = ""

    @property
    def is_shown(self) -> bool:
        return self.kind in (SHOWN, PAIR)


def support_of(body: Body) -> Support:
    """Which chart shows the trust's success, and whether it does: a picture beside a claim proves nothing by itself."""
    key = body["success_chart"]
    metric: Any = next((each for each in metrics_of(body) if each["key"] == key), None)
    pair = body["success_pair"]
    if metric is not None:
        if metric["variation"].startswith("improvement"):
            return Support(SHOWN, f"{metric['name']}: {metric['sentence']}", key)
        return Support(NOT_SHOWN, f"{NOT_BY_ITS_CHART} {metric['name']}: {metric['sentence']}", key)
    if pair is not None:
        said = f"{pair['process']}, {pair['name']}: {pair['baseline_words']}, then {pair['post_words']}."
        if pair["improved"]:
            return Support(PAIR, f"{said} Two measurements cannot tell chance from cause.", key)
        return Support(NOT_SHOWN, f"{NOT_BY_ITS_CHART} {said}", key)
    return Support(NO_CHART, "No chart supports this.")


def remeasured_words(remeasures: Body) -> str:
    """`12 of 21`."""
    if not remeasures["due"]:
        return "none due within a year"
    return f"{number(remeasures['done'])} of {number(remeasures['due'])} due within a year"
