"""Curves: what is left after a time, and load against staff hour by hour."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from app.charts.basic import duration_axis, legend_of, value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, PALE, SERIES, WARM
from app.pictures import Chart
from app.words import t

_HOUR = "%m-%d %H:00"


@drawing
def survival(rows: pd.DataFrame, value_title: str, series: Sequence[str]) -> Chart:
    """Steps that fall from 1: seconds, value, low, high, series, after, shown, sample; logarithmic time.

    `after` is the time in words. A curve stands until the next time at which it was measured.
    """
    rows = rows[rows["seconds"] > 0]
    axis, scale = duration_axis(rows["seconds"])
    x = alt.X("seconds:Q", title=t("column.time_since_raised"), axis=axis, scale=scale)
    y = alt.Y("value:Q", title=value_title, axis=value_axis(True), scale=alt.Scale(domain=[0, 1]))
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(series), range=list(SERIES[: len(series)])),
        legend=legend_of(series) if len(series) > 1 else None,
    )
    base = alt.Chart(rows)
    band = base.mark_area(opacity=0.14, interpolate="step-after").encode(x=x, y="low:Q", y2="high:Q", color=colour)
    line = base.mark_line(strokeWidth=2.2, interpolate="step-after").encode(x=x, y=y, color=colour)
    points = base.mark_point(size=26, filled=True).encode(
        x=x,
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("series:N", title=t("column.series")),
            alt.Tooltip("after:N", title=t("column.time_since_raised")),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("interval:N", title=t("column.interval")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    return alt.layer(band, line, points).properties(height=320)


@drawing
def load(rows: pd.DataFrame, value_title: str, names: tuple[str, str, str]) -> Chart:
    """Agents by hour: when (local), rostered, required, is_short, offered, shown_gap.

    `names` are those of the staff (pale steps), of the need (a line) and of the hours that lack half an agent or more
    (warm bars).
    """
    staff, need, short = names
    legend = alt.Scale(domain=list(names), range=[PALE, ACCENT, WARM])
    x = alt.X("when:T", title=None, axis=alt.Axis(format="%m-%d", tickCount="day", labelOverlap=True))
    tooltip = [
        alt.Tooltip("when:T", format=_HOUR, title=t("column.hour")),
        alt.Tooltip("rostered:Q", format=".1f", title=staff),
        alt.Tooltip("required:Q", title=need),
        alt.Tooltip("shown_gap:N", title=t("column.agent_gap")),
        alt.Tooltip("offered:Q", title=t("column.offered")),
    ]
    y = alt.Y("rostered:Q", title=value_title, axis=alt.Axis(tickCount=5, tickMinStep=1))

    def of(name: str, some: pd.DataFrame) -> alt.Chart:
        """A layer with an entry of its own in the legend."""
        return alt.Chart(some.assign(series=name)).encode(x=x, color=alt.Color("series:N", scale=legend))

    rostered = of(staff, rows).mark_area(opacity=0.75, interpolate="step-after").encode(y=y)
    lacking = of(short, rows[rows["is_short"]]).mark_bar(width=3).encode(y=y, y2="required:Q", tooltip=tooltip)
    required = of(need, rows).mark_line(strokeWidth=1.8, interpolate="step-after").encode(y="required:Q")
    hover = of(need, rows).mark_point(size=24, opacity=0).encode(y="required:Q", tooltip=tooltip)
    return alt.layer(rostered, lacking, required, hover).properties(height=300)
