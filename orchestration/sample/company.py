"""The company itself: sites, staff with their true abilities, products, parts, customers and installed units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, NEVER, Flags, Floats, Ints, Objects, Window
from orchestration.sample.plants import NOTHING, Plant
from orchestration.sample.randoms import chance, pick, running_numbers, spread, stream

MEAN_ABILITY = 2.6
EXCELLENT_ABILITY = 4.0
POOR_ABILITY = 0.1
BAD_BATCH_SHARE = 0.015
BAD_BATCH_HAZARD = 4.0
_BAD_BATCH_MONTH = 7


@dataclass(frozen=True)
class Staff:
    """Technicians and agents, one element per person; `ability` is a log-odds of fixing, `attitude` a z-score."""

    number: Objects
    name: Objects
    role: Objects
    site: Ints
    level: Ints
    ability: Floats
    attitude: Floats
    weight: Floats
    hired: Ints
    left: Ints
    is_agent: Flags
    excellent: int
    poor: int

    def employed_in(self, month_starts: Ints) -> Flags:
        """Matrix (month, person): employed during the whole month, or from its first week on."""
        begins = self.hired[None, :] <= month_starts[:-1, None] + 7 * DAY
        stays = self.left[None, :] >= month_starts[1:, None]
        return np.asarray(begins & stays, dtype=np.bool_)


@dataclass(frozen=True)
class Products:
    """Models, four per family; price in whole CNY."""

    number: Objects
    name: Objects
    family: Ints
    line: Objects
    price: Ints
    launched: Ints


@dataclass(frozen=True)
class Customers:
    """Customers; `number` ends with None, so that index -1 reads as missing."""

    number: Objects
    is_business: Flags
    city: Objects
    site: Ints
    segment: Ints
    is_english: Flags
    since: Ints


@dataclass(frozen=True)
class Assets:
    """Installed units; `number` ends with None; `hazard` multiplies the rate of faults."""

    number: Objects
    customer: Ints
    product: Ints
    batch: Objects
    is_bad_batch: Flags
    sold: Ints
    installed: Ints
    warranty_until: Ints
    hazard: Floats
    has_contract: Flags


@dataclass(frozen=True)
class Company:
    """Everything that exists before the first ticket."""

    staff: Staff
    products: Products
    customers: Customers
    assets: Assets
    bad_batch: str
    part_number: Objects
    part_name: Objects
    part_kind: Ints
    part_cost: Ints
    """Cost of a piece in cents."""


def found_company(seed: int, tickets: int, window: Window, without: frozenset[Plant] = NOTHING) -> Company:
    """Invent the company at the size that `tickets` asks for, with what is planted but for `without`."""
    products = _products(window)
    assets, batch = _assets(seed, tickets, window, products, has_bad_batch=Plant.BAD_BATCH not in without)
    parts = [
        (f"P-{words.PART_PREFIXES[family]}-{n + 1:02d}", name, words.PART_KINDS.index(kind), cost * 100)
        for family, row in enumerate(words.PART_NAMES)
        for n, (name, kind, cost) in enumerate(row)
    ]
    numbers, names, kinds, costs = zip(*parts, strict=True)
    return Company(
        staff=_staff(seed, tickets, window),
        products=products,
        customers=_customers(seed, window, assets),
        assets=assets,
        bad_batch=batch,
        part_number=np.array(numbers, dtype=object),
        part_name=np.array(names, dtype=object),
        part_kind=np.array(kinds, dtype=np.int64),
        part_cost=np.array(costs, dtype=np.int64),
    )


def person_names(rng: np.random.Generator, size: int) -> list[str]:
    """Invented Chinese names."""
    surnames = rng.integers(0, len(words.SURNAMES), size)
    first = rng.integers(0, len(words.GIVEN), size)
    second = rng.integers(-len(words.GIVEN) // 3, len(words.GIVEN), size)
    return [
        words.SURNAMES[a] + words.GIVEN[b] + (words.GIVEN[c] if c >= 0 else "")
        for a, b, c in zip(surnames.tolist(), first.tolist(), second.tolist(), strict=True)
    ]


def _staff(seed: int, tickets: int, window: Window) -> Staff:
    rng = stream(seed, "staff")
    site = _posts(tickets)
    shops, count = len(words.SITES) - 1, len(site)
    excellent, poor = count - 2, count - 1
    ability = MEAN_ABILITY + 0.45 * rng.standard_normal(count)
    attitude = rng.standard_normal(count)
    # Sites have better and worse people more than they are better or worse as a whole.
    attitude -= 0.75 * (np.bincount(site, weights=attitude) / np.bincount(site))[site]
    weight = np.exp(0.25 * rng.standard_normal(count))
    hired = window.start - spread(rng, 60, 3_000, count) * DAY
    left = np.full(count, NEVER, dtype=np.int64)
    # The first two of a site never change: no site is ever without staff.
    others = np.flatnonzero((running_numbers(site) >= 2) & (np.arange(count) < excellent))
    moving = rng.choice(others, max(len(others) // 6, 2), replace=False)
    months = len(window.month_starts) - 2
    change = window.month_starts[spread(rng, 3, max(months - 3, 4), len(moving))]
    joins = np.arange(len(moving)) % 2 == 0
    hired[moving[joins]], left[moving[~joins]] = change[joins], change[~joins]
    hired[[excellent, poor]] = window.month_starts[max(window.closed_month_count - 3, 0)]
    weight[[excellent, poor]] = 0.45
    ability[[excellent, poor]] = (EXCELLENT_ABILITY, POOR_ABILITY)
    attitude[[excellent, poor]] = (1.6, -1.6)
    is_agent = site == words.HOTLINE
    role = np.where(is_agent, "坐席", "技师").astype(object)
    role[np.flatnonzero(np.concatenate([[True], site[1:] != site[:-1]]))[: shops + 1]] = "组长"
    number = np.empty(count + 1, dtype=object)
    number[:count] = [f"{'A' if agent else 'T'}{index + 1001}" for index, agent in enumerate(is_agent.tolist())]
    return Staff(
        number=number,
        name=np.array(person_names(rng, count), dtype=object),
        role=role,
        site=site,
        level=np.clip(
            np.rint(1.0 + 0.7 * (ability - MEAN_ABILITY) / 0.45 + 0.5 * rng.standard_normal(count)), 0, 2
        ).astype(np.int64),
        ability=ability,
        attitude=attitude,
        weight=weight,
        hired=hired.astype(np.int64),
        left=left.astype(np.int64),
        is_agent=np.asarray(is_agent, dtype=np.bool_),
        excellent=excellent,
        poor=poor,
    )


def _posts(tickets: int) -> Ints:
    """Site of each person: two or more technicians a shop by demand, the agents, and last the two who join late."""
    size = tickets / 20_000
    # A small company has people for every trade, a large one more, and each of them works more.
    growth = size**0.35 if size < 1 else size**0.65
    shops = len(words.SITES) - 1
    technicians = max(round(60 * growth), 2 * shops)
    agents = max(round(25 * growth), 10)
    demand = np.array([site.demand for site in words.SITES[1:]])
    extra = demand / demand.sum() * (technicians - 2 * shops)
    heads = 2 + np.floor(extra).astype(np.int64)
    heads[np.argsort(-(extra % 1), kind="stable")[: technicians - int(heads.sum())]] += 1
    # One more technician at two sites: joined lately, so that few jobs speak for or against them.
    late = [words.SITE_INDEX["HZ01"], words.SITE_INDEX["WH01"]]
    return np.concatenate([np.repeat(np.arange(1, shops + 1), heads), np.full(agents, words.HOTLINE), late])


def _products(window: Window) -> Products:
    number, name, family, line, price, launched = [], [], [], [], [], []
    for index, prefix in enumerate(words.MODEL_PREFIXES):
        for model in range(4):
            number.append(f"{prefix}-{26 + 9 * model}H{index}")
            line.append(words.LINES[index][model // 2])
            name.append(f"豪盛{words.LINES[index][model // 2]} {prefix}-{26 + 9 * model}H{index}")
            family.append(index)
            price.append(words.BASE_PRICES[index] + 700 * model)
            launched.append(window.start - (2_600 - 120 * model - 90 * index) * DAY)
    return Products(
        number=np.array([*number, None], dtype=object),
        name=np.array(name, dtype=object),
        family=np.array(family, dtype=np.int64),
        line=np.array(line, dtype=object),
        price=np.array(price, dtype=np.int64),
        launched=np.array(launched, dtype=np.int64),
    )


def _assets(seed: int, tickets: int, window: Window, products: Products, *, has_bad_batch: bool) -> tuple[Assets, str]:
    """Units sold over seven years, ordered by the day of sale; some of one model are of one batch, a bad one or not."""
    rng = stream(seed, "assets")
    count, owners = int(1.3 * tickets), max(int(0.85 * tickets), 1)
    bad = max(round(BAD_BATCH_SHARE * count), 8)
    product = pick(rng, np.repeat(np.array(words.FAMILY_SHARES), 4) * np.tile([1.3, 1.1, 0.9, 0.7], 6), count)
    back = rng.random(count)
    lately, earlier = window.end - back * (window.end - window.start), window.start - back**1.3 * 5.0 * 365 * DAY
    sold = np.where(chance(rng, 0.35, count), lately, earlier).astype(np.int64)
    product[:bad] = words.BAD_BATCH_MODEL
    months = window.month_starts
    sold[:bad] = spread(rng, months[_BAD_BATCH_MONTH + 1], months[_BAD_BATCH_MONTH + 3], bad)
    sold = sold // DAY * DAY
    order = np.argsort(sold, kind="stable")
    product, sold, is_bad = product[order], sold[order], order < bad
    made = np.where(is_bad, months[_BAD_BATCH_MONTH], sold - spread(rng, 25, 95, count) * DAY)
    batch = _batches(product, made)
    batch_name = f"{batch[is_bad][0]}X"
    batch[is_bad] = batch_name
    everyone = rng.permutation(owners)
    again = (rng.random(count - owners) ** 1.5 * owners).astype(np.int64)
    customer = rng.permutation(np.concatenate([everyone, again]))
    contracts = chance(rng, np.where(_is_business(customer, owners), 0.5, 0.14), count)
    assets = Assets(
        number=np.array([*(f"U{index + 2000001}" for index in range(count)), None], dtype=object),
        customer=customer,
        product=product,
        batch=batch,
        is_bad_batch=is_bad & has_bad_batch,
        sold=sold,
        installed=sold + spread(rng, 1, 8, count) * DAY,
        warranty_until=sold + np.where(products.family[product] == 0, 6 * 365, 3 * 365) * DAY,
        hazard=np.where(is_bad & has_bad_batch, BAD_BATCH_HAZARD, np.exp(0.3 * rng.standard_normal(count))),
        has_contract=contracts,
    )
    return assets, batch_name


def _batches(product: Ints, made: Ints) -> Objects:
    """Name of the production batch: model and month."""
    month = np.datetime_as_string(made.astype("datetime64[s]").astype("datetime64[M]")).tolist()
    names = [
        f"B{words.PART_PREFIXES[model // 4]}{model % 4 + 1}-{text[2:4]}{text[5:7]}"
        for model, text in zip(product.tolist(), month, strict=True)
    ]
    return np.array(names, dtype=object)


def _is_business(customer: Ints, owners: int) -> Flags:
    return np.asarray(customer < max(owners // 14, 1), dtype=np.bool_)


def _customers(seed: int, window: Window, assets: Assets) -> Customers:
    """The owners of the units, each served by the site of their city."""
    rng = stream(seed, "customers")
    owners = int(assets.customer.max()) + 1
    is_business = _is_business(np.arange(owners), owners)
    site = pick(rng, [item.demand for item in words.SITES], owners)
    nearby = [words.NEARBY.get(item.code, (item.city,)) for item in words.SITES]
    far = chance(rng, 0.25, owners).tolist()
    city = np.array([nearby[s][-1 if f else 0] for s, f in zip(site.tolist(), far, strict=True)], dtype=object)
    since = np.full(owners, window.end, dtype=np.int64)
    np.minimum.at(since, assets.customer, assets.sold)
    return Customers(
        number=np.array([*(f"C{index + 100001}" for index in range(owners)), None], dtype=object),
        is_business=is_business,
        city=city,
        site=site,
        segment=np.where(is_business, 3, pick(rng, (0.62, 0.25, 0.13), owners)),
        is_english=chance(rng, 0.11, owners),
        since=since,
    )


def local_technician(rng: np.random.Generator, company: Company, window: Window, site: Ints, at: Ints) -> Ints:
    """Choose a person of each site who is employed in the month of `at`, by the weight of the person."""
    staff = company.staff
    months = window.month_of(at)
    chosen = np.full(len(site), -1, dtype=np.int64)
    employed = staff.employed_in(window.month_starts)
    draws = rng.random(len(site))
    for index in range(len(words.SITES)):
        people = np.flatnonzero(staff.site == index)
        members = np.flatnonzero(site == index)
        if not len(members):
            continue
        cumulative = np.cumsum(employed[:, people] * staff.weight[people], axis=1)
        cumulative /= cumulative[:, -1:]
        row = cumulative[months[members]]
        chosen[members] = people[np.minimum((draws[members, None] >= row).sum(axis=1), len(people) - 1)]
    return chosen
