"""Bars that follow each other: a waterfall, shares of a whole, and what falls due hour by hour."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from app.charts.basic import legend_of, name_axis, value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, PAPER, RAMP, REST, RULE, SERIES, STATUS_COLOURS, ink_on
from app.pictures import Chart
from app.words import t

_NARROWEST = 0.07
_STEP_COLOURS = {
    "whole": ACCENT,
    "worse": STATUS_COLOURS["off_target"],
    "better": STATUS_COLOURS["on_target"],
}


@drawing
def waterfall(rows: pd.DataFrame, value_title: str) -> Chart:
    """From one whole to another over its steps: name, start, end, kind (whole, better, worse), shown.

    Where the steps are small beside the wholes the axis starts near them, not at 0.
    """
    order = list(rows["name"])
    x = alt.X(
        "name:N", title=None, sort=order, axis=alt.Axis(labelAngle=0, labelFlush=False, labelLimit=130, ticks=False)
    )
    floor = float(rows[["start", "end"]].to_numpy()[rows["kind"] != "whole"].min()) if len(rows) > 2 else 0.0
    ends = rows["end"].where(rows["kind"] == "whole", rows[["start", "end"]].max(axis=1))
    top = float(ends.max())
    low = max(0.0, floor - (top - floor) * 1.5) if floor > 0 else min(0.0, floor)
    drawn = rows.assign(
        start=rows["start"].where(rows["kind"] != "whole", low),
        label_at=rows[["start", "end"]].max(axis=1),
        next_name=[*order[1:], order[-1]],
    )
    base = alt.Chart(drawn)
    scale = alt.Scale(domain=[low, top + (top - low) * 0.12], nice=False)
    y = alt.Y("start:Q", title=value_title, axis=value_axis(False), scale=scale)
    bars = base.mark_bar(size=46).encode(
        x=x,
        y=y,
        y2="end:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(_STEP_COLOURS), range=list(_STEP_COLOURS.values())),
            legend=None,
        ),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=t("column.value"))],
    )
    links = base.mark_rule(strokeDash=[3, 3], color=RULE, opacity=0.5).encode(
        x=x, x2=alt.X2("next_name:N"), y=alt.Y("end:Q", scale=scale)
    )
    text = base.mark_text(dy=-9, color=RULE).encode(x=x, y=alt.Y("label_at:Q", scale=scale), text="shown:N")
    return alt.layer(links, bars, text).properties(height=320)


@drawing
def shares(
    rows: pd.DataFrame, series: Sequence[str], colours: Sequence[str] = SERIES, *, last_is_rest: bool = False
) -> Chart:
    """One bar per name that is a whole of 1, split as `series` is: name, series, value, label, shown, sample.

    last_is_rest: the last of `series` is grey.
    """
    order = list(dict.fromkeys(rows["name"]))
    used = [*colours[: len(series) - 1], REST] if last_is_rest else list(colours[: len(series)])
    base = (
        alt.Chart(rows)
        .transform_calculate(
            rank=f"indexof({list(series)!r}, datum.series)",
            # A part too narrow for its label has none.
            text=f"datum.value >= {_NARROWEST} ? datum.label : ''",
        )
        .encode(
            y=alt.Y("name:N", title=None, sort=order, axis=name_axis()),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("series:N", title=t("column.series")),
                alt.Tooltip("label:N", title=t("column.share")),
                alt.Tooltip("shown:N", title=t("column.value")),
                alt.Tooltip("sample:N", title=t("column.sample")),
            ],
        )
    )
    axis, scale = alt.Axis(format=".0%", tickCount=5), alt.Scale(domain=[0, 1])
    bars = base.mark_bar(height=24, stroke=PAPER, strokeWidth=1).encode(
        x=alt.X("value:Q", stack="zero", title=None, scale=scale, axis=axis),
        color=alt.Color("series:N", scale=alt.Scale(domain=list(series), range=used), legend=legend_of(series)),
    )
    text = base.mark_text(fontSize=11).encode(
        x=alt.X("value:Q", stack="zero", bandPosition=0.5, scale=scale),
        detail="series:N",
        text="text:N",
        color=ink_on("scale('color', datum.series)"),
    )
    return alt.layer(bars, text).properties(height=34 * len(order) + 50)


def ramp(count: int) -> list[str]:
    """Colours for the points of a scale, from bad to good: told apart with any colour vision."""
    if count <= 1:
        return [ACCENT]
    last = len(RAMP) - 1
    return [RAMP[round(number * last / (count - 1))] for number in range(count)]


@drawing
def hours(rows: pd.DataFrame, value_title: str, series: Sequence[str]) -> Chart:
    """Stacked bars over coming hours: when (in words, in order), value, series. Rows of one hour and series are one."""
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("when:N", title=None, sort=list(dict.fromkeys(rows["when"])), axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("sum(value):Q", title=value_title, axis=alt.Axis(tickCount=4, tickMinStep=1)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(series), range=list(SERIES[: len(series)])),
                legend=legend_of(series),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=t("column.due")),
                alt.Tooltip("series:N", title=t("column.metric")),
                alt.Tooltip("sum(value):Q", title=value_title),
            ],
        )
    )
    return alt.layer(bars).properties(height=240)
