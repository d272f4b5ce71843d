"""Response and SLA: how fast requests are answered and resolved, where promises are kept, and which are open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, trust, url_state
from app.kpis import History, Kpi
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("tickets",)
# Most pressing first; channels stand in the order of their names.
PRIORITIES = ("urgent", "high", "normal", "low", "unknown")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.response"))
    histories = kpis.read_histories(scope)
    components.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.RESPONSE_CARDS if kpi_id in histories])
    registry = kpis.read_kpis(scope)
    months = scope.read(queries.response.RESPONSE_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    if months.empty:
        components.nothing(scope, FEEDS)
        return
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("response.first_response"), t("response.first_response_grain"))
        if trust.show(scope, kpis.names_of(registry, kpis.FIRST_RESPONSE)):
            _durations(scope, months, "first_response", "answered_count")
    with right:
        components.section(t("response.attainment"), t("response.attainment_grain"))
        _attainment(scope)
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("response.resolution"), t("response.resolution_grain"))
        if trust.show(scope, kpis.names_of(registry, kpis.RESOLUTION)):
            _durations(scope, months, "resolution", "resolved_count")
    with right:
        components.section(t("response.volume"), t("response.volume_grain"))
        charts.draw(volume(scope, months), t("response.volume"))
    st.divider()
    _breakdown(scope, histories)
    st.divider()
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


def _attainment(scope: Scope) -> None:
    histories = kpis.read_histories(scope, "month", scope.trend_range[1])
    chosen = [histories[kpi_id] for kpi_id in kpis.ATTAINMENT if kpi_id in histories and histories[kpi_id].readings]
    if not chosen:
        components.nothing(scope, FEEDS)
        return
    if not trust.show(scope, [(history.kpi.kpi_id, history.kpi.name) for history in chosen]):
        return
    charts.draw(share_trends(scope, chosen), t("response.attainment"))


def share_trends(scope: Scope, chosen: Sequence[History]) -> charts.Drawing:
    """KPIs that are shares, month by month with their intervals and targets."""
    lines = pd.concat([components.trend_rows(scope, history) for history in chosen], ignore_index=True)
    targets = {history.kpi.name: history.readings[-1].target for history in chosen}
    return charts.trend(
        lines,
        t("column.share"),
        [history.kpi.name for history in chosen],
        targets={name: target for name, target in targets.items() if target is not None},
        is_share=True,
    )


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


def _breakdown(scope: Scope, histories: dict[str, History]) -> None:
    choices = [kpi_id for kpi_id in kpis.BREAKDOWN if kpi_id in histories and histories[kpi_id].kpi.is_available]
    if not choices:
        return
    st.subheader(t("response.breakdown"), anchor=False)
    kpi_id = url_state.pick(
        "by", t("response.breakdown_kpi"), choices, choices[0], lambda option: histories[option].kpi.name, "segments"
    )
    kpi = histories[kpi_id].kpi
    st.caption(formats.plain(t("response.by_grain", kpi=kpi.name, period=scope.period.name)))
    sites, kinds = st.columns(2, gap="large")
    with sites:
        st.markdown(f"**{t('response.by_site')}**")
        components.kpi_by_site(scope, kpi)
    with kinds:
        if not scope.is_whole_company:
            components.withheld("door.no_site_kinds")
            return
        for kind in ("priority", "channel"):
            st.markdown(f"**{t(f'response.by_{kind}')}**")
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


def _promises(scope: Scope) -> None:
    components.section(t("response.promises"), t("response.promises_grain", zone=scope.company.time_zone))
    scoped = (scope.site_id, scope.site_id, scope.family, scope.family)
    found = scope.read(queries.response.PROMISE_COUNTS, scoped)
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
    rows = scope.read(queries.response.PROMISES, (outcome, scope.site_id, scope.site_id, scope.family, scope.family))
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
