"""Parts and network: where the sites are and what they carry, whom they reach, and which parts are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, network_plans, queries, stock_plans, trust
from app.scope import ALL, Scope
from app.words import named, t

FEEDS = ("tickets",)
PART_FEEDS = ("part_lines", "part_stock")
_FEWEST_LINES = 5
_MOST_PARTS = 15
# About the length of a name on the map.
_LABEL_DEGREES = 2.5


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.network"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.NETWORK_CARDS if kpi_id in histories])
    if scope.connected_feeds.isdisjoint((*FEEDS, *PART_FEEDS)):
        components.nothing(scope, FEEDS)
        return
    months = kpis.read_months(scope)
    _sites(scope)
    st.divider()
    _reach(scope, months)
    st.divider()
    network_plans.network(scope)
    st.divider()
    _parts(scope, months)
    st.divider()
    stock_plans.lost_visits(scope, *layout_period(scope))
    st.divider()
    stock_plans.stock(scope)
    st.divider()
    components.kpi_by_site_choice(scope, histories, kpis.NETWORK_BY_SITE)
    if scope.is_whole_company:
        _levers(scope)


def layout_period(scope: Scope) -> tuple[str, date]:
    """The quarter or year that the layout of sites is published for and that the chosen period lies in."""
    month = scope.last_month.start
    if scope.period.grain in ("month", "quarter"):
        return "quarter", date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
    return "year", date(month.year, 1, 1)


def _sites(scope: Scope) -> None:
    grain, start = layout_period(scope)
    rows = scope.read(queries.network.SITE_LAYOUT, (grain, start, scope.site_id, scope.site_id))
    left, right = st.columns([2, 3], gap="large")
    period = formats.period(grain, start)
    with left:
        components.section(t("network.map"), t("network.map_grain", period=period), scope, ("site",))
        located = rows[rows["latitude"].notna() & rows["longitude"].notna() & (rows["site_kind"] != "hotline")]
        if located.empty:
            components.nothing(scope, FEEDS)
        else:
            _map(located)
    with right:
        components.section(t("network.sites"), t("network.sites_grain", period=period), scope, ("site",))
        if rows.empty:
            components.nothing(scope, FEEDS)
        else:
            _site_table(scope, rows)


def _map(rows: pd.DataFrame) -> None:
    is_named = _apart(rows)
    points = pd.DataFrame(
        {
            "name": [named("site", site) for site in rows["site_name"]],
            "city": [named("city", city) for city in rows["city"]],
            "label": [named("city", city) if shown else "" for city, shown in zip(rows["city"], is_named, strict=True)],
            "longitude": rows["longitude"],
            "latitude": rows["latitude"],
            "size": rows["ticket_count"],
            "colour": rows["load_ratio"].fillna(1.0),
            "shown": [formats.decimals(ratio) for ratio in rows["load_ratio"]],
            "sample": rows["ticket_count"].map(formats.count),
        }
    )
    charts.draw(charts.places(points, t("column.tickets"), t("column.load_ratio")), t("network.map"))


def _apart(rows: pd.DataFrame) -> list[bool]:
    """Which points have room for their name: the largest first, none beside one that is named."""
    named_at: list[tuple[float, float]] = []
    found = []
    for longitude, latitude in zip(rows["longitude"], rows["latitude"], strict=True):
        has_room = all(abs(longitude - x) > _LABEL_DEGREES or abs(latitude - y) > 1 for x, y in named_at)
        if has_room:
            named_at.append((longitude, latitude))
        found.append(has_room)
    return found


def _site_table(scope: Scope, rows: pd.DataFrame) -> None:
    shown = pd.DataFrame(
        {
            "site": [named("site", site) for site in rows["site_name"]],
            "kind": [named("site_kind", kind) for kind in rows["site_kind"]],
            "tickets": rows["ticket_count"],
            "visits": rows["visit_count"],
            "travel": (rows["travel_mean_minutes"] * 60).map(formats.duration),
            "load": [formats.decimals(ratio) for ratio in rows["load_ratio"]],
            "cost": [formats.money(amount, scope.company.currency) for amount in rows["cost_per_ticket"]],
            "cost_ratio": [formats.decimals(ratio) for ratio in rows["cost_ratio"]],
        }
    )
    columns = {
        "site": t("column.site"),
        "kind": t("column.site_kind"),
        "tickets": t("column.tickets"),
        "visits": t("column.visits"),
        "travel": t("column.travel"),
        "load": t("column.load_ratio"),
        "cost": t("column.cost_per_ticket"),
        "cost_ratio": t("column.cost_ratio"),
    }
    shown.attrs = rows.attrs
    components.table("sites", shown, columns, height=460)


def _reach(scope: Scope, months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("network.coverage"), t("network.coverage_grain"))
        components.kpi_trend(scope, months, kpis.COVERAGE, t("network.coverage"), FEEDS)
    with right:
        month = scope.last_month
        components.section(t("network.regions"), t("network.regions_grain", month=month.name), scope)
        if not scope.is_whole_company:
            components.withheld("door.no_site_regions")
            return
        if trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.COVERAGE)):
            network_plans.radii(scope)
            _regions(scope, scope.read(queries.network.COVERAGE, (month.start,)))
    components.section(t("network.out_of_reach"), t("network.out_of_reach_grain"), scope)
    rows = scope.read(queries.network.OUT_OF_REACH)
    if rows.empty:
        st.caption(t("network.all_in_reach"))
        return
    shown = pd.DataFrame(
        {
            "city": [named("city", city) for city in rows["city"]],
            "region": [named("region", region) for region in rows["region"]],
            "tickets": rows["ticket_count"],
            "out": rows["out_of_reach_count"],
            "nearest": [named("site", site) for site in rows["site_name"]],
            "km": rows["nearest_site_km"],
            "gained": rows["gained_count"],
            "cities": rows["gained_city_count"],
            "share": rows["gained_share"].map(formats.share),
        }
    )
    columns = {
        "city": t("column.city"),
        "region": t("column.region"),
        "tickets": t("column.tickets"),
        "out": t("column.out_of_reach"),
        "nearest": t("column.nearest_site"),
        "km": t("column.nearest_km"),
        "gained": t("column.gained"),
        "cities": t("column.gained_cities"),
        "share": t("column.gained_share"),
    }
    shown.attrs = rows.attrs
    components.table("demand_out_of_reach", shown, columns)


def _regions(scope: Scope, rows: pd.DataFrame) -> None:
    if rows.empty:
        components.nothing(scope, FEEDS)
        return
    points = pd.DataFrame(
        {
            "name": [named("region", region) for region in rows["region"]],
            "value": rows["within_50km_share"],
            "low": rows["within_50km_low"],
            "high": rows["within_50km_high"],
            "shown": rows["within_50km_share"].map(formats.share),
            "interval": [
                f"{formats.share(low)} … {formats.share(high)}"
                for low, high in zip(rows["within_50km_low"], rows["within_50km_high"], strict=True)
            ],
            "sample": rows["ticket_count"].map(formats.count),
            "status": "no_target",
            "is_enough": True,
        }
    )
    charts.draw(charts.intervals(points, t("column.share"), is_share=True), t("network.regions"))


def _parts(scope: Scope, months: Mapping[str, kpis.History]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        components.section(t("network.parts_trend"), t("network.parts_trend_grain"))
        components.kpi_trend(scope, months, kpis.PART_SHARES, t("network.parts_trend"), PART_FEEDS)
    with right:
        _lost_visits(scope)
    month = scope.last_month
    components.section(t("network.parts"), t("network.parts_grain", month=month.name), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.PART_SHARES[:1])):
        return
    segment = "part" if scope.site_id == ALL else "site_and_part"
    rows = scope.read(queries.network.PARTS, (month.start, segment, scope.site_id))
    if rows.empty:
        components.nothing(scope, PART_FEEDS)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        _fill_rates(rows[rows["fill_rate"].notna()].head(_MOST_PARTS))
    with right:
        _part_table(scope, rows)


def _lost_visits(scope: Scope) -> None:
    """Visits that ended for want of a part, and those they made necessary, site by site."""
    month = scope.last_month
    components.section(t("network.lost"), t("network.lost_grain", month=month.name), scope, ("site",))
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.VISITS_LOST)):
        return
    rows = scope.read(queries.network.SITE_VISITS, (month.start, scope.site_id, scope.site_id)).head(_MOST_PARTS)
    if rows.empty:
        st.caption(t("network.none_lost"))
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
                    "network.lost_of",
                    lost=formats.count(row.lost_visit_count),
                    visits=formats.count(row.corrective_visit_count),
                    again=formats.count(row.repeat_visit_count),
                )
                for row in rows.itertuples()
            ],
        }
    )
    charts.draw(charts.bars(bars, t("column.lost_visits"), labels="label"), t("network.lost"))


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
    charts.draw(charts.intervals(points, t("column.fill_rate"), is_share=True), t("network.parts"))


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
    components.section(t("network.levers"), t("network.levers_grain", month=month.name), scope)
    rows = scope.read(queries.network.PART_LEVERS, (month.start,))
    if rows.empty:
        components.nothing(scope, PART_FEEDS)
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
