"""Work that no ticket asks for: installations of sold units and yearly maintenance under contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.clock import DAY, HOUR, MINUTE, Ints, day_of, weekday_of
from orchestration.sample.company import local_technician
from orchestration.sample.randoms import chance, skewed, spread, stream
from orchestration.sample.tickets import take
from orchestration.sample.world import World

INSTALLATION, PREVENTIVE = 0, 1


@dataclass(frozen=True)
class Jobs:
    """One element per planned visit requested before as-of, in order of request."""

    asset: Ints
    kind: Ints
    site: Ints
    technician: Ints
    requested: Ints
    scheduled: Ints
    arrived: Ints
    completed: Ints
    travel: Ints
    on_site: Ints


def plan_jobs(seed: int, world: World) -> Jobs:
    """Return the installations and maintenance visits of the window."""
    rng = stream(seed, "jobs")
    company, window, assets = world.company, world.window, world.company.assets
    new = np.flatnonzero((assets.sold >= window.start) & (assets.sold < window.end))
    maintained, due = _maintenance(rng, world)
    asset = np.concatenate([new, maintained])
    size = len(asset)
    kind = np.concatenate([np.full(len(new), INSTALLATION), np.full(len(maintained), PREVENTIVE)])
    requested = np.concatenate([assets.sold[new], due]) + spread(rng, 9 * HOUR, 20 * HOUR, size)
    day = np.concatenate([assets.installed[new], due + spread(rng, 2, 12, len(maintained)) * DAY])
    day = day + np.where(weekday_of(day_of(day)) == 6, DAY, 0)
    scheduled = np.maximum(day + spread(rng, 17, 34, size) * 30 * MINUTE, requested + HOUR)
    arrived = np.maximum(scheduled + (rng.normal(4, 25, size) * MINUTE).astype(np.int64), requested + HOUR)
    minutes = skewed(rng, np.where(kind == INSTALLATION, 58.0, 38.0), 0.35, size).astype(np.int64) + 5
    site = company.customers.site[assets.customer[asset]]
    jobs = Jobs(
        asset=asset,
        kind=kind,
        site=site,
        technician=local_technician(rng, company, window, site, requested),
        requested=requested,
        scheduled=scheduled,
        arrived=arrived,
        completed=arrived + minutes * MINUTE,
        travel=skewed(rng, 29, 0.4, size).astype(np.int64),
        on_site=minutes,
    )
    order = np.lexsort((asset, requested))
    return take(jobs, order[requested[order] < window.end])


def _maintenance(rng: np.random.Generator, world: World) -> tuple[Ints, Ints]:
    """Units under contract, and the first instant of each day on which their yearly maintenance falls due."""
    covered = np.flatnonzero(world.company.assets.has_contract)
    sold = world.company.assets.sold[covered]
    due = np.concatenate([sold + (180 + 365 * year) * DAY for year in range(8)])
    shown = (due >= world.window.start) & (due < world.window.end) & chance(rng, 0.75, len(due))
    return np.tile(covered, 8)[shown], due[shown]
