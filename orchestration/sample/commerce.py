"""What customers buy: units, consumables, service contracts and renewals, until they leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample.clock import DAY, HOUR, NA, NEVER, Flags, Ints
from orchestration.sample.plants import Plant
from orchestration.sample.randoms import chance, spread, stream
from orchestration.sample.tickets import Service, stack, take
from orchestration.sample.world import World

LEAVE_PER_DAY = 0.012
"""Hazard of leaving per day that a ticket took to resolve."""
LEAVE_SLOW_SITE = 0.30
"""Extra probability of leaving after a field job of a slow site."""
RENEWAL = 0.76
ORDER, RENEW, CONTRACT, CANCELLATION = range(4)
KINDS = ("订单", "续费", "服务合同", "退单")
LEAVE_PER_YEAR = 0.15
"""Hazard of leaving per year of a company whose customers nothing drives away."""
_CONTRACT_YEARS = 8
_CONTRACT_PERCENT = 5


@dataclass(frozen=True)
class Purchases:
    """One element per purchased line before as-of, in order of time; price in cents; contract days NA for others."""

    customer: Ints
    product: Ints
    kind: Ints
    quantity: Ints
    price: Ints
    at: Ints
    starts: Ints
    ends: Ints
    cancels: Ints
    """Line that a cancellation gives back, -1 for others."""


@dataclass(frozen=True)
class Loyalty:
    """When each customer stops buying (NEVER: stays)."""

    leaves_at: Ints


def decide_loyalty(seed: int, world: World, service: Service) -> Loyalty:
    """Let customers leave after slow resolutions, and more after field jobs of the slow sites, or at any time."""
    rng = stream(seed, "loyalty")
    if Plant.DRIVEN_AWAY in world.facts.without:
        waits = rng.exponential(365 * DAY / LEAVE_PER_YEAR, len(world.company.customers.site))
        return Loyalty(world.window.start + waits.astype(np.int64))
    tickets, count = service.tickets, service.delivered
    resolved = np.flatnonzero(tickets.first_resolved[:count] != NA)
    days = (tickets.resolved[resolved] - tickets.created[resolved]) / DAY
    slow = world.facts.slow_site[tickets.site[resolved]]
    leaves = chance(rng, 1 - np.exp(-LEAVE_PER_DAY * days) * np.where(slow, 1 - LEAVE_SLOW_SITE, 1.0), len(resolved))
    at = np.full(len(world.company.customers.site), NEVER, dtype=np.int64)
    np.minimum.at(at, tickets.customer[resolved[leaves]], tickets.resolved[resolved[leaves]])
    return Loyalty(at)


def sell(seed: int, world: World, loyalty: Loyalty) -> Purchases:
    """Return all purchases from the start of the window to as-of."""
    rng = stream(seed, "purchases")
    bought = stack([_units(rng, world), _consumables(rng, world, loyalty), _contracts(rng, world, loyalty)])
    bought = stack([bought, _returned(rng, world, bought)])
    order = np.lexsort((np.arange(len(bought.at)), bought.at))
    position = np.full(len(order) + 1, -1, dtype=np.int64)
    position[order] = np.arange(len(order))
    bought = take(bought, order)
    return replace(bought, cancels=position[bought.cancels])


def bought_again(purchases: Purchases, customer: Ints, after: Ints, days: int) -> Flags:
    """Whether each customer bought anything within `days` after the instant `after`."""
    scale = 1 << 36
    bought = take(purchases, purchases.kind != CANCELLATION)
    moments = np.sort(bought.customer * scale + bought.at)
    low = customer * scale + after
    found = np.searchsorted(moments, low + days * DAY) > np.searchsorted(moments, low, side="right")
    return np.asarray(found, dtype=np.bool_)


def renewals(purchases: Purchases, ended_by: int) -> tuple[int, int]:
    """How many of the contracts that ended by the instant `ended_by` were renewed, and how many ended."""
    lines = take(purchases, (purchases.kind == CONTRACT) | (purchases.kind == RENEW))
    keys = zip(lines.customer.tolist(), lines.product.tolist(), strict=True)
    followers = Counter(
        (key, start)
        for key, start, kind in zip(keys, lines.starts.tolist(), lines.kind.tolist(), strict=True)
        if kind == RENEW
    )
    keys = zip(lines.customer.tolist(), lines.product.tolist(), strict=True)
    ended = Counter((key, end + DAY) for key, end in zip(keys, lines.ends.tolist(), strict=True) if end <= ended_by)
    return (ended & followers).total(), ended.total()


def _purchases(customer: Ints, product: Ints, kind: Ints, price: Ints, at: Ints) -> Purchases:
    is_order = kind == ORDER
    one = np.ones(len(at), dtype=np.int64)
    starts = np.where(is_order, NA, at // DAY * DAY)
    return Purchases(customer, product, kind, one, price, at, starts, np.where(is_order, NA, starts + 364 * DAY), -one)


def _units(rng: np.random.Generator, world: World) -> Purchases:
    assets, window = world.company.assets, world.window
    new = np.flatnonzero((assets.sold >= window.start) & (assets.sold < window.end))
    at = np.minimum(assets.sold[new] + spread(rng, 9 * HOUR, 21 * HOUR, len(new)), window.end - 1)
    price = world.company.products.price[assets.product[new]] * spread(rng, 88, 101, len(new))
    return _purchases(assets.customer[new], assets.product[new], np.full(len(new), ORDER), price, at)


def _consumables(rng: np.random.Generator, world: World, loyalty: Loyalty) -> Purchases:
    """Filters, detergents and accessories: customers differ in appetite, and buy at its pace until they leave."""
    customers, window = world.company.customers, world.window
    size = len(customers.site)
    appetite = rng.gamma(1.2, 1.35, size) * np.where(customers.is_business, 2.5, 1.0)
    known = np.maximum(customers.since, window.start)
    # A pace, not a number: else who comes late would buy as often in the little time left as others in two years.
    pace = appetite * np.clip((window.end - known) / (window.end - window.start), 0.0, 1.0)
    buyer = np.repeat(np.arange(size), rng.poisson(pace))
    since = known[buyer]
    at = since + (rng.random(len(buyer)) * (window.end - since)).astype(np.int64)
    at = at // DAY * DAY + spread(rng, 8 * HOUR, 23 * HOUR, len(buyer))
    product = rng.integers(0, len(world.company.products.family), len(buyer))
    price = spread(rng, 29, 260, len(buyer)) * 100 - 1
    bought = _purchases(buyer, product, np.full(len(buyer), ORDER), price, at)
    bought = replace(bought, quantity=1 + chance(rng, 0.25, len(buyer)).astype(np.int64))
    return take(bought, (at < loyalty.leaves_at[buyer]) & (at < window.end))


def _contracts(rng: np.random.Generator, world: World, loyalty: Loyalty) -> Purchases:
    """Yearly service contracts from the sale on, renewed until the customer declines or has left."""
    assets, window = world.company.assets, world.window
    covered = np.flatnonzero(assets.has_contract)
    customer, product = assets.customer[covered], assets.product[covered]
    price = world.company.products.price[product] * _CONTRACT_PERCENT
    alive = np.ones(len(covered), dtype=np.bool_)
    years: list[Purchases] = []
    for year in range(_CONTRACT_YEARS):
        at = assets.sold[covered] + year * 365 * DAY + 11 * HOUR
        if year:
            alive = alive & (at < loyalty.leaves_at[customer]) & chance(rng, RENEWAL, len(covered))
        kind = np.full(len(covered), RENEW if year else CONTRACT)
        shown = alive & (at >= window.start) & (at < window.end)
        years.append(take(_purchases(customer, product, kind, price, at), shown))
    return stack(years)


def _returned(rng: np.random.Generator, world: World, bought: Purchases) -> Purchases:
    """Orders that are given back within three weeks."""
    index = np.flatnonzero((bought.kind == ORDER) & chance(rng, 0.018, len(bought.at)))
    at = bought.at[index] + spread(rng, DAY, 20 * DAY, len(index))
    index, at = index[at < world.window.end], at[at < world.window.end]
    given = take(bought, index)
    kind = np.full(len(index), CANCELLATION)
    return replace(given, kind=kind, quantity=-given.quantity, at=at, cancels=index)
