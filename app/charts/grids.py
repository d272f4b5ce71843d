"""Grids: hours of the week, and names against names."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from app.charts.basic import name_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, GREY_CELL, GREY_INK, INK, LOWEST, PAPER, ink_on
from app.pictures import Chart
from app.words import t

_CELL = 34
_LINE = 11


@drawing
def week(rows: pd.DataFrame, value_title: str) -> Chart:
    """A grid of the hours of the week: weekday (1 Monday to 7 Sunday), hour (0 to 23), value, shown, sample, is_peak.

    Darker is more. The peak is framed; an hour without a row is empty.
    """
    days = [t(f"weekday.{number}") for number in range(1, 8)]
    named = rows.assign(day=[days[int(number) - 1] for number in rows["weekday"]])
    base = alt.Chart(named).encode(
        x=alt.X(
            "hour:O",
            title=t("column.hour"),
            scale=alt.Scale(domain=list(range(24))),
            axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, domain=False),
        ),
        y=alt.Y("day:N", title=None, sort=days, scale=alt.Scale(domain=days), axis=name_axis()),
        tooltip=[
            alt.Tooltip("day:N", title=t("column.weekday")),
            alt.Tooltip("hour:O", title=t("column.hour")),
            alt.Tooltip("shown:N", title=value_title),
            alt.Tooltip("sample:N", title=t("column.hours_seen")),
        ],
    )
    top = float(named["value"].max()) or 1.0
    cells = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(
        color=alt.Color("value:Q", scale=alt.Scale(domain=[0, top], range=[LOWEST, ACCENT]), legend=None)
    )
    peak = base.transform_filter("datum.is_peak").mark_rect(filled=False, stroke=INK, strokeWidth=2)
    return alt.layer(cells, peak).properties(height=30 * 7 + 50)


@drawing
def matrix(rows: pd.DataFrame, order: Sequence[str], columns: Sequence[str], domain: tuple[float, float]) -> Chart:
    """Names against names: row, column, value (a share), cell, shown, sample, is_enough; the number stands in its cell.

    `domain` are the values of the palest and the darkest cell; one without enough data is grey.
    """
    low, high = domain
    base = alt.Chart(rows).encode(
        x=alt.X(
            "column:N",
            title=None,
            sort=list(columns),
            # One word per line: names stand over their column.
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                labelExpr="split(datum.label, ' ')",
                labelPadding=6 + _LINE * (max(len(name.split(" ")) for name in columns) - 1),
                labelAlign="center",
                labelFlush=False,
                labelOverlap=False,
                ticks=False,
                domain=False,
            ),
        ),
        y=alt.Y("row:N", title=None, sort=list(order), axis=name_axis()),
        tooltip=[
            alt.Tooltip("row:N", title=" "),
            alt.Tooltip("column:N", title=" "),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )  # fmt: skip
    shades = alt.Scale(domain=[low, high], range=[LOWEST, ACCENT], clamp=True)
    cells = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(
        color=alt.when("datum.is_enough")
        .then(alt.Color("value:Q", scale=shades, legend=None))
        .otherwise(alt.value(GREY_CELL))
    )
    text = base.mark_text(fontSize=11).encode(
        text="cell:N",
        color=ink_on("scale('color', datum.value)", alt.when("!datum.is_enough").then(alt.value(GREY_INK))),
    )
    return alt.layer(cells, text).properties(height=_CELL * rows["row"].nunique() + 60)
