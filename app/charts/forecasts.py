"""What was counted day by day, and what is expected of the days ahead."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.charts.basic import value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, PALE
from app.pictures import Chart
from app.words import t

_DAY = "%Y-%m-%d"


@drawing
def forecast(rows: pd.DataFrame, value_title: str, names: tuple[str, str]) -> Chart:
    """Days: when, seen (empty ahead), expected, low, high (empty before), shown, interval, note.

    `names` are those of what was counted (pale bars) and of what is expected (a line in the band of its interval).
    """
    counted, expected = names
    x = alt.X(
        "when:T",
        title=None,
        axis=alt.Axis(format="%m-%d", tickCount={"interval": "week", "step": 1}, labelOverlap=True, grid=False),
    )
    colour = alt.Color("series:N", scale=alt.Scale(domain=list(names), range=[PALE, ACCENT]))
    tooltip = [
        alt.Tooltip("when:T", format=_DAY, title=t("staffing.day")),
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("shown:N", title=value_title),
        alt.Tooltip("interval:N", title=t("column.interval")),
        alt.Tooltip("note:N", title=t("staffing.calendar")),
    ]
    y = alt.Y("seen:Q", title=value_title, axis=value_axis(False))
    before = alt.Chart(rows[rows["seen"].notna()].assign(series=counted))
    ahead = alt.Chart(rows[rows["expected"].notna()].assign(series=expected))
    bars = before.mark_bar(width={"band": 0.8}).encode(x=x, y=y, color=colour, tooltip=tooltip)
    band = ahead.mark_area(opacity=0.16, color=ACCENT).encode(x=x, y="low:Q", y2="high:Q")
    line = ahead.mark_line(strokeWidth=2.2).encode(x=x, y="expected:Q", color=colour)
    points = ahead.mark_point(size=26, filled=True).encode(x=x, y="expected:Q", color=colour, tooltip=tooltip)
    return alt.layer(bars, band, line, points).properties(height=300)
