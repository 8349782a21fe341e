"""The run chart of observations as a figure."""

from datetime import date
from decimal import Decimal

from analysis.run_chart import run_chart
from rpiws.charts import run_figure
from rpiws.models import Measure

MEASURE = Measure(kind="lead_time", unit="min", better_when="lower", name="Step-down")


def figure(*points):
    return run_figure(run_chart((on, Decimal(value)) for on, value in points), MEASURE)


def test_run_figure_of_several_days_stands_over_the_days():
    drawn = figure((date(2021, 3, 9), 8), (date(2021, 3, 10), 12))

    assert drawn["data"][0]["x"] == ["2021-03-09", "2021-03-10"]
    assert drawn["layout"]["xaxis"]["type"] == "date"


def test_run_figure_of_one_day_stands_in_the_order_taken():
    drawn = figure(*[(date(2021, 3, 9), value) for value in (8, 12, 9)])

    axis = drawn["layout"]["xaxis"]
    assert drawn["data"][0]["x"] == [1, 2, 3]
    assert drawn["data"][0]["y"] == [8, 12, 9]
    assert (axis["type"], axis["dtick"], axis["title"]["text"]) == (
        "linear",
        1,
        "Tue 9 March 2021, in order",
    )


def test_run_figure_of_one_day_with_many_points_labels_some():
    drawn = figure(*[(date(2021, 3, 9), value) for value in range(25)])

    assert drawn["layout"]["xaxis"]["dtick"] == 3
