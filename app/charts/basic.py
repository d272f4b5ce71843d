"""What all charts share, and the plain kinds: lines, bars, points with intervals, cohorts, a grid over months.

All charts take the fonts and greys of the theme in .streamlit/config.toml, and follow the page where it is dark. Rows
carry a column `shown`: the number as text with its unit, for tooltips and labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app import about, pictures
from app.charts.drawing import Drawing, drawing
from app.charts.palette import (
    ACCENT,
    AXIS,
    GREY_CELL,
    GREY_INK,
    LOWEST,
    PAPER,
    RULE,
    SERIES,
    STATUS_COLOURS,
    WARM,
    ink_on,
    on_dark,
)
from app.formats import duration, number_steps
from app.pictures import Chart
from app.words import t

ROUND_DURATIONS = (10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400)
# Month names of the drawing library are English: numbers read in both languages.
MONTH = "%Y-%m"
PERCENT = ".0%"
# Signs of the Latin alphabet that fit into a line above a chart of half the page, or a phone, and of the whole page.
_ROOM, _WIDE_ROOM = 46, 135
_PICTURES = {"png": "image/png", "svg": "image/svg+xml"}


def draw(asked: Drawing, description: str) -> None:
    """Put a chart on the page; `description` is read out to those who cannot see it, and heads the chart's pictures."""
    is_dark = st.context.theme.type == "dark"
    _put(asked.kind.__qualname__, asked.arguments, asked.named, asked.language, is_dark, description, asked)
    _take_away(asked, description)


# Kept by everything that a chart is made of, so that nobody gets another one's; Streamlit repeats what was put.
@st.cache_data(max_entries=500, ttl="1h", show_spinner=False)
def _put(
    kind: str,  # noqa: ARG001 - these are the key
    arguments: tuple[Any, ...],  # noqa: ARG001
    named: dict[str, Any],  # noqa: ARG001
    language: str,  # noqa: ARG001
    is_dark: bool,
    description: str,
    _asked: Drawing,
) -> None:
    chart = _asked.chart()
    st.altair_chart(on_dark(chart) if is_dark else chart, width="stretch", alt=description)


def _take_away(asked: Drawing, description: str) -> None:
    """Buttons that save the chart as a picture, on white for paper and slides, which is drawn when it is asked for."""
    facts = about.told(description)
    if facts is None:
        return
    number = about.next_number()
    # The key is a handle for app/style.css.
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key=f"take_chart_{number}"):
        for ending, write in (("png", pictures.write_png), ("svg", pictures.write_svg)):
            st.download_button(
                t(f"export.{ending}"),
                partial(_picture, write, asked, description, facts.line),
                file_name=facts.file_name(description, ending),
                mime=_PICTURES[ending],
                key=f"take_chart_{number}_{ending}",
                on_click="ignore",
                type="tertiary",
            )


def _picture(write: Callable[[Chart, str, str], bytes], asked: Drawing, title: str, subtitle: str) -> bytes:
    return write(asked.chart(), title, subtitle)


def legend_of(series: Sequence[str], *, is_wide: bool = False) -> alt.Legend:
    """A legend in as many columns as there is room for: one line, or the longest name says how many stand in a row.

    is_wide: the chart takes the whole width of the page, not half of it.
    """
    room = _WIDE_ROOM if is_wide else _ROOM
    widths = [sum(2 if ord(sign) > 0x2E7F else 1 for sign in name) + 4 for name in series]
    if sum(widths) <= room:
        return alt.Legend()
    return alt.Legend(columns=max(1, room // max(widths)))


@drawing
def trend(
    rows: pd.DataFrame,
    value_title: str,
    series: Sequence[str],
    *,
    targets: Mapping[str, float] | None = None,
    is_share: bool = False,
    is_duration: bool = False,
    from_zero: bool = True,
    height: int = 280,
) -> Chart:
    """Lines over months: when, value, series, shown, sample, is_complete and, for a band, low and high.

    A month in progress is a hollow point on a dashed line; the target of a series is a dashed rule of its colour.
    Durations are seconds on a logarithmic axis: a median of minutes and a 90th percentile of days are both to be read.
    """
    rows = rows.dropna(subset=["value"])
    x = alt.X("when:T", title=None, axis=alt.Axis(format=MONTH, tickCount="month", labelOverlap=True, grid=False))
    y = alt.Y("value:Q", title=value_title, axis=value_axis(is_share), scale=alt.Scale(zero=from_zero and not is_share))
    if is_duration:
        rows = rows[rows["value"] > 0]
        y = _duration_scale(rows["value"], value_title)
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(series), range=list(SERIES[: len(series)])),
        legend=legend_of(series) if len(series) > 1 else None,
    )
    tooltip = [
        alt.Tooltip("when:T", format=MONTH, title=t("column.month")),
        alt.Tooltip("series:N", title=t("column.series")),
        alt.Tooltip("shown:N", title=t("column.value")),
        alt.Tooltip("sample:N", title=t("column.sample")),
    ]
    complete = rows[rows["is_complete"]]
    # The dashed end starts at the last complete point of each series.
    ends = pd.concat([complete.groupby("series", sort=False).tail(1), rows[~rows["is_complete"]]])
    layers: list[alt.Chart] = []
    if {"low", "high"} <= set(rows.columns):
        # A month without an interval is a gap in the band, not bridged by its neighbours.
        band = alt.Chart(rows).mark_area(opacity=0.14, clip=True, invalid="break-paths-filter-domains")
        layers.append(band.encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour))
    layers.append(alt.Chart(complete).mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour))
    layers.append(alt.Chart(ends).mark_line(strokeWidth=1.6, strokeDash=[4, 3]).encode(x=x, y=y, color=colour))
    layers.append(
        alt.Chart(rows)
        .mark_point(size=34, strokeWidth=1.8)
        .encode(
            x=x,
            y=y,
            color=colour,
            fill=alt.when("datum.is_complete").then(colour).otherwise(alt.value(PAPER)),
            tooltip=tooltip,
        )
    )
    if targets:
        aims = pd.DataFrame({"series": list(targets), "target": list(targets.values())})
        layers.append(
            alt.Chart(aims)
            .mark_rule(strokeDash=[5, 4], strokeWidth=1.4, opacity=0.8)
            .encode(y="target:Q", color=colour)
        )
    return alt.layer(*layers).properties(height=height)


@drawing
def intervals(rows: pd.DataFrame, value_title: str, *, target: float | None = None, is_share: bool = False) -> Chart:
    """One point per name with its interval: name, value, low, high, shown, interval, sample, status, is_enough.

    Rows are drawn in their order. `target` is a dashed rule; a point without enough data is hollow.
    """
    order = list(dict.fromkeys(rows["name"]))
    y = alt.Y("name:N", title=None, sort=order, axis=name_axis())
    colour = alt.Color(
        "status:N",
        scale=alt.Scale(domain=list(STATUS_COLOURS), range=list(STATUS_COLOURS.values())),
        legend=None,
    )
    scale = alt.Scale(zero=False, nice=True)
    base = alt.Chart(rows)
    bars = base.mark_rule(strokeWidth=2, opacity=0.45).encode(
        x=alt.X("low:Q", title=value_title, axis=value_axis(is_share), scale=scale), x2="high:Q", y=y, color=colour
    )
    points = base.mark_point(size=80, strokeWidth=2).encode(
        x=alt.X("value:Q", title=value_title, axis=value_axis(is_share), scale=scale),
        y=y,
        color=colour,
        fill=alt.when("datum.is_enough").then(colour).otherwise(alt.value(PAPER)),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("interval:N", title=t("column.interval")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    layers: list[alt.Chart] = [bars, points]
    if target is not None:
        rule = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(strokeDash=[5, 4], color=RULE, strokeWidth=1.4)
        layers.append(rule.encode(x="target:Q"))
    return alt.layer(*layers).properties(height=max(30 * len(order), 60) + 50)


@drawing
def stacked(
    rows: pd.DataFrame,
    value_title: str,
    series: Sequence[str],
    *,
    height: int = 320,
    is_wide: bool = False,
    colours: Sequence[str] = SERIES,
) -> Chart:
    """Stacked bars over months: when, value, series, is_complete. A month in progress is pale.

    Rows of one month and series are drawn as one bar as long as they are together. `colours` are those of the series.
    """
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X(
                "yearmonth(when):O",
                title=None,
                axis=alt.Axis(format=MONTH, labelAngle=0, labelOverlap=True, ticks=False),
            ),
            y=alt.Y("sum(value):Q", title=value_title, axis=value_axis(False)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(series), range=list(colours[: len(series)])),
                legend=legend_of(series, is_wide=is_wide),
            ),
            order=alt.Order("rank:Q"),
            opacity=alt.when("datum.is_complete").then(alt.value(1)).otherwise(alt.value(0.45)),
            detail="is_complete:N",
            tooltip=[
                alt.Tooltip("yearmonth(when):T", format=MONTH, title=t("column.month")),
                alt.Tooltip("series:N", title=t("column.series")),
                alt.Tooltip("sum(value):Q", format=",.0f", title=value_title),
            ],
        )
        .transform_calculate(rank=f"indexof({list(series)!r}, datum.series)")
    )
    return alt.layer(bars).properties(height=height)


@drawing
def bars(
    rows: pd.DataFrame,
    value_title: str,
    *,
    series: Sequence[str] = (),
    labels: str = "shown",
    colours: Sequence[str] = SERIES,
) -> Chart:
    """Horizontal bars in the rows' order: name, value, shown, the column of the labels and, for colours, series."""
    order = list(dict.fromkeys(rows["name"]))
    y = alt.Y("name:N", title=None, sort=order, axis=name_axis())
    base = alt.Chart(rows).encode(
        x=alt.X(
            "value:Q",
            title=value_title,
            axis=alt.Axis(labelExpr=_number_labels(), tickCount=5, tickMinStep=1),
            # Room for the label of the longest bar.
            scale=alt.Scale(
                domainMax=float(rows["value"].max()) * (1.1 + 0.02 * rows[labels].str.len().max()) or 1.0,
                domainMin=min(0.0, float(rows["value"].min())),
            ),
        ),
        y=y,
    )
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=t("column.value"))]
    if series:
        colour = alt.Color("series:N", scale=alt.Scale(domain=list(series), range=list(colours[: len(series)])))
        drawn = base.mark_bar(height=16).encode(color=colour, tooltip=tooltip)
    else:
        drawn = base.mark_bar(height=16, color=ACCENT).encode(tooltip=tooltip)
    text = base.mark_text(align="left", dx=5, color=RULE).encode(text=f"{labels}:N")
    return alt.layer(drawn, text).properties(height=24 * len(order) + 75)


@drawing
def triangle(rows: pd.DataFrame) -> Chart:
    """Cohorts as a triangle: cohort, period_number, value (a share), shown, sample, is_complete; one text per cell.

    An incomplete cell is grey with a light number: it is not comparable yet.
    """
    x = alt.X(
        "period_number:O",
        title=t("column.months_since"),
        axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
    )
    y = alt.Y("cohort:O", title=t("column.cohort"), axis=name_axis())
    tooltip = [
        alt.Tooltip("cohort:O", title=t("column.cohort")),
        alt.Tooltip("period_number:O", title=t("column.months_since")),
        alt.Tooltip("shown:N", title=t("column.value")),
        alt.Tooltip("sample:N", title=t("column.sample")),
    ]
    # The first month is 100 % by construction and would bleach all others.
    later = rows.loc[rows["is_complete"] & (rows["period_number"] > 0), "value"]
    top = float(later.max()) if len(later) else 1.0
    base = alt.Chart(rows)
    shaded = (
        base.transform_filter("datum.is_complete")
        .mark_rect(stroke=PAPER, strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(domain=[0, top or 1.0], range=[LOWEST, ACCENT], clamp=True),
                legend=None,
            ),
            tooltip=tooltip,
        )
    )
    grey = (
        base.transform_filter("!datum.is_complete")
        .mark_rect(stroke=PAPER, strokeWidth=1.5, color=GREY_CELL)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    text = base.mark_text(fontSize=10).encode(
        x=x,
        y=y,
        text="cell:N",
        color=ink_on("scale('color', datum.value)", alt.when("!datum.is_complete").then(alt.value(GREY_INK))),
        # On a phone three digits are wider than a cell; they are told when it is touched.
        opacity=alt.when("bandwidth('x') < 17").then(alt.value(0)).otherwise(alt.value(1)),
    )
    return alt.layer(shaded, grey, text).properties(height=max(22 * rows["cohort"].nunique(), 60) + 50)


@drawing
def fan(rows: pd.DataFrame, value_title: str, set_off: Sequence[str]) -> Chart:
    """One line per cohort over the months since: cohort, period_number, value (a share), shown; `set_off` in colour."""
    x = alt.X("period_number:Q", title=t("column.months_since"), axis=alt.Axis(tickMinStep=1, grid=False))
    y = alt.Y("value:Q", title=value_title, axis=value_axis(True))
    tooltip = [
        alt.Tooltip("cohort:O", title=t("column.cohort")),
        alt.Tooltip("period_number:Q", title=t("column.months_since")),
        alt.Tooltip("shown:N", title=t("column.value")),
        alt.Tooltip("sample:N", title=t("column.sample")),
    ]
    others = (
        alt.Chart(rows[~rows["cohort"].isin(set_off)])
        .mark_line(strokeWidth=1.2, color=AXIS)
        .encode(x=x, y=y, detail="cohort:N", tooltip=tooltip)
    )
    chosen = (
        alt.Chart(rows[rows["cohort"].isin(set_off)])
        .mark_line(strokeWidth=2.4, point=alt.OverlayMarkDef(size=30))
        .encode(
            x=x,
            y=y,
            color=alt.Color("cohort:N", scale=alt.Scale(domain=list(set_off), range=[WARM, ACCENT][: len(set_off)])),
            tooltip=tooltip,
        )
    )
    return alt.layer(others, chosen).properties(height=300)


@drawing
def heat(rows: pd.DataFrame, height_per_row: int = 34) -> Chart:
    """A grid of names over months: name, when, value (a share), shown, sample; darker is higher."""
    base = alt.Chart(rows).encode(
        x=alt.X(
            "yearmonth(when):O", title=None, axis=alt.Axis(format=MONTH, labelAngle=0, labelOverlap=True, ticks=False)
        ),
        y=alt.Y("name:N", title=None, sort=list(dict.fromkeys(rows["name"])), axis=name_axis()),
    )
    low, high = float(rows["value"].min()), float(rows["value"].max())
    cells = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(
        color=alt.Color(
            "value:Q",
            scale=alt.Scale(domain=[low, high], range=[LOWEST, ACCENT]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("when:T", format=MONTH, title=t("column.month")),
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("shown:N", title=t("column.value")),
            alt.Tooltip("sample:N", title=t("column.sample")),
        ],
    )
    return alt.layer(cells).properties(height=height_per_row * rows["name"].nunique() + 40)


def _duration_scale(seconds: pd.Series, title: str) -> alt.Y:
    """A logarithmic axis of seconds with a line at each of the round durations around the values."""
    axis, scale = duration_axis(seconds)
    return alt.Y("value:Q", title=title, axis=axis, scale=scale)


def duration_axis(seconds: pd.Series) -> tuple[alt.Axis, alt.Scale]:
    """Axis and scale of durations around `seconds`: logarithmic, with a line at each of the round ones."""
    low = max([step for step in ROUND_DURATIONS if step <= seconds.min()], default=ROUND_DURATIONS[0])
    high = min([step for step in ROUND_DURATIONS if step >= seconds.max()], default=ROUND_DURATIONS[-1])
    steps = [step for step in ROUND_DURATIONS if low <= step <= high]
    labels = " : ".join(f"datum.value == {step} ? {duration(step)!r}" for step in steps)
    axis = alt.Axis(values=steps, labelExpr=f"{labels} : ''", labelOverlap=True)
    return axis, alt.Scale(type="log", domain=[low, high], nice=False)


def name_axis() -> alt.Axis:
    """An axis that names every row, each beside its own."""
    return alt.Axis(labelLimit=225, labelOverlap=False, labelFlush=False, ticks=False, domain=False)


def value_axis(is_share: bool) -> alt.Axis:
    """An axis of numbers, or of shares in per cent."""
    if is_share:
        return alt.Axis(format=PERCENT, tickCount=5)
    return alt.Axis(labelExpr=_number_labels(), tickCount=5)


def _number_labels() -> str:
    """The numbers of an axis as the report writes amounts: 50 K in English, 5 万 in Chinese."""
    steps = [
        f"abs(datum.value) >= {floor} ? format(datum.value / {divisor}, ',~f') + ' {unit}' : "
        for floor, divisor, unit in number_steps()
    ]
    return "".join(steps) + "format(datum.value, ',~f')"
