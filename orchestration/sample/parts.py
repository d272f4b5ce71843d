"""Parts that visits ask for: taken from stock and used, or ordered and waited for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample.clock import DAY, HOUR, MINUTE, NA, Flags, Ints
from orchestration.sample.randoms import chance, pick, skewed, spread
from orchestration.sample.tickets import stack, take
from orchestration.sample.world import World

REPLACEMENT, CONSUMABLE = 1, 2
_USUAL_PART = np.array([0, 1, 2, 2, 0, 3, 3, 3])
_RECOVERY_SHARE = 0.6


@dataclass(frozen=True)
class PartLines:
    """One element per part line; `visit` asked for it, `used_visit` used it (-1: none); amounts in cents."""

    ticket: Ints
    visit: Ints
    used_visit: Ints
    part: Ints
    quantity: Ints
    unit_cost: Ints
    recovery: Ints
    requested: Ints
    promised: Ints
    delivered: Ints
    used: Ints
    returned: Ints


@dataclass(frozen=True)
class Need:
    """What visits know about the part that they need, one element per visit."""

    ticket: Ints
    visit: Ints
    part: Ints
    ready: Ints
    scheduled: Ints
    arrived: Ints
    completed: Ints
    missing: Flags
    succeeded: Flags
    in_shortage: Flags
    slow: Flags
    warranty: Flags


def part_needed(rng: np.random.Generator, family: Ints, issue: Ints) -> Ints:
    """The part of the family that the fault asks for; cleaning takes the consumable."""
    other = pick(rng, (0.3, 0.25, 0.3, 0.15), len(issue))
    return np.asarray(family * 4 + np.where(rng.random(len(issue)) < 0.6, _USUAL_PART[issue], other), dtype=np.int64)


def order_parts(rng: np.random.Generator, world: World, need: Need) -> PartLines:
    """One line per need, in its order, then the second lines of some: used at once, or ordered and awaited."""
    company, size = world.company, len(need.ticket)
    lead = (skewed(rng, 4.6 * DAY, 0.6, size) * np.where(need.slow, 1.6, 1.0)).astype(np.int64)
    after_shortage = world.facts.shortage_to + spread(rng, DAY, 6 * DAY, size)
    awaited = need.completed + lead
    awaited = np.where(need.in_shortage, np.maximum(awaited, after_shortage), awaited)
    requested = np.where(need.missing, need.completed, need.ready)
    brought = np.maximum(need.arrived - spread(rng, 10 * MINUTE, 90 * MINUTE, size), need.ready)
    # The moving average cost drifts upwards by about 4 % a year, with noise by supplier.
    years = (requested - world.window.start) / (365 * DAY)
    drift = (1 + 0.04 * years) * rng.normal(1.0, 0.03, size)
    unit_cost = np.maximum(np.rint(company.part_cost[need.part] * drift).astype(np.int64), 1)
    used_now = ~need.missing & (need.succeeded | chance(rng, 0.4, size))
    kind = company.part_kind[need.part]
    recovered = used_now & need.warranty & (kind == REPLACEMENT) & chance(rng, 0.10, size)
    lines = PartLines(
        ticket=need.ticket,
        visit=need.visit,
        used_visit=np.where(used_now, need.visit, -1),
        part=need.part,
        quantity=np.where((kind == CONSUMABLE) & chance(rng, 0.3, size), 2, 1).astype(np.int64),
        unit_cost=unit_cost,
        recovery=np.where(recovered, (unit_cost * _RECOVERY_SHARE).astype(np.int64), 0),
        requested=requested,
        promised=np.where(need.missing, requested + 3 * DAY, need.scheduled),
        delivered=np.where(need.missing, awaited, brought),
        used=np.where(used_now, need.completed, NA),
        returned=np.where(~need.missing & ~used_now, need.completed + spread(rng, HOUR, 4 * DAY, size), NA),
    )
    second = take(lines, used_now & chance(rng, 0.2, size))
    other = second.part // 4 * 4 + (second.part + 1) % 4
    nothing = np.zeros(len(other), dtype=np.int64)
    second = replace(second, part=other, quantity=nothing + 1, unit_cost=company.part_cost[other], recovery=nothing)
    return stack([lines, second])


def settle(lines: list[PartLines], index: Ints, visit: Ints, at: Ints) -> None:
    """Write into the earlier lines at `index` (counted over all of `lines`) which visit used them, and when."""
    first = 0
    for part in lines:
        here = (index >= first) & (index < first + len(part.ticket))
        part.used[index[here] - first] = at[here]
        part.used_visit[index[here] - first] = visit[here]
        first += len(part.ticket)
