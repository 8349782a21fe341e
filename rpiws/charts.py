"""Plain data to Plotly figures."""

from typing import Any

from analysis.run_chart import RunChart
from rpiws.entries import unit_factor
from rpiws.models import Measure

_LINE, _INK, _MEDIAN = "#56646e", "#212b32", "#425563"


def run_figure(chart: RunChart, measure: Measure) -> dict[str, Any]:
    """Observations by date with their median. It shows and does not judge: no colour says better or worse."""
    unit, factor = measure.unit, unit_factor(measure)
    days = [point.on.isoformat() for point in chart.points]
    values = [round(float(point.value) * factor, 4) for point in chart.points]
    median = round(float(chart.median) * factor, 4)
    return {
        "data": [
            {
                "x": days,
                "y": values,
                "type": "scatter",
                "mode": "lines+markers",
                "line": {"color": _LINE, "width": 2},
                "marker": {"color": _LINE, "size": 8, "line": {"color": _INK, "width": 1}},
                "hovertemplate": f"%{{x|%a %-d %b %Y}}: %{{y}} {unit}<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {"type": "date", "showgrid": False, "linecolor": "#768692"},
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
