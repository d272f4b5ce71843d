"""What the network would be with another site, without one, or with one elsewhere: scenarios, not metrics.

Everything is computed from three published marts: the cities' demand, their ways to each place, and which places reach
which customers within 50 km. The base case is what these marts say of today; a scenario is the same sum over other
places. Each visit is taken to be made from the open place that is nearest to its city.

One site more is the best of all there are, by trying each. Several are found greedily and then by exchange, one place
for another as long as that is better (M. B. Teitz and P. Bart 1968, "Heuristic methods for estimating the generalized
vertex median", Operations Research 16): near to, not always, the best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

TRAVEL, REACH = AIMS = ("travel", "reach")
# The bands of agg_travel_by_distance, by the kilometres at which they end.
BAND_ENDS: Final = (10.0, 25.0, 50.0, 100.0)
_SEPARATOR = "|"
_MOST_EXCHANGES = 100

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """Cities with demand, and places that a site stands or could stand at.

    places: their ids in order; is_site: which of them are sites today. km: cities × places, infinite where unknown.
    reaches: sets of customers × places; reach_tickets: their requests.
    """

    cities: tuple[tuple[str, str], ...]
    tickets: Floats
    visits: Floats
    places: tuple[str, ...]
    is_site: Flags
    km: Floats
    reaches: Flags
    reach_tickets: Floats

    @property
    def today(self) -> frozenset[str]:
        """The places where sites are open."""
        return frozenset(place for place, is_site in zip(self.places, self.is_site, strict=True) if is_site)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The cities that could have a site."""
        return tuple(place for place, is_site in zip(self.places, self.is_site, strict=True) if not is_site)


@dataclass(frozen=True)
class Outcome:
    """What a set of open places makes of the demand: one way of each visit, from the nearest of them."""

    travel_km: float
    visit_count: int
    covered_count: int
    ticket_count: int
    nearest: tuple[str, ...]
    nearest_km: tuple[float, ...]

    @property
    def covered_share(self) -> float:
        """Requests within 50 km of an open place."""
        return self.covered_count / self.ticket_count if self.ticket_count else 0.0

    @property
    def mean_km(self) -> float:
        """The mean way of a visit."""
        return self.travel_km / self.visit_count if self.visit_count else 0.0


@dataclass(frozen=True)
class Promises:
    """Promises of arrival by distance, as agg_travel_by_distance says: shares kept by band, None where nothing is
    judged, and whether distance has to do with them at all."""

    shares: tuple[float | None, ...]
    is_associated: bool


def read_network(places: pd.DataFrame, distances: pd.DataFrame, reach: pd.DataFrame) -> Network | None:
    """The network of rows of agg_demand_places, agg_demand_distances and agg_demand_reach; None without any place."""
    told = places[places["is_told"].astype(bool)].sort_values(["region", "city"])
    if told.empty or distances.empty:
        return None
    cities = list(zip(told["region"], told["city"], strict=True))
    kinds = dict(zip(distances["place_id"], distances["place_kind"], strict=True))
    ids = sorted(kinds)
    city_at, place_at = {city: at for at, city in enumerate(cities)}, {place: at for at, place in enumerate(ids)}
    km = np.full((len(cities), len(ids)), np.inf)
    rows = [city_at[city] for city in zip(distances["region"], distances["city"], strict=True)]
    km[rows, [place_at[place] for place in distances["place_id"]]] = distances["mean_km"]
    reaches = np.zeros((len(reach), len(ids)), dtype=np.bool_)
    for at, text in enumerate(reach["reached_from"]):
        reaches[at, [place_at[place] for place in text.split(_SEPARATOR) if place]] = True
    return Network(
        cities=tuple(cities),
        tickets=told["ticket_count"].to_numpy(np.float64),
        visits=told["visit_count"].to_numpy(np.float64),
        places=tuple(ids),
        is_site=np.array([kinds[place] == "site" for place in ids]),
        km=km,
        reaches=reaches,
        reach_tickets=reach["ticket_count"].to_numpy(np.float64),
    )


def outcome(network: Network, open_places: frozenset[str]) -> Outcome:
    """What sites at `open_places` make of the demand; ValueError where there is none or one is unknown."""
    columns = _columns(network, open_places)
    km = network.km[:, columns]
    nearest = km.argmin(axis=1)
    shortest = km[np.arange(len(km)), nearest]
    return Outcome(
        travel_km=float(_times(network.visits, shortest).sum()),
        visit_count=int(network.visits.sum()),
        covered_count=int(network.reach_tickets[network.reaches[:, columns].any(axis=1)].sum()),
        ticket_count=int(network.reach_tickets.sum()),
        nearest=tuple(network.places[columns[at]] for at in nearest),
        nearest_km=tuple(float(way) for way in shortest),
    )


def best_additions(network: Network, aim: str, count: int = 1) -> tuple[str, ...]:
    """The `count` cities in which further sites bring most: the least travel (a p-median with today's sites fixed) or
    the most requests within reach (maximal covering); equal ones by the other aim, then by name.

    One is the best of all; several are found greedily, then exchanged one by one as long as that is better.
    """
    if count > len(network.candidates):
        raise ValueError(f"{count} sites are to be added, but there are {len(network.candidates)} cities for them")
    worth = _worth(network, aim)
    chosen: list[str] = []
    for _ in range(count):
        rest = [place for place in network.candidates if place not in chosen]
        chosen.append(max(rest, key=lambda place: worth(network.today | {*chosen, place})))
    for _ in range(_MOST_EXCHANGES if count > 1 else 0):
        swaps = [
            [place if at == gone else kept for at, kept in enumerate(chosen)]
            for gone, place in product(range(count), network.candidates)
            if place not in chosen
        ]
        better = max(swaps, key=lambda swap: worth(network.today | set(swap)), default=chosen)
        if worth(network.today | set(better)) <= worth(network.today | set(chosen)):
            break
        chosen = better
    return tuple(sorted(chosen))


def best_move(network: Network, aim: str) -> tuple[str, str]:
    """The site and the city to which moving it brings most, or costs least."""
    worth = _worth(network, aim)
    moves = product(sorted(network.today), network.candidates)
    return max(moves, key=lambda move: worth(network.today - {move[0]} | {move[1]}))


def ranked_additions(network: Network, aim: str) -> list[tuple[str, Outcome]]:
    """Each city with what one site there makes of the demand, the best first."""
    worth = _worth(network, aim)
    order = sorted(network.candidates, key=lambda place: worth(network.today | {place}), reverse=True)
    return [(place, outcome(network, network.today | {place})) for place in order]


def ranked_closures(network: Network, aim: str) -> list[tuple[str, Outcome]]:
    """Each site with what the others make of the demand without it, the one that is missed least first."""
    worth = _worth(network, aim)
    order = sorted(sorted(network.today), key=lambda place: worth(network.today - {place}), reverse=True)
    return [(place, outcome(network, network.today - {place})) for place in order]


def promises_change(network: Network, promises: Promises, before: Outcome, after: Outcome) -> float | None:
    """Visits whose promise would be kept in addition, if a visit from another distance kept it as often as visits from
    there do today; None where distance has nothing to do with promises that is more than chance."""
    if not promises.is_associated:
        return None
    shares = np.array([np.nan if share is None else share for share in promises.shares])
    kept = [shares[_bands(result.nearest_km)] for result in (before, after)]
    change = np.nan_to_num(kept[1] - kept[0])
    return float((network.visits * change).sum())


def _bands(km: Sequence[float]) -> Ints:
    return np.searchsorted(np.array(BAND_ENDS), np.array(km), side="left")


def _worth(network: Network, aim: str) -> Callable[[frozenset[str] | set[str]], tuple[float, float]]:
    """What is to be as great as possible, then what decides between equal ones."""
    if aim not in AIMS:
        raise ValueError(f"an aim is one of {', '.join(AIMS)}, not {aim!r}")

    def worth(open_places: frozenset[str] | set[str]) -> tuple[float, float]:
        columns = _columns(network, frozenset(open_places))
        saved = -float(_times(network.visits, network.km[:, columns].min(axis=1)).sum())
        covered = float(network.reach_tickets[network.reaches[:, columns].any(axis=1)].sum())
        return (saved, covered) if aim == TRAVEL else (covered, saved)

    return worth


def _columns(network: Network, open_places: frozenset[str]) -> list[int]:
    unknown = sorted(open_places - set(network.places))
    if unknown or not open_places:
        raise ValueError(f"open places: {', '.join(unknown) or 'none'}; expected some of the network's own")
    return [at for at, place in enumerate(network.places) if place in open_places]


def _times(visits: Floats, km: Floats) -> Floats:
    """Kilometres of visits; a city without any needs no way."""
    return np.where(visits > 0, visits * np.where(visits > 0, km, 0.0), 0.0)
