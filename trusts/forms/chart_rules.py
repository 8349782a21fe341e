"""The rules by which the charts of metrics are judged, as a partnership or a trust chooses them (docs/adr/0012)."""

from typing import Any

from analysis.spc.rule_sets import NHSE_SQL, PLOT_THE_DOTS, SINGLE_CHART_TOOL

FIELDS = ("spc_rules", "spc_run_length")
LABELS = {"spc_rules": "Rules for the charts of metrics", "spc_run_length": "Points that make a shift or a trend"}
HELP_TEXTS = {
    "spc_rules": "The NHS's tools differ in when a change counts as a signal. Every chart and figure says whose rules"
    " judged it. When you choose others, every chart is computed anew within minutes; the values stay as they are.",
    "spc_run_length": "So many values in a row on one side of the mean are a shift; all rising or falling, a trend.",
}
HINTS: dict[str, dict[Any, str]] = {
    "spc_rules": {
        SINGLE_CHART_TOOL.key: "The usual choice: Making Data Count's workbook. Runs of 6; limits from 13 values on.",
        NHSE_SQL.key: "For charts drawn from a warehouse. Runs of 6; a shift does not go over a recalculation, and a"
        " target on a limit counts as met or missed.",
        PLOT_THE_DOTS.key: "The package of NHS analysts for R. Runs of 7, never over a gap or a recalculation; unusual"
        " jumps do not widen the limits, which are drawn however few the values.",
    },
    "spc_run_length": {
        6: "A change shows one value sooner, and a little more often where there is none.",
        7: "As on older NHS charts: one value later, and more rarely where there is none.",
    },
}
AS_THE_RULES_SAY = "As the rules chosen above say"
