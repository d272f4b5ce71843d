"""Charts of what could be: fill against the money in stock, and the network with other sites."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.charts.basic import value_axis
from app.charts.drawing import drawing
from app.charts.palette import ACCENT, AXIS, PAPER, RULE, WARM
from app.charts.places import degrees, padded, shape_height
from app.pictures import Chart
from app.words import t


@drawing
def frontier(rows: pd.DataFrame, amount_title: str, fill_title: str) -> Chart:
    """A curve of fill over money, and where one stands: fill_rate, stock_amount, is_today, label, shown_fill,
    shown_amount. What lies right of the curve pays more than its fill would cost."""
    x = alt.X("stock_amount:Q", title=amount_title, axis=value_axis(False), scale=alt.Scale(zero=True, nice=True))
    y = alt.Y("fill_rate:Q", title=fill_title, axis=value_axis(True), scale=alt.Scale(zero=False, nice=True))
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("shown_fill:N", title=fill_title),
        alt.Tooltip("shown_amount:N", title=amount_title),
    ]
    curve = alt.Chart(rows[~rows["is_today"]])
    today = alt.Chart(rows[rows["is_today"]])
    return alt.layer(
        curve.mark_line(strokeWidth=2.2, color=ACCENT, interpolate="monotone").encode(
            x=x, y=y, order=alt.Order("stock_amount:Q")
        ),
        curve.mark_point(size=34, filled=True, color=ACCENT, opacity=1).encode(x=x, y=y, tooltip=tooltip),
        today.mark_point(size=130, filled=True, color=WARM, opacity=1).encode(x=x, y=y, tooltip=tooltip),
        today.mark_text(align="right", dx=-10, dy=-10, fontSize=12, color=RULE).encode(x=x, y=y, text="label:N"),
    ).properties(height=320)


@drawing
def network(rows: pd.DataFrame, demand_title: str, kinds: dict[str, str]) -> Chart:
    """Demand and sites where they lie, north up: kind, name, label, longitude, latitude, size, shown.

    `kinds` are the words of demand (pale, the larger the more), of sites that stay, of new ones and of closed ones.
    """
    drawn = rows.assign(series=rows["kind"].map(kinds))
    colours = {"demand": AXIS, "site": ACCENT, "new": WARM, "closed": PAPER}
    present = [kind for kind in kinds if kind in set(rows["kind"])]
    x = alt.X("longitude:Q", title=t("column.longitude"), scale=padded(rows["longitude"]), axis=degrees())
    y = alt.Y("latitude:Q", title=t("column.latitude"), scale=padded(rows["latitude"]), axis=degrees())
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[kinds[kind] for kind in present], range=[colours[kind] for kind in present]),
        legend=alt.Legend(symbolStrokeColor=RULE, symbolStrokeWidth=1),
    )
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=demand_title)]
    demand = alt.Chart(drawn[drawn["kind"] == "demand"])
    sites = alt.Chart(drawn[drawn["kind"] != "demand"])
    circles = demand.mark_circle(opacity=0.75).encode(
        x=x,
        y=y,
        color=colour,
        size=alt.Size("size:Q", scale=alt.Scale(range=[30, 900], zero=True), legend=None),
        tooltip=tooltip,
    )
    points = sites.mark_point(filled=True, opacity=1, size=75, stroke=RULE, strokeWidth=1).encode(
        x=x, y=y, color=colour, tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("series:N", title=" ")]
    )
    names = sites.mark_text(align="left", dx=9, dy=-7, fontSize=11, color=RULE).encode(x=x, y=y, text="label:N")
    return alt.layer(circles, points, names).properties(height=shape_height(rows))
