"""What made a change, member by member, and the individuals chart of a KPI."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from app.charts.basic import MONTH, duration_axis, legend_of, name_axis, value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, RULE, SERIES, STATUS_COLOURS, VIOLET, WARM
from app.pictures import Chart
from app.words import t

# Beyond the limits, near one of them, a run.
SIGNALS = ("beyond_limits", "near_limit", "run")
_SIGNAL_COLOURS = (STATUS_COLOURS["off_target"], WARM, VIOLET)
_SIGNAL_SHAPES = ("diamond", "triangle-up", "square")


@drawing
def effects(
    rows: pd.DataFrame, totals: pd.DataFrame, value_title: str, parts: Sequence[str], *, is_share: bool
) -> Chart:
    """What each name makes of a change, in `parts`: name, part, value, shown; and of each name its total: name, low,
    high (the ends of its bars), value, shown. Names are drawn in the order of `totals`.
    """
    order = list(totals["name"])
    reach = max(float(totals["high"].max()), 0.0) - min(float(totals["low"].min()), 0.0) or 1.0
    # Room for the widest label on a phone, where a sign of Chinese is twice as wide.
    widest = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in shown) for shown in totals["shown"])
    room = reach * (0.05 + 0.03 * widest)
    scale = alt.Scale(
        domain=[min(float(totals["low"].min()), 0.0) - room, max(float(totals["high"].max()), 0.0) + room], nice=False
    )
    y = alt.Y("name:N", title=None, sort=order, axis=name_axis())
    axis = alt.Axis(format="+.1%", tickCount=5) if is_share else value_axis(False)
    drawn = (
        alt.Chart(rows)
        .mark_bar(height=15)
        .encode(
            x=alt.X("value:Q", stack="zero", title=value_title, axis=axis, scale=scale),
            y=y,
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(parts), range=list(SERIES[: len(parts)])),
                legend=legend_of(parts) if len(parts) > 1 else None,
            ),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("part:N", title=t("column.series")),
                alt.Tooltip("shown:N", title=t("column.change_part")),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(color=RULE, opacity=0.6).encode(x="value:Q")
    base = alt.Chart(totals)
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=5, color=RULE)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-5, color=RULE)
    return alt.layer(
        drawn, zero, right.encode(x="high:Q", y=y, text="shown:N"), left.encode(x="low:Q", y=y, text="shown:N")
    ).properties(height=24 * len(order) + 75)


@drawing
def control(
    rows: pd.DataFrame, events: pd.DataFrame, value_title: str, *, is_share: bool = False, is_duration: bool = False
) -> Chart:
    """Readings against their natural limits: when, value, low, center, high, signal, said, shown, limits.

    `events` are days at which the limits begin anew: when, name. A signal has a shape and a colour of its own.
    """
    x = alt.X("when:T", title=None, axis=alt.Axis(format=MONTH, tickCount="month", labelOverlap=True, grid=False))
    y = alt.Y("value:Q", title=value_title, axis=value_axis(is_share), scale=alt.Scale(zero=False))
    if is_duration:
        axis, _ = duration_axis(rows.loc[rows["value"] > 0, "value"])
        y = alt.Y("value:Q", title=value_title, axis=axis, scale=alt.Scale(zero=False))
    limited = rows.dropna(subset=["center"])
    limits = alt.Chart(limited)
    layers: list[alt.Chart] = [
        limits.mark_area(opacity=0.1, color=ACCENT, interpolate="step").encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        limits.mark_line(strokeDash=[5, 4], strokeWidth=1.3, color=RULE, interpolate="step").encode(x=x, y="center:Q"),
        alt.Chart(rows).mark_line(strokeWidth=2, color=ACCENT).encode(x=x, y=y),
    ]
    tooltip = [
        alt.Tooltip("when:T", format=MONTH, title=t("column.month")),
        alt.Tooltip("shown:N", title=t("column.value")),
        alt.Tooltip("limits:N", title=t("column.limits")),
        alt.Tooltip("said:N", title=t("column.signal")),
    ]
    plain = alt.Chart(rows[~rows["signal"].isin(SIGNALS)])
    layers.append(plain.mark_point(size=34, filled=True, opacity=1, color=ACCENT).encode(x=x, y=y, tooltip=tooltip))
    names = [t(f"signal.{signal}") for signal in SIGNALS]
    signals = rows[rows["signal"].isin(SIGNALS)]
    # An empty layer would be a picture that nobody who cannot see is told of.
    if len(signals):
        told = alt.Chart(signals)
        layers.append(
            told.mark_point(size=120, filled=True, opacity=1).encode(
                x=x,
                y=y,
                color=alt.Color(
                    "said:N",
                    scale=alt.Scale(domain=names, range=list(_SIGNAL_COLOURS)),
                    legend=legend_of(names),
                ),
                shape=alt.Shape("said:N", scale=alt.Scale(domain=names, range=list(_SIGNAL_SHAPES)), legend=None),
                tooltip=tooltip,
            )
        )
    if len(events):
        marks = alt.Chart(events)
        when = alt.X("when:T")
        layers.append(marks.mark_rule(color=WARM, strokeWidth=1.4, strokeDash=[2, 3]).encode(x=when))
        layers.append(
            marks.mark_text(align="left", baseline="top", dx=5, color=RULE).encode(
                x=when, y=alt.value(2), text="name:N", tooltip=[alt.Tooltip("name:N", title=t("column.event"))]
            )
        )
    return alt.layer(*layers).properties(height=300)
