"""What the network could be, as a part of the page of the network: scenarios, computed when asked for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import charts, components, formats, kpis, queries, scenarios, trust, url_state
from app.scenarios import REACH, TRAVEL, Network, Outcome, Promises
from app.scope import Scope
from app.words import named, t

_FEEDS = ("tickets", "customers")
_PLANS = ("best", "add", "close", "move")
_AIMS = (REACH, TRAVEL)
_COUNTS = ("1", "2", "3")
_MOST_CITIES = 10


def radii(scope: Scope) -> None:
    """What lies within each radius, in a sentence."""
    month = scope.last_month
    rows = scope.read(queries.plans.RADII, (month.start,))
    if not rows.empty:
        near, middle, far = (formats.share(share) for share in rows.iloc[0])
        st.markdown(formats.plain(t("plans.radii", month=month.name, near=near, middle=middle, far=far)))


def network(scope: Scope) -> None:
    """What another site, one less or one elsewhere would change."""
    components.section(t("plans.network"), t("plans.network_grain"), scope)
    if not scope.is_whole_company:
        components.withheld("door.no_site_plans")
        return
    if not trust.show(scope, kpis.names_of(kpis.read_kpis(scope), kpis.COVERAGE)):
        return
    places = scope.read(queries.plans.PLACES)
    found = scenarios.read_network(places, scope.read(queries.plans.DISTANCES), scope.read(queries.plans.REACH))
    if found is None or len(found.today) < 2 or not found.candidates:
        components.nothing(scope, _FEEDS)
        return
    sites = scope.read(queries.plans.OPEN_SITES)
    names = _names(places, sites)
    opened, aim = _chosen(found, names)
    before, after = scenarios.outcome(found, found.today), scenarios.outcome(found, opened)
    travel = scope.read(queries.plans.TRAVEL)
    per_km = float(travel["amount_per_km"].iloc[0]) if len(travel) else float("nan")
    kept = scenarios.promises_change(found, _promises(travel), before, after)
    st.markdown(formats.plain(_sentence(scope, _moved(found, opened, names), before, after, per_km)))
    left, right = st.columns(2, gap="large")
    with left:
        _map(t("plans.map_today"), found, places, sites, found.today)
    with right:
        _map(t("plans.map_then"), found, places, sites, opened)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _comparison(scope, before, after, kept, per_km)
        st.caption(t("plans.promise_unknown" if kept is None else "plans.promise_known"))
    with right:
        _best_cities(scope, found, before, names, aim, per_km)


def _names(places: pd.DataFrame, sites: pd.DataFrame) -> dict[str, str]:
    """What each place is called."""
    cities = places[places["place_id"].notna()]
    return {
        **{
            f"site {site}": named("site", name) for site, name in zip(sites["site_id"], sites["site_name"], strict=True)
        },
        **{place: named("city", city) for place, city in zip(cities["place_id"], cities["city"], strict=True)},
    }


def _chosen(found: Network, names: dict[str, str]) -> tuple[frozenset[str], str]:
    """The places of the scenario that the visitor picks, and what is to be best."""

    def name_of(place: str) -> str:
        return names.get(place, place)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan = url_state.pick("plan", t("plans.plan"), _PLANS, _PLANS[0], lambda it: t(f"plan.{it}"), "segments")
        aim = url_state.pick("aim", t("plans.aim"), _AIMS, REACH, lambda it: t(f"aim.{it}"), "segments")
    today = found.today
    if plan == "best":
        counts = [count for count in _COUNTS if int(count) <= len(found.candidates)]
        count = url_state.pick("more", t("plans.more"), counts, counts[0], str, "segments")
        return today | set(scenarios.best_additions(found, aim, int(count))), aim
    # What is best, or missed least, stands first.
    sites = [site for site, _ in scenarios.ranked_closures(found, aim)]
    cities = [city for city, _ in scenarios.ranked_additions(found, aim)]
    closing, opening = scenarios.best_move(found, aim) if plan == "move" else (sites[0], cities[0])
    opened = today
    left, right = st.columns(2)
    if plan in ("close", "move"):
        with left:
            opened -= {url_state.pick("closing", t("plans.closing"), sites, closing, name_of)}
    if plan in ("add", "move"):
        with right if plan == "move" else left:
            opened |= {url_state.pick("place", t("plans.place"), cities, opening, name_of)}
    return opened, aim


def _moved(found: Network, opened: frozenset[str], names: dict[str, str]) -> str:
    """What is done, in words."""
    separator = t("list.separator")
    new = separator.join(names.get(place, place) for place in sorted(opened - found.today))
    closed = separator.join(names.get(place, place) for place in sorted(found.today - opened))
    if new and closed:
        return t("plans.done_move", closed=closed, new=new)
    return t("plans.done_close", closed=closed) if closed else t("plans.done_add", new=new)


def _promises(travel: pd.DataFrame) -> Promises:
    """Promises kept by distance, from the rows of the mart."""
    shares = dict(zip(travel["band_number"], travel["met_share"], strict=True))
    bands = range(1, len(scenarios.BAND_ENDS) + 2)
    found = [shares.get(band) for band in bands]
    return Promises(
        tuple(None if share is None or formats.is_missing(share) else float(share) for share in found),
        bool(len(travel)) and travel["is_associated"].iloc[0] is not pd.NA and bool(travel["is_associated"].iloc[0]),
    )


def _sentence(scope: Scope, done: str, before: Outcome, after: Outcome, per_km: float) -> str:
    """What the scenario changes, in a sentence or two."""
    said = t(
        "plans.result",
        done=done,
        covered=_signed_count(after.covered_count - before.covered_count),
        before=formats.share(before.covered_share),
        after=formats.share(after.covered_share),
        km=_signed_count(after.travel_km - before.travel_km),
        share=_signed_share((after.travel_km - before.travel_km) / before.travel_km if before.travel_km else 0.0),
    )
    if formats.is_missing(per_km):
        return said
    change = (after.travel_km - before.travel_km) * per_km
    return f"{said} {t('plans.result_cost', amount=formats.signed_money(change, scope.company.currency))}"


def _signed_count(change: float) -> str:
    return f"{'+' if change > 0 else ''}{formats.count(round(change))}"


def _signed_share(change: float) -> str:
    return f"{'+' if change > 0 else ''}{formats.share(change)}"


def _comparison(scope: Scope, before: Outcome, after: Outcome, kept: float | None, per_km: float) -> None:
    """Today, the scenario, and what lies between them."""
    currency = scope.company.currency
    rows = [
        (
            t("plans.row_covered"),
            formats.share(before.covered_share),
            formats.share(after.covered_share),
            _signed_count(after.covered_count - before.covered_count),
        ),
        (
            t("plans.row_km"),
            formats.count(before.travel_km),
            formats.count(after.travel_km),
            _signed_count(after.travel_km - before.travel_km),
        ),
        (
            t("plans.row_mean_km"),
            formats.decimals(before.mean_km, 1),
            formats.decimals(after.mean_km, 1),
            _signed_decimals(after.mean_km - before.mean_km),
        ),
    ]
    if not formats.is_missing(per_km):
        costs = before.travel_km * per_km, after.travel_km * per_km
        rows.append(
            (
                t("plans.row_cost"),
                formats.money(costs[0], currency),
                formats.money(costs[1], currency),
                formats.signed_money(costs[1] - costs[0], currency),
            )
        )
    if kept is not None:
        rows.append((t("plans.row_kept"), "", "", _signed_decimals(kept)))
    shown = pd.DataFrame(rows, columns=["what", "today", "then", "change"])
    columns = {
        "what": t("column.compared"),
        "today": t("column.today"),
        "then": t("column.scenario"),
        "change": t("column.change"),
    }
    components.table("network_scenario", shown, columns)


def _signed_decimals(change: float) -> str:
    return f"{'+' if round(change, 1) > 0 else ''}{formats.decimals(change, 1)}"


def _map(title: str, found: Network, places: pd.DataFrame, sites: pd.DataFrame, opened: frozenset[str]) -> None:
    """Demand and the sites of a network, new and closed ones told apart."""
    cities = places[places["place_id"].notna()]
    demand = pd.DataFrame(
        {
            "kind": "demand",
            "name": [named("city", city) for city in cities["city"]],
            "label": "",
            "longitude": cities["longitude"],
            "latitude": cities["latitude"],
            "size": cities["ticket_count"],
            "shown": cities["ticket_count"].map(formats.count),
        }
    )
    new = cities[cities["place_id"].isin(opened - found.today)]
    at_site = sites[[f"site {site}" in found.today for site in sites["site_id"]]]
    points = pd.DataFrame(
        {
            "kind": [
                *("site" if f"site {site}" in opened else "closed" for site in at_site["site_id"]),
                *("new" for _ in range(len(new))),
            ],
            "name": [
                *(named("site", name) for name in at_site["site_name"]),
                *(named("city", city) for city in new["city"]),
            ],
            "longitude": [*at_site["longitude"], *new["longitude"]],
            "latitude": [*at_site["latitude"], *new["latitude"]],
            "size": 0,
            "shown": "",
        }
    )
    points["label"] = points["name"].where(points["kind"] != "site", "")
    kinds = {kind: t(f"map_kind.{kind}") for kind in ("demand", "site", "new", "closed")}
    st.subheader(title, anchor=False)
    charts.draw(charts.network(pd.concat([demand, points], ignore_index=True), t("column.tickets"), kinds), title)


def _best_cities(scope: Scope, found: Network, before: Outcome, names: dict[str, str], aim: str, per_km: float) -> None:
    """The cities in which one more site would bring most."""
    ranked = scenarios.ranked_additions(found, aim)[:_MOST_CITIES]
    currency = scope.company.currency
    shown = pd.DataFrame(
        {
            "city": [names.get(place, place) for place, _ in ranked],
            "gained": [after.covered_count - before.covered_count for _, after in ranked],
            "share": [formats.share(after.covered_share) for _, after in ranked],
            "km": [round(after.travel_km - before.travel_km) for _, after in ranked],
            "amount": [
                formats.signed_money((after.travel_km - before.travel_km) * per_km, currency) for _, after in ranked
            ],
        }
    )
    columns = {
        "city": t("plans.one_more"),
        "gained": t("column.gained"),
        "share": t("column.covered_then"),
        "km": t("column.km_change"),
        "amount": t("column.cost_change"),
    }
    components.table("next_site", shown, columns)
