"""Plain data to Plotly figures."""

from datetime import date
from typing import Any

from analysis.run_chart import RunChart
from rpiws.entries import unit_factor
from rpiws.models import Measure
from ui.figures import plain
from ui.words import day_year

_MOST_TICKS = 10
_LINE, _INK, _MEDIAN = "#56646e", "#212b32", "#425563"


def run_figure(chart: RunChart, measure: Measure) -> dict[str, Any]:
    """Observations by date with their median. It shows and does not judge: no colour says better or worse.

    Those of one single day stand side by side in the order in which they were taken: by date they would be one line
    upwards, over an axis of fractions of a second.
    """
    unit, factor = plain(measure.unit), unit_factor(measure)
    days = {point.on for point in chart.points}
    one_day = next(iter(days)) if len(days) == 1 else None
    values = [round(float(point.value) * factor, 4) for point in chart.points]
    median = round(float(chart.median) * factor, 4)
    return {
        "data": [
            {
                "x": list(range(1, len(values) + 1)) if one_day else [point.on.isoformat() for point in chart.points],
                "y": values,
                "type": "scatter",
                "mode": "lines+markers",
                "line": {"color": _LINE, "width": 2},
                "marker": {"color": _LINE, "size": 8, "line": {"color": _INK, "width": 1}},
                "hovertemplate": f"{'%{x}' if one_day else '%{x|%a %-d %b %Y}'}: %{{y}} {unit}<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {"showgrid": False, "linecolor": "#768692"}
            | (_in_order(one_day, len(values)) if one_day else {"type": "date"}),
            "yaxis": {"rangemode": "tozero", "gridcolor": "#d8dde0", "title": {"text": unit}, "zeroline": False},
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": median,
                    "y1": median,
                    "line": {"color": _MEDIAN, "width": 1.5, "dash": "dash"},
                }
            ],
            "annotations": [
                {
                    "xref": "paper",
                    "x": 1,
                    "y": median,
                    "xanchor": "right",
                    "yanchor": "bottom",
                    "text": f"median {median:g} {unit}",
                    "showarrow": False,
                }
            ],
        },
    }


def _in_order(day: date, taken: int) -> dict[str, Any]:
    title = {"text": f"{day_year(day)}, in order", "font": {"size": 13}}
    return {"type": "linear", "tick0": 1, "dtick": -(-taken // _MOST_TICKS), "title": title}
