"""Response and SLA: how fast requests are answered and resolved, where promises are kept, and which are open."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust, url_state
from app.kpis import History, Kpi
from app.scope import ALL, PRIORITIES, Scope, add_months
from app.words import named, t

FEEDS = ("tickets",)
# The stages in the order in which a request goes through them; what follows a resolution is one.
STAGES = ("new", "open", "waiting_customer", "waiting_parts", "on_hold")
AFTER = "after"
BANDS = ("overdue", "within_1h", "within_4h", "today", "later", "paused")
METRICS = ("first_response", "resolution", "visit_arrival", "parts_arrival")
_STAGE_MONTHS = 6
_MOST_YEARS = 3


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.response"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.RESPONSE_CARDS if kpi_id in histories])
    registry = kpis.read_kpis(scope)
    months = scope.read(queries.response.RESPONSE_MONTHS, (*scope.ticket_segment, *scope.trend_range))
    if months.empty:
        components.nothing(scope, FEEDS)
        return
    left, right = st.columns(2, gap="large")
    with left:
        components.section(
            t("response.first_response"), t("response.first_response_grain"), scope, components.BY_TICKET
        )
        if trust.show(scope, kpis.names_of(registry, kpis.FIRST_RESPONSE)):
            _durations(scope, months, "first_response", "answered_count")
    with right:
        components.section(t("response.attainment"), t("response.attainment_grain"))
        components.kpi_trend(scope, kpis.read_months(scope), kpis.ATTAINMENT, t("response.attainment"), FEEDS)
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("response.resolution"), t("response.resolution_grain"), scope, components.BY_TICKET)
        if trust.show(scope, kpis.names_of(registry, kpis.RESOLUTION)):
            _durations(scope, months, "resolution", "resolved_count")
    with right:
        components.section(t("response.volume"), t("response.volume_grain"), scope, components.BY_TICKET)
        charts.draw(volume(scope, months), t("response.volume"))
    st.divider()
    _stages(scope)
    st.divider()
    left, right = st.columns(2, gap="large")
    with left:
        _survival(scope)
    with right:
        _week(scope)
    st.divider()
    _breakdown(scope, histories)
    st.divider()
    _due(scope)
    _promises(scope)


def _durations(scope: Scope, months: pd.DataFrame, metric: str, sample: str) -> None:
    chart = durations(scope, months, metric, sample)
    if chart is None:
        components.nothing(scope, FEEDS)
    else:
        charts.draw(chart, t(f"response.{metric}"))


def durations(scope: Scope, months: pd.DataFrame, metric: str, sample: str) -> charts.Drawing | None:
    """Median and 90th percentile of one duration over the months, with the share that is still open beside."""
    lines = pd.concat(
        [
            pd.DataFrame(
                {
                    "when": months["month_start_date"],
                    "value": months[f"{metric}_{series}_seconds"],
                    "series": t(f"series.{series}"),
                    "shown": months[f"{metric}_{series}_seconds"].map(formats.duration),
                    "sample": [
                        t("response.sample", count=formats.count(ended), share=formats.share(still_open))
                        for ended, still_open in zip(months[sample], months[f"{metric}_open_share"], strict=True)
                    ],
                }
            )
            for series in ("median", "p90")
        ],
        ignore_index=True,
    )
    lines["is_complete"] = ~lines["when"].dt.date.isin(scope.incomplete_months)
    if not lines["value"].notna().any():
        return None
    return charts.trend(lines, t("column.time"), [t("series.median"), t("series.p90")], is_duration=True)


def volume(scope: Scope, months: pd.DataFrame) -> charts.Drawing:
    """Tickets by the month they were raised, and where they stand."""
    other = months["ticket_count"] - months["resolved_count"] - months["open_count"]
    bars = pd.concat(
        [
            pd.DataFrame(
                {
                    "when": months["month_start_date"],
                    "value": values,
                    "series": t(f"series.{series}"),
                }
            )
            for series, values in (
                ("resolved", months["resolved_count"]),
                ("open", months["open_count"]),
                ("other_exit", other),
            )
        ],
        ignore_index=True,
    )
    bars["is_complete"] = ~bars["when"].dt.date.isin(scope.incomplete_months)
    series = [t("series.resolved"), t("series.open"), t("series.other_exit")]
    return charts.stacked(bars, t("column.tickets"), series, height=280)


def _breakdown(scope: Scope, histories: Mapping[str, History]) -> None:
    choices = [kpi_id for kpi_id in kpis.BREAKDOWN if kpi_id in histories and histories[kpi_id].kpi.is_available]
    if not choices:
        return
    st.header(t("response.breakdown"), anchor=False)
    kpi_id = url_state.pick(
        "by", t("response.breakdown_kpi"), choices, choices[0], lambda option: histories[option].kpi.name, "segments"
    )
    kpi = histories[kpi_id].kpi
    st.caption(formats.plain(t("response.by_grain", kpi=kpi.name, period=scope.period.name)))
    sites, kinds = st.columns(2, gap="large")
    with sites:
        st.subheader(t("response.by_site"), anchor=False)
        components.kpi_by_site(scope, kpi)
    with kinds:
        if not scope.is_whole_company:
            components.withheld("door.no_site_kinds")
            return
        components.not_narrowed(scope)
        for kind in ("priority", "channel"):
            st.subheader(t(f"response.by_{kind}"), anchor=False)
            if trust.show(scope, [(kpi.kpi_id, kpi.name)], kind):
                _by_kind(scope, kpi, kind)


def _by_kind(scope: Scope, kpi: Kpi, kind: str) -> None:
    rows = scope.read(queries.kpis.KPI_BY_KIND, (kpi.kpi_id, scope.period.grain, scope.period.start, kind))
    if kind == "priority":
        rows = rows.sort_values(
            "kind", key=lambda kinds: kinds.map({name: rank for rank, name in enumerate(PRIORITIES)})
        )
    rows["name"] = [named(kind, value) for value in rows["kind"]]
    components.kpi_intervals(scope, kpi, rows)


def _stages(scope: Scope) -> None:
    """Where the lives of requests were spent, as a flow, and how long each stage took."""
    last = scope.last_month
    first = add_months(last.start, 1 - _STAGE_MONTHS)
    left, right = st.columns([3, 2], gap="large")
    rows = scope.read(queries.response.STAGES, (*scope.ticket_segment, first, last.start))
    with left:
        components.section(t("response.stages"), t("response.stages_grain"), scope, components.BY_TICKET)
        if rows.empty:
            components.nothing(scope, FEEDS)
            return
        _stage_flow(rows)
    with right:
        components.section(
            t("response.stage_times"), t("response.stage_times_grain", month=last.name), scope, components.BY_TICKET
        )
        _stage_table(rows[rows["month_start_date"].dt.date == last.start])


def _stage_name(stage: str, waits_for: str) -> str:
    return t(f"stage.{AFTER}") if waits_for == "nobody" else named("ticket_status", stage)


def _stage_flow(rows: pd.DataFrame) -> None:
    flow = pd.DataFrame(
        {
            "name": [formats.period("month", when.date()) for when in rows["month_start_date"]],
            "series": [_stage_name(*pair) for pair in zip(rows["stage"], rows["waits_for"], strict=True)],
            "value": rows["life_share"],
            "label": rows["life_share"].map(lambda share: formats.share(share, 0)),
            "shown": rows["mean_seconds"].map(formats.duration),
            "sample": rows["visit_count"].map(formats.count),
        }
    )
    names = [*(named("ticket_status", stage) for stage in STAGES), t(f"stage.{AFTER}")]
    present = [name for name in names if (flow["series"] == name).any()]
    charts.draw(charts.shares(flow, present, last_is_rest=present[-1] == t(f"stage.{AFTER}")), t("response.stages"))


def _stage_table(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    shown = pd.DataFrame(
        {
            "stage": [named("ticket_status", stage) for stage in rows["stage"]],
            "waits_for": [named("waits_for", who) for who in rows["waits_for"]],
            "visits": rows["visit_count"],
            "open": rows["open_visit_count"],
            "mean": rows["mean_seconds"].map(formats.duration),
            "share": rows["life_share"].map(formats.share),
        }
    ).sort_values("visits", ascending=False, kind="stable")
    columns = {
        "stage": t("column.stage"),
        "waits_for": t("column.waits_for"),
        "visits": t("column.stage_visits"),
        "open": t("column.still_there"),
        "mean": t("column.mean_stay"),
        "share": t("column.share_of_time"),
    }
    shown.attrs = rows.attrs
    components.table("stages", shown, columns)


def _survival(scope: Scope) -> None:
    """How many are still waiting after a time; years side by side for the company, else the whole history."""
    components.section(t("response.survival"), t("response.survival_grain"))
    metric = url_state.pick(
        "curve", t("response.curve"), METRICS[:2], METRICS[1], lambda option: t(f"metric.{option}"), "segments"
    )
    if ALL not in (scope.site_id, scope.family):
        st.caption(t("response.survival_narrow"))
        return
    grain = "year" if scope.segment == ALL else ALL
    rows = scope.read(queries.response.SURVIVAL, (metric, grain, *scope.members))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    years = sorted(rows["period_start_date"].unique())[-_MOST_YEARS:]
    rows = rows[rows["period_start_date"].isin(years)]
    curves = pd.DataFrame(
        {
            "seconds": rows["time_seconds"],
            "value": rows["survival_share"],
            "low": rows["survival_low"],
            "high": rows["survival_high"],
            "series": [formats.period(grain, when.date()) for when in rows["period_start_date"]],
            "after": rows["time_seconds"].map(formats.duration),
            "shown": rows["survival_share"].map(formats.share),
            "interval": [
                formats.MISSING if formats.is_missing(low) else f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["survival_low"], rows["survival_high"], strict=True)
            ],
            "sample": [
                t("kpi.fraction", numerator=formats.count(left), denominator=formats.count(tickets))
                for left, tickets in zip(rows["at_risk_count"], rows["ticket_count"], strict=True)
            ],
        }
    )
    names = list(dict.fromkeys(curves["series"]))
    charts.draw(charts.survival(curves, t("column.still_waiting"), names), t("response.survival"))


def _week(scope: Scope) -> None:
    """When requests come in, in the mean week."""
    components.section(t("response.week"), t("response.week_grain"))
    if not scope.is_whole_company:
        components.withheld("door.no_site_week")
        return
    components.not_narrowed(scope, ("channel",))
    channel = scope.channel if scope.channel != ALL else _week_channel(scope)
    rows = scope.read(queries.response.REQUEST_WEEK, (channel,))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    cells = pd.DataFrame(
        {
            "weekday": rows["iso_weekday"],
            "hour": rows["local_hour"],
            "value": rows["mean_request_count"],
            "shown": rows["mean_request_count"].map(formats.decimals),
            "sample": rows["hour_count"].map(formats.count),
            "is_peak": rows["is_peak"],
        }
    )
    charts.draw(charts.week(cells, t("column.requests_per_hour")), t("response.week"))


def _week_channel(scope: Scope) -> str:
    channels = [ALL, *scope.read(queries.response.REQUEST_CHANNELS)["channel"]]
    return url_state.pick(
        "came_by",
        t("column.channel"),
        channels,
        ALL,
        lambda option: t("response.all_channels") if option == ALL else named("channel", option),
    )


def _due(scope: Scope) -> None:
    """What still runs, by how soon it falls due, and hour by hour."""
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("response.at_risk"), t("response.at_risk_grain"), scope, components.BY_TICKET)
        rows = scope.read(queries.response.AT_RISK, scope.ticket_members)
        if rows.empty:
            st.caption(t("response.none_at_risk"))
        else:
            _bands(rows)
    with right:
        components.section(t("response.due"), t("response.due_grain"), scope, ("site",))
        hours = scope.read(queries.response.DUE_HOURS, (scope.site_id, scope.site_id))
        if hours.empty:
            st.caption(t("response.none_due"))
            return
        bars = pd.DataFrame(
            {
                "when": [
                    f"{day:%m-%d} {hour:02}:00" for day, hour in zip(hours["due_date"], hours["due_hour"], strict=True)
                ],
                "value": hours["promise_count"],
                "series": [named("metric", metric) for metric in hours["metric"]],
            }
        )
        names = [named("metric", metric) for metric in METRICS if (hours["metric"] == metric).any()]
        charts.draw(charts.hours(bars, t("column.promises"), names), t("response.due"))


def _bands(rows: pd.DataFrame) -> None:
    counts = rows.pivot_table(index="due_band", columns="metric", values="promise_count", aggfunc="first")
    counts = counts.reindex(index=[band for band in BANDS if band in counts.index])
    present = [metric for metric in METRICS if metric in counts.columns]
    shown = counts[present].fillna(0).astype(int).reset_index()
    shown["due_band"] = [t(f"due_band.{band}") for band in shown["due_band"]]
    columns = {"due_band": t("column.due"), **{metric: named("metric", metric) for metric in present}}
    shown.attrs = rows.attrs
    components.table("promises_by_due", shown, columns)


def _promises(scope: Scope) -> None:
    components.section(
        t("response.promises"), t("response.promises_grain", zone=scope.company.time_zone), scope, components.BY_TICKET
    )
    found = scope.read(queries.response.PROMISE_COUNTS, scope.ticket_members)
    counts = dict(zip(found["outcome"], found["promise_count"], strict=True))
    overdue, following = st.tabs(
        [
            t("response.overdue", count=formats.count(counts.get("breached_open", 0))),
            t("response.next", count=formats.count(counts.get("pending", 0))),
        ]
    )
    with overdue:
        _promise_table(scope, "breached_open", "column.late_by", "response.none_overdue")
    with following:
        _promise_table(scope, "pending", "column.left", "response.none_next")


def _promise_table(scope: Scope, outcome: str, margin: str, none: str) -> None:
    rows = scope.read(queries.response.PROMISES, (outcome, *scope.ticket_members))
    if rows.empty:
        st.caption(t(none))
        return
    rows["margin"] = rows["margin_seconds"].abs().map(formats.duration)
    rows["due"] = [formats.moment(due, scope.company.time_zone) for due in rows["due_at"]]
    for column, kind in (
        ("metric", "metric"),
        ("priority", "priority"),
        ("channel", "channel"),
        ("status", "ticket_status"),
        ("site_name", "site"),
        ("product_family", "family"),
        ("issue_family", "issue"),
        ("technician_name", "technician"),
    ):
        rows[column] = [named(kind, value) for value in rows[column]]
    columns = {
        "due": t("column.due"),
        "margin": t(margin),
        "ticket_id": t("column.ticket"),
        "metric": t("column.metric"),
        "priority": t("column.priority"),
        "status": t("column.status"),
        "issue_family": t("column.issue"),
        "technician_name": t("column.technician"),
        "channel": t("column.channel"),
    }
    if not scope.sees_people:
        del columns["technician_name"]
    if scope.site_id == ALL:
        columns["site_name"] = t("column.site")
    if scope.family == ALL:
        columns["product_family"] = t("column.family")
    components.table(f"promises_{outcome}", rows, columns, height=320)
