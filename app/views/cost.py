"""Cost: what service costs, what it is made of, where it arises, and what no ticket carries."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, trust, url_state
from app.scope import Scope
from app.words import named, t

FEEDS = ("labor_costs", "operating_costs", "part_lines")
GROUPS = ("labor", "parts", "operations")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.cost"))
    histories = kpis.read_histories(scope)
    components.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.COST_CARDS if kpi_id in histories])
    months = scope.read(queries.cost.COST_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    if months.empty:
        components.nothing(scope, FEEDS)
        return
    _over_time(scope, months)
    left, right = st.columns(2, gap="large")
    with left:
        _composition(scope, months)
    with right:
        _unallocated(scope, months)
    choices = [kpi_id for kpi_id in kpis.COST_BY_SITE if kpi_id in histories and histories[kpi_id].kpi.is_available]
    if choices:
        st.divider()
        st.subheader(t("cost.by_site"), anchor=False)
        kpi_id = url_state.pick(
            "by",
            t("response.breakdown_kpi"),
            choices,
            choices[0],
            lambda option: histories[option].kpi.name,
            "segments",
        )
        kpi = histories[kpi_id].kpi
        st.caption(formats.plain(t("cost.by_site_grain", kpi=kpi.name, period=scope.period.name)))
        components.kpi_by_site(scope, kpi)


def _axis_title(scope: Scope) -> str:
    return t("column.amount", currency=scope.company.currency)


def _over_time(scope: Scope, months: pd.DataFrame) -> None:
    words, choice = st.columns([3, 1], vertical_alignment="bottom")
    with choice:
        detail = url_state.pick(
            "detail",
            t("cost.detail"),
            ("groups", "components"),
            "groups",
            lambda option: t(f"cost.{option}"),
            "segments",
        )
    currency = scope.company.currency
    grain = t("cost.over_time_grain", detail=t(f"cost.{detail}"), currency=currency)
    with words:
        components.section(t("cost.over_time"), grain)
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), [kpis.COST_TOTAL])):
        return
    charts.draw(over_time(scope, months, detail), t("cost.over_time"))


def over_time(scope: Scope, months: pd.DataFrame, detail: str) -> charts.Drawing:
    """Cost by month and group, or component where that is the `detail`."""
    kind, column = ("group", "cost_group") if detail == "groups" else ("component", "component")
    order = months.assign(rank=months["cost_group"].map({group: rank for rank, group in enumerate(GROUPS)}))
    names = [named(kind, value) for value in order.sort_values(["rank", "component"])[column].drop_duplicates()]
    bars = pd.DataFrame(
        {
            "when": months["month_start_date"],
            "value": months["amount"],
            "series": [named(kind, value) for value in months[column]],
            "is_complete": ~months["month_start_date"].dt.date.isin(scope.incomplete_months),
        }
    )
    return charts.stacked(bars, _axis_title(scope), names)


def _composition(scope: Scope, months: pd.DataFrame) -> None:
    month = scope.last_month
    components.section(t("cost.share", month=month.name), t("cost.share_grain", month=month.name))
    chart = composition(scope, months)
    if chart is None:
        components.nothing(scope, FEEDS)
    else:
        charts.draw(chart, t("cost.share", month=month.name))


def composition(scope: Scope, months: pd.DataFrame) -> charts.Drawing | None:
    """The components of the latest complete month's cost, largest first."""
    month = scope.last_month
    rows = months[months["month_start_date"].dt.date == month.start].sort_values("amount", ascending=False)
    if rows.empty:
        return None
    bars = pd.DataFrame(
        {
            "name": [named("component", component) for component in rows["component"]],
            "value": rows["amount"],
            "series": [named("group", group) for group in rows["cost_group"]],
            "shown": [formats.money(amount, scope.company.currency) for amount in rows["amount"]],
            "label": rows["share"].map(formats.share),
        }
    )
    groups = [named("group", group) for group in GROUPS if (rows["cost_group"] == group).any()]
    return charts.bars(bars, _axis_title(scope), series=groups, labels="label")


def _unallocated(scope: Scope, months: pd.DataFrame) -> None:
    components.section(t("cost.unallocated"), t("cost.unallocated_grain"))
    charts.draw(unallocated(scope, months), t("cost.unallocated"))


def unallocated(scope: Scope, months: pd.DataFrame) -> charts.Drawing:
    """Cost by month: what tickets and visits carry, and what is left."""
    parts = {"carried": months["amount"] - months["unallocated_amount"], "left": months["unallocated_amount"]}
    bars = pd.concat(
        [
            pd.DataFrame(
                {
                    "when": months["month_start_date"],
                    "value": amounts,
                    "series": t(f"cost.{part}"),
                    "is_complete": ~months["month_start_date"].dt.date.isin(scope.incomplete_months),
                }
            )
            for part, amounts in parts.items()
        ],
        ignore_index=True,
    )
    return charts.stacked(bars, _axis_title(scope), [t("cost.carried"), t("cost.left")], height=300)
