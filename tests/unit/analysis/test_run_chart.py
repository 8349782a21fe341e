from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from analysis.run_chart import run_chart


def test_run_chart_without_observations_is_none():
    assert run_chart([]) is None


def test_run_chart_orders_points_and_tells_their_side():
    chart = run_chart([(date(2019, 1, 3), Decimal(9)), (date(2019, 1, 1), Decimal(2)), (date(2019, 1, 2), Decimal(5))])
    assert chart.median == 5
    assert [(point.on.day, point.value, point.side) for point in chart.points] == [(1, 2, -1), (2, 5, 0), (3, 9, 1)]


@given(st.lists(st.tuples(st.dates(), st.decimals(0, 99, places=1)), min_size=1, max_size=30))
def test_run_chart_median_leaves_as_many_above_as_below(observations):
    chart = run_chart(observations)
    assert len(chart.points) == len(observations)
    assert sum(point.value > chart.median for point in chart.points) <= len(observations) / 2
    assert sum(point.value < chart.median for point in chart.points) <= len(observations) / 2
    assert all(a.on <= b.on for a, b in zip(chart.points, chart.points[1:], strict=False))


def of(*values):
    return run_chart([(date(2019, 1, 1) + timedelta(days=i), Decimal(value)) for i, value in enumerate(values)])


def test_six_points_on_one_side_are_a_shift_and_one_on_the_median_neither_counts_nor_breaks():
    chart = of(1, 9, 1, 9, 1, 9, 1, 9, 1, 5, 7, 7, 8, 5, 7, 8, 7, 1, 1, 1)
    assert chart.median == 6
    assert chart.shifts == frozenset()
    chart = of(1, 9, 1, 9, 1, 1, 1, 1, 7, 7, 8, 5, 7, 8, 7, 5, 5)
    assert chart.median == 5
    assert chart.shifts == {8, 9, 10, 12, 13, 14}


def test_five_points_going_one_way_are_a_trend_and_a_repeated_value_is_skipped():
    assert of(5, 1, 2, 3, 4, 3, 5, 3, 5, 3).trends == frozenset()
    assert of(5, 1, 2, 3, 3, 4, 6, 5, 6, 3).trends == {1, 2, 3, 5, 6}
    assert of(9, 8, 7, 6, 5, 6, 5, 6, 5, 6).trends == {0, 1, 2, 3, 4}


def test_fewer_than_ten_points_are_shown_and_not_judged():
    chart = of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert not chart.judged
    assert (chart.shifts, chart.trends) == (frozenset(), frozenset())
