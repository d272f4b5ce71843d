"""What was foretold against what came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.charts.basic import value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, RULE
from app.pictures import Chart
from app.words import t


@drawing
def calibration(rows: pd.DataFrame, foretold_title: str, came_title: str) -> Chart:
    """A point per group of forecasts: foretold, came, low, high (shares), shown, interval, sample, count.

    On the dashed line came what was foretold; a larger point stands for more forecasts.
    """
    whole = alt.Scale(domain=[0, 1])
    x = alt.X("foretold:Q", title=foretold_title, axis=value_axis(is_share=True), scale=whole)
    line = (
        alt.Chart(pd.DataFrame({"foretold": [0, 1], "came": [0, 1]}))
        .mark_line(strokeDash=[5, 4], color=RULE, strokeWidth=1.4)
        .encode(x="foretold:Q", y="came:Q")
    )
    base = alt.Chart(rows)
    bars = base.mark_rule(strokeWidth=2, opacity=0.45, color=ACCENT).encode(
        x=x, y=alt.Y("low:Q", title=came_title, axis=value_axis(is_share=True), scale=whole), y2="high:Q"
    )
    points = base.mark_circle(color=ACCENT, opacity=1).encode(
        x=x,
        y=alt.Y("came:Q", title=came_title, axis=value_axis(is_share=True), scale=whole),
        size=alt.Size("count:Q", scale=alt.Scale(range=[30, 260], zero=True), legend=None),
        tooltip=[
            alt.Tooltip("foretold:Q", title=foretold_title, format=".1%"),
            alt.Tooltip("shown:N", title=came_title),
            alt.Tooltip("interval:N", title=t("column.interval")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    return alt.layer(line, bars, points).properties(height=340)
