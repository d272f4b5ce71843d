"""What an indicator did before and after a measure."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.charts.basic import MONTH, legend_of, value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, GREY_INK, RULE, WARM
from app.pictures import Chart
from app.words import t


@drawing
def before_after(
    points: pd.DataFrame,
    levels: pd.DataFrame,
    done: pd.Timestamp,
    value_title: str,
    names: tuple[str, str, str, str],
    *,
    is_share: bool = False,
) -> Chart:
    """Months as points, and the level of each side: points have when, value, series, shown, sample.

    levels: start, end, value, low, high, series, shown; those with low and high are a band. `names` are those of the
    months before, of those left out, of those after, and of what was to be expected. `done` is the day of the measure.
    """
    before, left_out, after, expected = names
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[before, left_out, after, expected], range=[GREY_INK, WARM, ACCENT, RULE]),
        legend=legend_of(names),
    )
    x = alt.X("when:T", title=None, axis=alt.Axis(format=MONTH, tickCount="month", labelOverlap=True, grid=False))
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y("value:Q", title=value_title, axis=value_axis(is_share), scale=scale)
    tooltip = [
        alt.Tooltip("when:T", format=MONTH, title=t("column.month")),
        alt.Tooltip("series:N", title=t("column.series")),
        alt.Tooltip("shown:N", title=t("column.value")),
        alt.Tooltip("sample:N", title=t("column.sample")),
    ]
    spans = alt.X("start:T", title=None)
    known = levels.dropna(subset=["low"])
    band = (
        alt.Chart(known)
        .mark_rect(opacity=0.16)
        .encode(x=spans, x2="end:T", y=alt.Y("low:Q", scale=scale), y2="high:Q", color=colour)
    )
    told = [alt.Tooltip("series:N", title=t("column.series")), alt.Tooltip("shown:N", title=t("column.value"))]
    dashes = alt.when(f"datum.series === {expected!r}").then(alt.value([5, 4])).otherwise(alt.value([1, 0]))
    lines = (
        alt.Chart(levels)
        .mark_rule(strokeWidth=2.2)
        .encode(x=spans, x2="end:T", y=y, color=colour, strokeDash=dashes, tooltip=told)
    )
    day = alt.Chart(pd.DataFrame({"when": [done]})).mark_rule(strokeDash=[2, 3], color=RULE, strokeWidth=1.2)
    dots = (
        alt.Chart(points).mark_point(size=34, filled=True, opacity=0.85).encode(x=x, y=y, color=colour, tooltip=tooltip)
    )
    # An empty layer would be a picture that nobody who cannot see is told of.
    bands = [band] if len(known) else []
    return alt.layer(*bands, day.encode(x="when:T"), lines, dots).properties(height=230)
