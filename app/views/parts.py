"""Parts: are they there when needed, what does a missing one cost, what stock does it take, what moved the spend."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, queries, stock_plans, trust
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("part_lines", "part_stock")
# Visits tell what was missing, where nobody delivers what was asked for and what is on the shelves.
VISIT_FEEDS = ("visits",)
_FEWEST_LINES = 5
_MOST_PARTS = 15


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.parts"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.PART_CARDS if kpi_id in histories])
    if scope.connected_feeds.isdisjoint((*FEEDS, *VISIT_FEEDS)):
        components.nothing(scope, FEEDS)
        return
    _parts(scope, kpis.read_months(scope))
    st.divider()
    stock_plans.lost_visits(scope, *scope.quarter_or_year)
    st.divider()
    stock_plans.stock(scope)
    st.divider()
    components.kpi_by_site_choice(scope, histories, kpis.PARTS_BY_SITE)
    if scope.is_whole_company:
        _levers(scope)


def _parts(scope: Scope, months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("parts.trend"), t("parts.trend_grain"))
        components.kpi_trend(scope, months, kpis.PART_SHARES, t("parts.trend"), FEEDS)
    with right:
        _lost_visits(scope)
    month = scope.last_month
    components.section(t("parts.each"), t("parts.each_grain", month=month.name), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.PART_SHARES[:1])):
        return
    segment = "part" if scope.site_id == ALL else "site_and_part"
    rows = scope.read(queries.parts.PARTS, (month.start, segment, scope.site_id))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        _fill_rates(rows[rows["fill_rate"].notna()].head(_MOST_PARTS))
    with right:
        _part_table(scope, rows)


def _lost_visits(scope: Scope) -> None:
    """Visits that ended for want of a part, and those they made necessary, site by site."""
    month = scope.last_month
    components.section(t("parts.lost"), t("parts.lost_grain", month=month.name), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.VISITS_LOST)):
        return
    rows = scope.read(queries.parts.SITE_VISITS, (month.start, scope.site_id, scope.site_id)).head(_MOST_PARTS)
    if rows.empty:
        st.caption(t("parts.none_lost"))
        return
    bars = pd.DataFrame(
        {
            "name": [named("site", site) for site in rows["site_name"]],
            "value": rows["lost_visit_count"],
            "label": [
                t("kpi.fraction", numerator=formats.count(lost), denominator=formats.count(visits))
                for lost, visits in zip(rows["lost_visit_count"], rows["corrective_visit_count"], strict=True)
            ],
            "shown": [
                t(
                    "parts.lost_of",
                    lost=formats.count(row.lost_visit_count),
                    visits=formats.count(row.corrective_visit_count),
                    again=formats.count(row.repeat_visit_count),
                )
                for row in rows.itertuples()
            ],
        }
    )
    charts.draw(charts.bars(bars, t("column.lost_visits"), labels="label"), t("parts.lost"))


def _fill_rates(rows: pd.DataFrame) -> None:
    """The parts that are worst filled."""
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    points = pd.DataFrame(
        {
            "name": [named("part", name) for name in rows["part_name"]],
            "value": rows["fill_rate"],
            "low": rows["fill_rate_low"],
            "high": rows["fill_rate_high"],
            "shown": rows["fill_rate"].map(formats.share),
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["fill_rate_low"], rows["fill_rate_high"], strict=True)
            ],
            "sample": rows["judged_line_count"].map(formats.count),
            "status": "no_target",
            "is_enough": rows["judged_line_count"] >= _FEWEST_LINES,
        }
    )
    charts.draw(charts.intervals(points, t("column.fill_rate"), is_share=True), t("parts.each"))


def _part_table(scope: Scope, rows: pd.DataFrame) -> None:
    shown = pd.DataFrame(
        {
            "part": [named("part", name) for name in rows["part_name"]],
            "lines": rows["line_count"],
            "filled": [
                t("kpi.fraction", numerator=formats.count(filled), denominator=formats.count(judged))
                for filled, judged in zip(rows["filled_line_count"], rows["judged_line_count"], strict=True)
            ],
            "delivery": rows["delivery_mean_seconds"].map(formats.duration),
            "sufficient": rows["sufficiency_share"].map(formats.share),
            "cover": [formats.decimals(days, 0) for days in rows["cover_days"]],
            "on_hand": rows["last_on_hand_quantity"].astype(float),
            "amount": [
                formats.money(amount, scope.company.currency) for amount in rows["last_on_hand_amount"].astype(float)
            ],
            "id": rows["part_id"],
        }
    )
    columns = {
        "part": t("column.part"),
        "lines": t("column.part_lines"),
        "filled": t("column.filled"),
        "delivery": t("column.delivery_mean"),
        "sufficient": t("column.sufficient"),
        "cover": t("column.cover_days"),
        "on_hand": t("column.on_hand"),
        "amount": t("column.on_hand_amount"),
        "id": t("column.part_id"),
    }
    shown.attrs = rows.attrs
    components.table("parts", shown, columns)


def _levers(scope: Scope) -> None:
    """The parts of which spend changed most, split into pieces, price and recovery."""
    month = scope.last_month
    components.section(t("parts.levers"), t("parts.levers_grain", month=month.name), scope)
    rows = scope.read(queries.parts.PART_LEVERS, (month.start,))
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    currency = scope.company.currency
    shown = pd.DataFrame(
        {
            "part": [named("part", name) for name in rows["part_name"]],
            "kind": [named("component", kind) for kind in rows["part_kind"]],
            "spend": [formats.money(amount, currency) for amount in rows["spend_amount"].astype(float)],
            "before": [formats.money(amount, currency) for amount in rows["previous_spend_amount"].astype(float)],
            **{
                effect: [
                    formats.signed_money(amount, currency)
                    for amount in rows[f"previous_{effect}_effect_amount"].astype(float)
                ]
                for effect in ("quantity", "price", "recovery")
            },
            "ratio": [formats.decimals(ratio) for ratio in rows["previous_price_ratio"]],
        }
    )
    columns = {
        "part": t("column.part"),
        "kind": t("column.component"),
        "spend": t("column.spend"),
        "before": t("column.spend_before"),
        "quantity": t("column.quantity_effect"),
        "price": t("column.price_effect"),
        "recovery": t("column.recovery_effect"),
        "ratio": t("column.price_ratio"),
    }
    shown.attrs = rows.attrs
    components.table("part_levers", shown, columns)
