"""The golden thread's tree and picture, from plain rows."""

import re
from datetime import date
from types import SimpleNamespace as Row
from xml.etree import ElementTree

import pytest

from dashboards.presenters.thread import answer, open_sentence, together_answer
from dashboards.thread.drawing import picture
from dashboards.thread.records import AsOf, Records
from dashboards.thread.together import reach_of
from dashboards.thread.tree import Kind, threads

TODAY = date(2026, 3, 11)
NOW = AsOf(TODAY, TODAY, date(2026, 1, 1))


def stream(number, **facts):
    usual = {"trust_id": 1, "name": f"Value stream {number}", "chosen": "top_down", "status": "active"}
    return Row(**(usual | {"id": number, "number": number, "why_no_objective": ""} | facts))


def objective(number, priority=1, **facts):
    usual = {"trust_id": 1, "name": f"Objective {number}", "why_no_priority": "" if priority else "Ours"}
    return Row(**(usual | {"id": number, "national_priority_id": priority, "why_no_value_stream": ""} | facts))


def rpiw(number, of=1, **facts):
    usual = {"process": f"Process {number}", "why_no_metric": "", "state": "closed"}
    return Row(**(usual | {"id": number, "value_stream_id": of, "number": number} | facts))


def measure(number, of=1):
    return Row(id=number, rpiw_id=of, name=f"Measure {number}")


def metric(number, of=1, **facts):
    return Row(**({"id": number, "value_stream_id": of, "name": f"Metric {number}"} | facts))


def chart(*versions):
    return {"versions": list(versions)}


def version(number=1, *, applies_from=None, agreed_at=None, points=(), showing=None, variation="common"):
    """A definition as the snapshot holds it; points: day and judgement."""
    drawn = [{"on": on, "value": 1.0, "ghost": False, "judgement": judged} for on, judged in points]
    series = {"subgroup": "", "points": drawn, "variation": variation}
    move = {"showing": showing, "moved": 1.0} if showing else None
    return {
        "number": number,
        "applies_from": applies_from,
        "agreed_at": agreed_at,
        "series": [series],
        "move": move,
    }


def made(when=NOW, **rows):
    parts = ("priorities", "objectives", "served", "streams", "rpiws", "measures", "links", "metrics")
    usual = {name: [] for name in parts} | {"charts": {}, "trusts": [Row(id=1, short_name="Leeds")]}
    return Records(as_of=when, **(usual | rows))


def serves(stream_id, objective_id):
    return Row(value_stream_id=stream_id, objective_id=objective_id)


def link(measure_id, metric_id):
    return Row(measure_id=measure_id, metric_id=metric_id)


WHOLE = {
    "priorities": [Row(id=1, name="Faster flow", source="A plan"), Row(id=2, name="Cancer", source="A plan")],
    "objectives": [objective(1)],
    "served": [serves(1, 1)],
    "streams": [stream(1)],
    "rpiws": [rpiw(1)],
    "measures": [measure(1), measure(2)],
    "links": [link(1, 1)],
    "metrics": [metric(1)],
    "charts": {1: chart(version())},
}


def opened(thread):
    return [(one.kind, [row.id for row in one.about], one.reason) for one in thread.open]


def test_whole_thread_has_nothing_open_and_reaches_its_priority():
    (thread,) = threads(made(**WHOLE))
    assert thread.open == ()
    assert (thread.reached, len(thread.priorities)) == (1, 1)
    assert [one.name for one in thread.unserved] == ["Cancer"]
    assert answer(thread).startswith("The one national priority that its objectives name reaches a metric")
    assert answer(thread).endswith("No thread is open.")


def test_each_missing_link_is_open_with_its_reason_or_without_one():
    rows = WHOLE | {
        "objectives": [objective(1), objective(2, why_no_value_stream="Next year"), objective(3, priority=None)],
        "served": [serves(1, 1), serves(1, 3)],
        "streams": [stream(1), stream(2)],
        "rpiws": [rpiw(1), rpiw(2, of=2), rpiw(3, of=2, why_no_metric="Not watched"), rpiw(4, of=2)],
        "measures": [measure(1), measure(2, of=2), measure(3, of=3)],
        "charts": {1: chart(version(showing="not"))},
    }
    (thread,) = threads(made(**rows))
    assert opened(thread) == [
        (Kind.CANNOT_MOVE, [1], ""),
        (Kind.NO_METRIC, [2], ""),
        (Kind.NO_METRIC, [3], "Not watched"),
        (Kind.NO_OBJECTIVE, [2], ""),
        (Kind.NO_VALUE_STREAM, [2], "Next year"),
        (Kind.NO_PRIORITY, [3], "Ours"),
    ]
    assert [one.number for one in thread.open] == [1, 2, 3, 4, 5, 6]
    assert [one.open for one in thread.streams[1].rpiws] == [2, 3, 0], "without measures there is nothing to say yet"
    assert open_sentence(thread.open) == "Six threads are open; three of them say why."


def test_rpiws_of_one_value_stream_that_miss_a_metric_for_one_reason_are_one_open_thread():
    rows = [rpiw(n, why_no_metric="Not printed") for n in range(1, 6)]
    (thread,) = threads(made(streams=[stream(1)], rpiws=rows, measures=[measure(n, of=n) for n in range(1, 6)]))
    assert opened(thread)[0] == (Kind.NO_METRIC, [1, 2, 3, 4, 5], "Not printed")


def test_link_to_a_metric_that_is_watched_no_more_reaches_nothing():
    (thread,) = threads(made(**WHOLE | {"metrics": []}))
    assert [one.kind for one in thread.open] == [Kind.NO_METRIC]


def test_objective_that_has_ended_is_served_by_nothing():
    (thread,) = threads(made(**WHOLE | {"objectives": []}))
    assert [one.kind for one in thread.open] == [Kind.NO_OBJECTIVE]


@pytest.mark.parametrize(("day", "number", "variation"), [
    (date(2024, 6, 1), 1, "few"),
    (date(2025, 2, 1), 1, "concern_high"),
    (date(2025, 9, 1), 2, "improvement_low"),
    (TODAY, 2, "common"),
])  # fmt: skip
def test_metric_has_the_definition_and_the_judgement_of_the_day(day, number, variation):
    """Today the icon of its chart; before, what the last value by then showed. The first definition could not move."""
    first = version(1, points=[("2024-07-01", None), ("2025-01-01", "concern_high")], showing="not")
    second = version(2, applies_from="2025-06-01", agreed_at="2025-05-02", points=[("2025-08-01", "improvement_low")])
    when = AsOf(day, TODAY, date(2020, 1, 1))
    (thread,) = threads(made(when, **WHOLE | {"charts": {1: chart(first, second)}}))
    (node,) = thread.streams[0].metrics
    assert (node.version["number"], node.variation) == (number, variation)
    assert node.cannot_move == (number == 1)


def test_definition_that_was_agreed_later_did_not_apply_yet():
    late = version(2, applies_from="2025-01-01", agreed_at="2025-05-02")
    rows = WHOLE | {"charts": {1: chart(version(), late)}}
    for recorded, number in ((date(2020, 1, 1), 1), (date(2025, 8, 1), 2)):
        (thread,) = threads(made(AsOf(date(2025, 3, 1), TODAY, recorded), **rows))
        assert thread.streams[0].metrics[0].version["number"] == number


def boxes(svg):
    """x, y, width and height of every white box."""
    root = ElementTree.fromstring(svg)
    return [
        tuple(float(one.get(name)) for name in ("x", "y", "width", "height"))
        for one in root.iter("rect")
        if one.get("fill") == "#fff" and one.get("rx") == "4"
    ]


def test_picture_has_every_name_escaped_and_no_box_on_another():
    rows = WHOLE | {
        "objectives": [objective(n) for n in range(1, 7)],
        "served": [serves(1, 1), serves(2, 1), serves(2, 3), serves(3, 2)],
        "streams": [stream(n, name=f"Beds & <b>flow</b> {n}") for n in range(1, 5)],
        "rpiws": [rpiw(n, of=n % 4 + 1) for n in range(1, 20)],
        "measures": [measure(n, of=n) for n in range(1, 20)],
        "links": [link(n, n) for n in range(1, 9)],
        "metrics": [metric(n, of=n % 4 + 1) for n in range(1, 9)],
        "charts": {n: chart(version()) for n in range(1, 8)},
    }
    (thread,) = threads(made(**rows))
    svg = str(picture(thread))
    assert "Beds &amp;" in svg
    assert "<b>" not in svg
    found = boxes(svg)
    assert len(found) > 25
    for place, (x, y, _w, height) in enumerate(found):
        for other_x, other_y, _ow, other_height in found[place + 1 :]:
            assert x != other_x or y >= other_y + other_height or other_y >= y + height
    assert max(y + height for _x, y, _w, height in found) <= float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[1])


def test_many_rpiws_that_share_an_open_thread_share_a_box():
    rows = {"streams": [stream(1)], "rpiws": [rpiw(n) for n in range(1, 9)]}
    (thread,) = threads(made(**rows, measures=[measure(n, of=n) for n in range(1, 9)]))
    svg = str(picture(thread))
    assert "8 RPIWs, like" in svg
    assert "Process 2" not in svg


def of_trusts(*trust_ids):
    """Each trust with a whole thread to the same priority."""
    return made(
        trusts=[Row(id=key, short_name=f"Trust {key}") for key in trust_ids],
        priorities=WHOLE["priorities"],
        objectives=[objective(key, trust_id=key) for key in trust_ids],
        served=[serves(key, key) for key in trust_ids],
        streams=[stream(key, trust_id=key) for key in trust_ids],
        rpiws=[rpiw(key, of=key) for key in trust_ids],
        measures=[measure(key, of=key) for key in trust_ids],
        links=[link(key, key) for key in trust_ids],
        metrics=[metric(key, of=key) for key in trust_ids],
    )


@pytest.mark.parametrize(("trusts", "hidden"), [((1,), False), ((1, 2), True), ((1, 2, 3), False), ((2,), True)])
def test_total_is_hidden_where_it_would_be_one_other_trusts(trusts, hidden):
    records = of_trusts(*trusts)
    found = threads(records)
    flow, cancer = reach_of(found, records.priorities, own_trusts={1})
    assert flow.totals.is_hidden == hidden
    assert [thread.trust.id for thread in flow.own] == [key for key in trusts if key == 1]
    assert (flow.totals.objectives, flow.totals.metrics) == (len(trusts), len(trusts))
    assert cancer.is_open
    said = together_answer([flow, cancer])
    assert ("there is no total: too few trusts" in said) == hidden
    assert ("One of two national priorities reaches a metric" in said) != hidden, "it would tell of one trust alone"
