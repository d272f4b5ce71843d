"""What customers ask for: first requests by season, weekday and hour, and those that follow from earlier tickets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, Ints
from orchestration.sample.randoms import chance, pick, pick_rows, spread
from orchestration.sample.world import World

ROOT, REPEAT, DUPLICATE = 0, 1, 2
_BY_HOUR = np.array(
    [3, 2, 1, 1, 1, 2, 6, 18, 52, 78, 82, 70, 52, 52, 66, 72, 66, 58, 54, 62, 64, 48, 26, 10], dtype=np.float64
)
_CHANNELS_OF_REPEATS = (0.66, 0.12, 0.05, 0.08, 0.04, 0.03, 0.02)
# For faults, and for everything else.
_PRIORITIES = np.array([[0.10, 0.20, 0.58, 0.12], [0.05, 0.10, 0.60, 0.25]])
_COMPLEXITIES = np.array([[0.36, 0.44, 0.20], [0.75, 0.22, 0.03]])
_BAD_BATCH_FAULT_SHARE = 0.72


@dataclass(frozen=True)
class Requests:
    """One element per request; `parent` is the ticket that it follows from, -1 for roots; `origin` says how."""

    asset: Ints
    customer: Ints
    product: Ints
    issue: Ints
    symptom: Ints
    channel: Ints
    priority: Ints
    complexity: Ints
    mode: Ints
    site: Ints
    created: Ints
    parent: Ints
    origin: Ints


def first_requests(rng: np.random.Generator, world: World, count: int) -> Requests:
    """Draw `count` first requests before as-of, and as many after it as the same demand brings until the horizon."""
    window, families = world.window, world.demand.shape[1]
    inside = int(np.ceil((window.end - window.start) / DAY))
    before, after = world.demand[:inside].copy(), world.demand[inside:]
    before[-1] *= (window.end - window.start) / DAY - (inside - 1)
    cells = pick(rng, before.ravel(), max(count, 1))
    later = pick(rng, after.ravel(), round(count * after.sum() / before.sum())) + inside * families
    cells = np.concatenate([cells, later])
    size = len(cells)
    channel = pick(rng, words.CHANNEL_MIX, size)
    in_shop_hours = np.where((np.arange(24) >= 9) & (np.arange(24) < 18), _BY_HOUR, 0.0)
    hour = np.where(channel == words.STORE, pick(rng, in_shop_hours, size), pick(rng, _BY_HOUR, size))
    created = window.start // DAY * DAY + cells // families * DAY + hour * HOUR + spread(rng, 0, HOUR, size)
    is_before = np.arange(size) < size - len(later)
    created = np.where(is_before, np.clip(created, window.start, window.end - 1), np.maximum(created, window.end))
    family = cells % families
    asset = _assets_in_use(rng, world, family, created)
    issue = pick_rows(rng, np.array(words.ISSUE_MIX), family)
    leaks = world.company.assets.is_bad_batch[asset] & chance(rng, _BAD_BATCH_FAULT_SHARE, size)
    issue[leaks] = words.BAD_BATCH_ISSUE
    root = np.full(size, ROOT, dtype=np.int64)
    return complete(rng, world, asset, issue, created, root - 1, root, channel=channel)


def complete(
    rng: np.random.Generator,
    world: World,
    asset: Ints,
    issue: Ints,
    created: Ints,
    parent: Ints,
    origin: Ints,
    *,
    channel: Ints | None = None,
) -> Requests:
    """Draw what else belongs to a request about a unit and a fault; a channel is drawn where none is given."""
    size = len(asset)
    if channel is None:
        channel = pick(rng, _CHANNELS_OF_REPEATS, size)
    is_fault = np.where(issue < words.CORRECTIVE_ISSUES, 0, 1)
    priority = pick_rows(rng, _PRIORITIES, is_fault)
    complexity = pick_rows(rng, _COMPLEXITIES, is_fault)
    mode = pick_rows(rng, np.array(words.MODE_MIX), issue)
    mode[(channel == words.STORE) & chance(rng, 0.7, size)] = words.IN_SHOP
    mode[origin == DUPLICATE] = words.REMOTE
    customer = world.company.assets.customer[asset]
    site = np.where(mode == words.REMOTE, words.HOTLINE, world.company.customers.site[customer])
    return Requests(
        asset=asset,
        customer=customer,
        product=world.company.assets.product[asset],
        issue=issue,
        symptom=spread(rng, 0, 4, size),
        channel=channel,
        priority=priority,
        complexity=complexity,
        mode=mode,
        site=site,
        created=created,
        parent=parent,
        origin=origin,
    )


def _assets_in_use(rng: np.random.Generator, world: World, family: Ints, at: Ints) -> Ints:
    """Choose for each request a unit of the family that was installed by then, in proportion to its hazard."""
    assets = world.company.assets
    chosen = np.zeros(len(family), dtype=np.int64)
    asset_family = world.company.products.family[assets.product]
    draws = rng.random(len(family))
    for index in range(len(words.FAMILIES)):
        units = np.flatnonzero(asset_family == index)
        units = units[np.argsort(assets.installed[units], kind="stable")]
        members = np.flatnonzero(family == index)
        cumulative = np.cumsum(assets.hazard[units])
        reach = np.searchsorted(assets.installed[units], at[members], side="right")
        total = np.where(reach > 0, cumulative[np.maximum(reach - 1, 0)], 0.0)
        found = np.searchsorted(cumulative, draws[members] * total, side="right")
        chosen[members] = units[np.minimum(found, len(units) - 1)]
    return chosen
