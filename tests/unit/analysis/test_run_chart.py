from datetime import date
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
