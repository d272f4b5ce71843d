"""Places by longitude and latitude, without a map from the net."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from app.charts.drawing import drawing
from app.charts.palette import ACCENT, PALE, PAPER, RULE, WARM
from app.pictures import Chart
from app.words import t


@drawing
def places(rows: pd.DataFrame, size_title: str, colour_title: str) -> Chart:
    """Points where they lie, north up: name, city, longitude, latitude, size, colour (1 is the mean), shown, sample.

    A larger point has more; one above the mean is warm, one below it is blue.
    """
    x = alt.X("longitude:Q", title=t("column.longitude"), scale=padded(rows["longitude"]), axis=degrees())
    y = alt.Y("latitude:Q", title=t("column.latitude"), scale=padded(rows["latitude"]), axis=degrees())
    points = (
        alt.Chart(rows)
        .mark_circle(opacity=0.9, stroke=PAPER, strokeWidth=1)
        .encode(
            x=x,
            y=y,
            size=alt.Size("size:Q", scale=alt.Scale(range=[60, 900], zero=True), legend=None),
            color=alt.Color(
                "colour:Q",
                title=colour_title,
                scale=alt.Scale(domain=[0.7, 1, 1.3], range=[ACCENT, PALE, WARM], interpolate="rgb", clamp=True),
                legend=alt.Legend(
                    orient="top", format=".1f", gradientLength=140, symbolType="circle", title=colour_title
                ),
            ),
            order=alt.Order("size:Q", sort="descending"),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("city:N", title=t("column.city")),
                alt.Tooltip("sample:N", title=size_title),
                alt.Tooltip("shown:N", title=colour_title),
            ],
        )
    )
    labels = alt.Chart(rows[rows["label"] != ""]).mark_text(align="left", dx=9, dy=-7, fontSize=11, color=RULE)
    return alt.layer(points, labels.encode(x=x, y=y, text="label:N")).properties(height=shape_height(rows))


def shape_height(rows: pd.DataFrame) -> int:
    """About the height at which a degree north is as long as a degree east, for a page of usual width."""
    wide = max(float(rows["longitude"].max() - rows["longitude"].min()), 1.0)
    high = max(float(rows["latitude"].max() - rows["latitude"].min()), 1.0)
    east = wide * math.cos(math.radians(float(rows["latitude"].mean())))
    return int(min(max(560 * high / east, 320), 560))


def padded(values: pd.Series) -> alt.Scale:
    """A scale of degrees with room around the outermost points and for their names."""
    low, high = float(values.min()), float(values.max())
    room = max((high - low) * 0.1, 0.3)
    return alt.Scale(domain=[low - room, high + room * 1.4], nice=False)


def degrees() -> alt.Axis:
    """An axis of whole degrees."""
    return alt.Axis(labelExpr="format(datum.value, '.0f') + '°'", tickCount=6)
