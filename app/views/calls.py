"""Call centre: how fast calls are answered, when they come, and whether enough people were there."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust, url_state
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("calls",)
# What the mean week can be looked at by.
MEASURES = {
    "offered": "mean_offered_count",
    "load": "mean_load_erlangs",
    "agents": "mean_rostered_agents",
    "understaffed": "understaffed_hour_count",
}
_DAYS = 7


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.calls"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.CALL_CARDS if kpi_id in histories])
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        return
    months = kpis.read_months(scope)
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("calls.answered"), t("calls.answered_grain"))
        components.kpi_trend(scope, months, kpis.CALL_SHARES, t("calls.answered"), FEEDS)
    with right:
        components.section(t("calls.times"), t("calls.times_grain"))
        components.kpi_trend(scope, months, kpis.CALL_TIMES, t("calls.times"), FEEDS)
    if not scope.is_whole_company:
        components.withheld("door.no_site_calls")
        return
    if scope.choices:
        st.caption(t("calls.not_narrowed"))
    st.divider()
    _staff(scope)
    st.divider()
    _week(scope)
    st.divider()
    _queues(scope)
    st.divider()
    _short_hours(scope)


def _staff(scope: Scope) -> None:
    """The last week of the period hour by hour: who was there, and how many were needed."""
    last = min(scope.period.end, scope.company.last_day)
    first = last - timedelta(days=_DAYS - 1)
    components.section(t("calls.staff"), t("calls.staff_grain", first=formats.day(first), last=formats.day(last)))
    rows = scope.read(queries.calls.CALL_HOURS, (first, last))
    if rows.empty or rows["required_agents"].isna().all():
        components.nothing(scope, FEEDS)
        return
    hours = pd.DataFrame(
        {
            "when": rows["local_date"] + pd.to_timedelta(rows["local_hour"], unit="h"),
            "rostered": rows["rostered_agents"].astype(float),
            "required": rows["required_agents"],
            "offered": rows["offered_count"],
            # As the mart counts hours in which somebody was lacking; less is a break.
            "is_short": rows["agent_gap"].astype(float) <= -0.5,
            "shown_gap": [formats.decimals(gap, 1) for gap in rows["agent_gap"].astype(float)],
        }
    )
    names = (t("calls.rostered"), t("calls.required"), t("calls.short"))
    charts.draw(charts.load(hours, t("column.agents"), names), t("calls.staff"))


def _week(scope: Scope) -> None:
    components.section(t("calls.week"), t("calls.week_grain"))
    left, right = st.columns([3, 2])
    with left:
        measure = url_state.pick(
            "measure", t("calls.measure"), tuple(MEASURES), "offered", lambda option: t(f"calls.{option}"), "segments"
        )
    queues = [ALL, *scope.read(queries.calls.QUEUES)["queue"]]
    with right:
        queue = url_state.pick(
            "queue",
            t("calls.queue"),
            queues,
            ALL,
            lambda option: t("calls.all_queues") if option == ALL else named("queue", option),
        )
    rows = scope.read(queries.calls.CALL_WEEK, (queue,))
    rows = rows[rows[MEASURES[measure]].notna()]
    if rows.empty:
        st.caption(t("calls.only_all") if queue != ALL else t("nothing.rows"))
        return
    cells = pd.DataFrame(
        {
            "weekday": rows["iso_weekday"],
            "hour": rows["local_hour"],
            "value": rows[MEASURES[measure]],
            "shown": [
                formats.count(value) if measure == "understaffed" else formats.decimals(value)
                for value in rows[MEASURES[measure]]
            ],
            "sample": rows["hour_count"].map(formats.count),
            "is_peak": rows["is_peak"] if measure == "offered" else False,
        }
    )
    charts.draw(charts.week(cells, t(f"calls.{measure}")), t("calls.week"))


def _queues(scope: Scope) -> None:
    components.section(t("calls.queues"), t("calls.queues_grain", period=scope.period.name))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.CALL_SHARES)):
        return
    rows = scope.read(queries.calls.CALL_QUEUES, (scope.period.grain, scope.period.start))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    shown = pd.DataFrame(
        {
            "queue": [named("queue", queue) for queue in rows["queue"]],
            "offered": rows["offered_count"],
            "answered": rows["answered_count"],
            "level": rows["service_level"].map(formats.share),
            "level_interval": _interval(rows, "service_level_low", "service_level_high"),
            "abandoned": rows["abandonment_share"].map(formats.share),
            "abandoned_interval": _interval(rows, "abandonment_low", "abandonment_high"),
            "speed": rows["average_speed_of_answer_seconds"].map(formats.duration),
            "handling": rows["average_handle_seconds"].map(formats.duration),
        }
    )
    columns = {
        "queue": t("calls.queue"),
        "offered": t("column.offered"),
        "level": t("column.service_level"),
        "level_interval": t("column.interval"),
        "abandoned": t("column.abandonment"),
        "abandoned_interval": t("column.abandonment_interval"),
        "speed": t("column.speed_of_answer"),
        "handling": t("column.handling"),
        "answered": t("column.answered"),
    }
    shown.attrs = rows.attrs
    components.table("calls_by_queue", shown, columns)


def _interval(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    return [
        formats.MISSING if formats.is_missing(least) else f"{formats.share(least)} … {formats.share(most)}"
        for least, most in zip(rows[low], rows[high], strict=True)
    ]


def _short_hours(scope: Scope) -> None:
    """The hours of the period in which most agents were lacking."""
    components.section(t("calls.short_hours"), t("calls.short_hours_grain", period=scope.period.name))
    rows = scope.read(queries.calls.SHORT_HOURS, (scope.period.start, scope.period.end))
    if rows.empty:
        st.caption(t("calls.no_short_hours"))
        return
    shown = pd.DataFrame(
        {
            "hour": [_hour(day, hour) for day, hour in zip(rows["local_date"], rows["local_hour"], strict=True)],
            "gap": [formats.decimals(gap, 1) for gap in rows["agent_gap"].astype(float)],
            "rostered": [formats.decimals(agents, 1) for agents in rows["rostered_agents"].astype(float)],
            "required": rows["required_agents"],
            "offered": rows["offered_count"],
            "answered": rows["answered_count"],
            "abandoned": rows["abandoned_count"],
            "level": rows["service_level"].map(formats.share),
            "speed": rows["average_speed_of_answer_seconds"].map(formats.duration),
        }
    )
    columns = {
        "hour": t("column.hour"),
        "gap": t("column.agent_gap"),
        "rostered": t("calls.rostered"),
        "required": t("calls.required"),
        "offered": t("column.offered"),
        "answered": t("column.answered"),
        "abandoned": t("column.abandoned"),
        "level": t("column.service_level"),
        "speed": t("column.speed_of_answer"),
    }
    shown.attrs = rows.attrs
    components.table("understaffed_hours", shown, columns)


def _hour(day: date, hour: int) -> str:
    return f"{formats.day(day)} {hour:02}:00"
