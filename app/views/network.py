"""Network: where the sites are and what they carry, whom they reach, and what another site would change."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app import cards, charts, components, formats, kpis, network_plans, queries, trust
from app.scope import Scope
from app.words import named, t

FEEDS = ("tickets",)
# About the length of a name on the map.
_LABEL_DEGREES = 2.5


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.network"))
    histories = kpis.read_histories(scope)
    cards.kpi_cards(scope, [histories[kpi_id] for kpi_id in kpis.NETWORK_CARDS if kpi_id in histories])
    if scope.connected_feeds.isdisjoint(FEEDS):
        components.nothing(scope, FEEDS)
        return
    _sites(scope)
    st.divider()
    _reach(scope, kpis.read_months(scope))
    st.divider()
    network_plans.network(scope)


def _sites(scope: Scope) -> None:
    grain, start = scope.quarter_or_year
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
