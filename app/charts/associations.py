"""What an exposure goes with: differences and ratios with their intervals, as they are and with the mix held equal."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.charts.basic import legend_of, name_axis, value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, PAPER, RULE, WARM
from app.pictures import Chart
from app.words import t


@drawing
def associations(rows: pd.DataFrame, value_title: str, series: tuple[str, str], *, is_ratio: bool = False) -> Chart:
    """Two points per name with their intervals: name, series, value, low, high, shown, interval, sample, is_told.

    `series` are the names of what is as it is and of what is adjusted. A rule stands where there is no effect: at 0, or
    of ratios, which are on a logarithmic axis, at 1. What cannot be told from chance is hollow.
    """
    order = list(dict.fromkeys(rows["name"]))
    y = alt.Y("name:N", title=None, sort=order, axis=name_axis())
    offset = alt.YOffset("series:N", sort=list(series), scale=alt.Scale(domain=list(series), paddingOuter=0.35))
    colour = _colour(series)
    scale = alt.Scale(type="log", nice=False, padding=12) if is_ratio else alt.Scale(nice=True)
    axis = alt.Axis(values=[0.25, 0.5, 1, 2, 4, 8], format="~g") if is_ratio else value_axis(False)
    base = alt.Chart(rows)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=alt.X("low:Q", title=value_title, axis=axis, scale=scale), x2="high:Q", y=y, yOffset=offset, color=colour
    )
    points = base.mark_point(size=80, strokeWidth=2, opacity=1).encode(
        x=alt.X("value:Q", title=value_title, axis=axis, scale=scale),
        y=y,
        yOffset=offset,
        color=colour,
        fill=alt.when("datum.is_told").then(colour).otherwise(alt.value(PAPER)),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("series:N", title=t("column.series")),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("interval:N", title=t("column.interval")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    none = alt.Chart(pd.DataFrame({"none": [1 if is_ratio else 0]}))
    rule = none.mark_rule(strokeDash=[5, 4], color=RULE, strokeWidth=1.4).encode(x=alt.X("none:Q", scale=scale))
    return alt.layer(rule, bars, points).properties(height=44 * len(order) + 70)


@drawing
def responses(rows: pd.DataFrame, value_title: str, series: tuple[str, str], *, is_share: bool = False) -> Chart:
    """Two lines over bands in their order: name, series, value, low, high, shown, interval, sample.

    `series` are the names of what is as it is and of what is adjusted.
    """
    order = list(dict.fromkeys(rows["name"]))
    x = alt.X(
        "name:N", title=None, sort=order, axis=alt.Axis(labelAngle=0, labelFlush=False, labelOverlap=False, ticks=False)
    )
    offset = alt.XOffset("series:N", sort=list(series), scale=alt.Scale(domain=list(series), paddingOuter=1))
    colour = _colour(series)
    y = alt.Y("value:Q", title=value_title, axis=value_axis(is_share), scale=alt.Scale(zero=False, nice=True))
    base = alt.Chart(rows)
    lines = base.mark_line(strokeWidth=2.2).encode(x=x, xOffset=offset, y=y, color=colour)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6).encode(
        x=x, xOffset=offset, y=alt.Y("low:Q", title=value_title), y2="high:Q", color=colour
    )
    points = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=x,
        xOffset=offset,
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("series:N", title=t("column.series")),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("interval:N", title=t("column.interval")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    return alt.layer(lines, bars, points).properties(height=320)


def _colour(series: tuple[str, str]) -> alt.Color:
    return alt.Color("series:N", scale=alt.Scale(domain=list(series), range=[WARM, ACCENT]), legend=legend_of(series))
