"""Rows of the hand-made file about what stock and network could be: four sites, three cities, two of them far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

Rows = Iterator[dict[str, Any]]
Period = tuple[str, date, date]

# City → (latitude, longitude, requests, visits, kilometres to s1 … s4 and to each city itself, within reach of).
CITIES = {
    "上海": (31.2, 121.5, 100, 80, {"s1": 5.0, "s2": 1060.0, "s3": 1200.0, "s4": 1660.0}, ("s1", "上海")),
    "镇江": (32.2, 119.4, 40, 30, {"s1": 220.0, "s2": 890.0, "s3": 1150.0, "s4": 1450.0}, ("镇江",)),
    "绵阳": (31.5, 104.7, 30, 25, {"s1": 1600.0, "s2": 1410.0, "s3": 1250.0, "s4": 115.0}, ("绵阳",)),
}
_BETWEEN = {
    frozenset(("上海", "镇江")): 225.0,
    frozenset(("上海", "绵阳")): 1590.0,
    frozenset(("镇江", "绵阳")): 1390.0,
}
REGION = "华东"


def place_of(city: str) -> str:
    """The id of a city as a place for a site."""
    return f"city {REGION}/{city}"


def demand_places() -> Rows:
    """Each city with its nearest site."""
    for city, (latitude, longitude, tickets, visits, km, reached) in CITIES.items():
        site = min(km, key=lambda one: km[one])
        yield {
            "region": REGION, "city": city, "place_id": place_of(city), "latitude": latitude, "longitude": longitude,
            "nearest_site_id": site, "nearest_site_km": km[site], "customer_count": tickets, "ticket_count": tickets,
            "visit_count": visits, "covered_count": tickets if site in reached else 0, "travel_km": visits * km[site],
            "is_told": True,
        }  # fmt: skip


def demand_distances() -> Rows:
    """Each city with its way to each site and city."""
    for city, (_, _, tickets, visits, km, _) in CITIES.items():
        ways = {f"site {site}": (way, site) for site, way in km.items()}
        ways |= {place_of(other): (_BETWEEN.get(frozenset((city, other)), 4.0), None) for other in CITIES}
        for place, (way, site) in ways.items():
            yield {
                "region": REGION, "city": city, "place_id": place, "place_kind": "site" if site else "city",
                "site_id": site, "ticket_count": tickets, "visit_count": visits, "mean_km": way,
                "within_50km_count": tickets if way <= 50 else 0,
            }  # fmt: skip


def demand_reach() -> Rows:
    """What reaches each city."""
    for city, (_, _, tickets, _, _, reached) in CITIES.items():
        places = sorted(place_of(one) if one in CITIES else f"site {one}" for one in reached)
        yield {"region": REGION, "city": city, "reached_from": "|".join(places), "ticket_count": tickets}


def travel_by_distance() -> Rows:
    """Fewer promises kept farther away, and what a kilometre costs."""
    shares = (None, 0.95, 0.95, 0.9, 0.9, 0.7)
    names = ("all", "0_to_10_km", "10_to_25_km", "25_to_50_km", "50_to_100_km", "over_100_km")
    for number, (name, share) in enumerate(zip(names, shares, strict=True)):
        yield {
            "distance_band": name, "band_number": number, "visit_count": 60, "mean_km": 20.0 * number,
            "travel_mean_minutes": 30.0, "judged_count": 50, "met_count": 45, "met_share": share,
            "is_associated": None if number else True, "transport_amount": None if number else 9000,
            "amount_per_km": None if number else 1.2,
        }  # fmt: skip


def frontier(sites: list[str]) -> Rows:
    """A curve with today's point right of it."""
    for site in ("all", *sites):
        for number, (kind, fill, amount) in enumerate(
            (("today", 0.9, 60000.0), ("same_fill", 0.9, 20000.0), ("same_amount", 0.99, 59000.0),
             ("target", 0.95, 26000.0), ("level", 0.5, 5000.0), ("level", 0.8, 12000.0), ("level", 0.97, 31000.0))
        ):  # fmt: skip
            yield {
                "site_id": site, "point_number": number, "point_kind": kind,
                "segment": "all" if site == "all" else "site", "fill_level": fill, "fill_rate": fill,
                "stock_amount": amount, "level_quantity": 40, "demand_quantity": 300.0, "item_count": 20,
                "left_out_item_count": 1, "idle_amount": 4000.0,
            }  # fmt: skip


def base_stock(sites: list[str], parts: dict[str, str]) -> Rows:
    """Each part at each site: one to raise, the others to lower."""
    for site in sites:
        for number, (part, name) in enumerate(parts.items()):
            yield {
                "site_id": site, "part_id": part, "part_name": name, "unit_cost_amount": 200, "week_count": 52,
                "demand_quantity": 30, "dispersion_ratio": 1.0, "demand_distribution": "poisson",
                "lead_time_basis": "part", "order_count": 12, "lead_time_days": 6.5, "pipeline_quantity": 0.5,
                "count_count": 52, "on_hand_mean_quantity": 0.4 if number == 0 else 9.0, "ready_share": 0.4,
                "target_level_quantity": 3, "target_level_low_quantity": 2, "target_level_high_quantity": 4,
                "target_fill_rate": 0.98, "target_on_hand_quantity": 2.5,
                "advice": "raise" if number == 0 else "lower", "change_amount": 420.0 if number == 0 else -1300.0,
            }  # fmt: skip


def visits_lost(periods: list[Period], sites: list[str], parts: dict[str, str]) -> Rows:
    """The company, each site, of which the last stands out, and each part."""
    for grain, start, _ in periods:
        if grain not in ("quarter", "year"):
            continue
        for site in ("all", *sites):
            for part, name in ({"all": None} | parts).items():
                yield {
                    "period_grain": grain, "period_start_date": start,
                    "segment": ("all" if part == "all" else "part") if site == "all"
                    else ("site" if part == "all" else "site_and_part"),
                    "site_id": site, "part_id": part, "part_name": name, "visit_count": 60, "lost_visit_count": 9,
                    "lost_share": 0.15, "lost_share_low": 0.08, "lost_share_high": 0.26, "expected_visit_count": 3.0,
                    "chance": 0.0001, "long_wait_visit_count": 2, "long_wait_chance": 0.3,
                    "standing_out_by": "more_often" if site == sites[-1] and part == "all" else "nothing",
                    "is_standing_out": site == sites[-1] and part == "all", "repeat_visit_count": 9,
                    "wait_mean_seconds": 400000.0, "costed_visit_count": 9, "repeat_amount": 1800,
                }  # fmt: skip
