"""Cost: what service costs, what it is made of, where it arises, and what no ticket carries."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, trust, url_state
from app.scope import ALL, YEAR_BEFORE, Period, Scope, add_months
from app.words import named, t

FEEDS = ("labor_costs", "operating_costs", "part_lines")
# The KPIs whose change is split, and by what.
MEASURES = ("cost_total", "cost_per_ticket")
SPLITS = ("site", "product_family", "component")
EFFECTS = ("volume", "mix", "rate")
GROUPS = ("labor", "parts", "operations")


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.cost"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.COST_CARDS if kpi_id in histories])
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
    st.divider()
    _change(scope)
    st.divider()
    _labor(scope)
    st.divider()
    components.kpi_by_site_choice(scope, histories, kpis.COST_BY_SITE)
    st.divider()
    _reconciliation(scope)


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
        components.section(t("cost.over_time"), grain, scope, components.BY_SITE)
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
    return charts.stacked(bars, _axis_title(scope), names, is_wide=True)


def _composition(scope: Scope, months: pd.DataFrame) -> None:
    month = scope.last_month
    components.section(
        t("cost.share", month=month.name), t("cost.share_grain", month=month.name), scope, components.BY_SITE
    )
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
    components.section(t("cost.unallocated"), t("cost.unallocated_grain"), scope, components.BY_SITE)
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


def _change(scope: Scope) -> None:
    """What volume, mix and rate make of the change of cost."""
    components.section(t("cost.change"), t("cost.change_grain"), scope)
    if not scope.is_whole_company:
        components.withheld("door.no_site_change")
        return
    registry = kpis.read_kpis(scope)
    columns = st.columns(2)
    with columns[0]:
        measure = url_state.pick(
            "measure",
            t("by_site.kpi"),
            MEASURES,
            MEASURES[0],
            lambda option: registry[option].name if option in registry else option,
            "segments",
        )
    # The cost of one request is no sum over components.
    splits = SPLITS if measure == MEASURES[0] else SPLITS[:2]
    with columns[1]:
        split = url_state.pick(
            "split", t("cost.split"), splits, splits[0], lambda option: t(f"cost.split_{option}"), "segments"
        )
    if not trust.show(scope, kpis.names_of(registry, [measure])):
        return
    period = scope.last_month if scope.period.grain == ALL else scope.period
    rows = scope.read(queries.cost.COST_CHANGE, (period.grain, period.start, scope.comparison, measure, split))
    if rows.empty or formats.is_missing(rows["value_before"].iloc[0]) or not rows["is_comparable"].iloc[0]:
        st.caption(t("cost.not_comparable", period=period.name))
        return
    _waterfall(scope, rows.iloc[0], period)


def _waterfall(scope: Scope, row: pd.Series, period: Period) -> None:
    currency = scope.company.currency
    steps = [
        {
            "name": formats.period(period.grain, row["compared_start_date"].date()),
            "start": 0.0,
            "end": row["value_before"],
            "kind": "whole",
            "shown": formats.money(row["value_before"], currency),
        }
    ]
    level = row["value_before"]
    for effect in EFFECTS:
        change = row[f"{effect}_effect"]
        steps.append(
            {
                "name": t(f"cost.{effect}"),
                "start": level,
                "end": level + change,
                "kind": "worse" if change > 0 else "better",
                "shown": formats.signed_money(change, currency),
            }
        )
        level += change
    steps.append(
        {
            "name": period.name,
            "start": 0.0,
            "end": row["value_after"],
            "kind": "whole",
            "shown": formats.money(row["value_after"], currency),
        }
    )
    charts.draw(charts.waterfall(pd.DataFrame(steps), _axis_title(scope)), t("cost.change"))


def _labor(scope: Scope) -> None:
    """What more or fewer people, and another pay per head, make of the change of pay."""
    components.section(t("cost.labor"), t("cost.labor_grain"), scope, ("site",))
    if not scope.sees_people:
        components.withheld("door.no_people")
        return
    rows = scope.read(queries.cost.LABOR_LEVERS, (*[scope.site_id] * 4, scope.last_month.start))
    if rows.empty:
        components.nothing(scope, ("labor_costs",))
        return
    currency, before = scope.company.currency, scope.comparison
    start = rows["month_start_date"].iloc[0].date()
    compared = add_months(start, -12 if before == YEAR_BEFORE else -1)
    st.markdown(
        formats.plain(
            t("cost.labor_months", month=formats.period("month", start), compared=formats.period("month", compared))
        )
    )
    amounts = {
        "pay_before": rows[f"{before}_pay_amount"],
        "heads_effect": rows[f"{before}_heads_effect_amount"],
        "pay_effect": rows[f"{before}_pay_effect_amount"],
        "pay": rows["pay_amount"],
    }
    shown = pd.DataFrame(
        {
            "site": [named("site", site) for site in rows["site_name"]],
            "role": [named("role", role) for role in rows["work_role"]],
            "heads_before": rows[f"{before}_head_count"],
            "heads": rows["head_count"],
            **{
                name: [
                    formats.signed_money(amount, currency)
                    if name.endswith("effect")
                    else formats.money(amount, currency)
                    for amount in column.astype(float)
                ]
                for name, column in amounts.items()
            },
        }
    )
    shown.attrs = rows.attrs
    columns = {"site": t("column.site"), **{name: t(f"labor.{name}") for name in shown.columns[1:]}}
    components.table("labor_levers", shown, columns, height=560)


def _reconciliation(scope: Scope) -> None:
    """Whether what is shown is what was booked."""
    first, last = scope.trend_range
    components.section(t("cost.reconciliation"), t("cost.reconciliation_grain"), scope, ("site",))
    parameters = (scope.site_id, scope.site_id, first, last)
    counts = scope.read(queries.cost.RECONCILED, parameters).iloc[0]
    if not counts["row_count"]:
        components.nothing(scope, FEEDS)
        return
    said = [
        t(
            "cost.reconciled",
            count=formats.count(counts["reconciled_count"]),
            total=formats.count(counts["row_count"]),
        )
    ]
    if counts["books_count"]:
        said.append(
            t(
                "cost.reconciled_books",
                count=formats.count(counts["reconciled_with_books_count"]),
                total=formats.count(counts["books_count"]),
            )
        )
    if counts["unpriced_count"]:
        said.append(t("cost.unpriced", count=formats.count(counts["unpriced_count"])))
    st.markdown(formats.plain(" ".join(said)))
    rows = scope.read(queries.cost.UNRECONCILED, parameters)
    if rows.empty:
        return
    currency = scope.company.currency
    amounts = {
        "ledger": "ledger_amount",
        "books": "delivered_ledger_amount",
        "books_difference": "delivered_difference_amount",
        "carried": "allocated_amount",
        "calls": "call_without_ticket_amount",
        "left": "unallocated_amount",
        "difference": "difference_amount",
    }
    shown = pd.DataFrame(
        {
            "month": rows["month_start_date"].dt.strftime("%Y-%m"),
            "site": [named("site", site) for site in rows["site_name"]],
            "component": [named("component", component) for component in rows["component"]],
            **{
                name: [formats.money(amount, currency) for amount in rows[column].astype(float)]
                for name, column in amounts.items()
            },
            "unpriced": rows["unpriced_count"],
        }
    )
    columns = {
        "month": t("column.month"),
        "site": t("column.site"),
        "component": t("column.component"),
        "books_difference": t("column.books_difference"),
        **{name: t(f"column.{name}") for name in ("ledger", "books", "carried")},
        "calls": t("column.calls_without_ticket"),
        "left": t("cost.left"),
        "difference": t("column.difference"),
        "unpriced": t("column.unpriced"),
    }
    shown.attrs = rows.attrs
    components.table("reconciliation", shown, columns)
