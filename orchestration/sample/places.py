"""Where customers live: around the middle of their city, most of them nearer than a dozen kilometres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import Flags, Floats
from orchestration.sample.company import Company
from orchestration.sample.randoms import chance, stream
from orchestration.sample.tickets import Service, take
from orchestration.sample.true_kpis import Tree, share

COVERAGE_KM = 50.0
_DEGREES_PER_KM = 1 / 111.2
_SPREAD_KM = 9.0
_UNKNOWN_SHARE = 0.06
_EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Places:
    """One element per customer: degrees, and whether the CRM knows them."""

    latitude: Floats
    longitude: Floats
    is_known: Flags


def settle_customers(seed: int, company: Company) -> Places:
    """Draw a place for each customer from a stream of its own."""
    rng = stream(seed, "places")
    cities = company.customers.city.tolist()
    middle = np.array([words.CITY_PLACES[city] for city in cities], dtype=np.float64)
    away = rng.normal(0.0, _SPREAD_KM * _DEGREES_PER_KM, (len(cities), 2))
    latitude = middle[:, 0] + away[:, 0]
    longitude = middle[:, 1] + away[:, 1] / np.cos(np.radians(middle[:, 0]))
    return Places(
        latitude=np.round(latitude, 5),
        longitude=np.round(longitude, 5),
        is_known=~chance(rng, _UNKNOWN_SHARE, len(cities)),
    )


def reach(places: Places, service: Service, radius_km: float) -> Tree:
    """Requests, merged ones left out, of customers whose place the CRM knows, and how many lie within the radius of a
    site; hotlines go nowhere."""
    near = np.zeros(len(places.latitude), dtype=np.bool_)
    for index, site in enumerate(words.SITES):
        if index != words.HOTLINE:
            near |= _distance(places, site.latitude, site.longitude) <= radius_km
    tickets = take(service.tickets, np.arange(service.delivered))
    asked = tickets.customer[tickets.exit != words.MERGED]
    asked = asked[places.is_known[asked]]
    return {
        "radius_km": radius_km,
        "requests_with_known_place": len(asked),
        "within_radius": int(near[asked].sum()),
        "share": share(near[asked]),
    }


def _distance(places: Places, latitude: float, longitude: float) -> Floats:
    here, there = np.radians(places.latitude), np.radians(latitude)
    half = np.sin((here - there) / 2) ** 2
    half += np.cos(here) * np.cos(there) * np.sin(np.radians(places.longitude - longitude) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(half)), dtype=np.float64)
