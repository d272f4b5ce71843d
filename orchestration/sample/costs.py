"""What the service costs, in whole cents: labour per person, operations per site, and the ledger they add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.calls import Calls, handled_minutes
from orchestration.sample.clock import NA, Floats, Ints
from orchestration.sample.jobs import Jobs
from orchestration.sample.randoms import spread, stream
from orchestration.sample.tickets import Service, take
from orchestration.sample.visits import CANCELLED
from orchestration.sample.world import World

_MINUTES_PER_TICKET_AT_DESK = 7.0


@dataclass(frozen=True)
class Labor:
    """One element per person and closed month of employment; amounts in cents, hours in hundredths."""

    person: Ints
    month: Ints
    wage: Ints
    bonus: Ints
    social: Ints
    training: Ints
    training_hours: Ints
    paid_hours: Ints


@dataclass(frozen=True)
class Operations:
    """One element per site and closed month; cents."""

    site: Ints
    month: Ints
    rent: Ints
    utilities: Ints
    transport: Ints
    tools: Ints


def pay_staff(seed: int, world: World, service: Service, jobs: Jobs, calls: Calls) -> Labor:
    """Pay everybody by the hours that the after-sales work takes (other work is charged elsewhere)."""
    rng = stream(seed, "labor")
    staff, months = world.company.staff, world.window.closed_month_count
    worked = _worked_minutes(world, service, jobs, calls)
    employed = staff.employed_in(world.window.month_starts)[:months]
    month, person = np.nonzero(employed)
    size = len(month)
    used = 0.66 + 0.05 * rng.standard_normal(len(staff.site))
    hours = worked[month, person] / 60 / np.clip(used[person], 0.5, 0.85) + 6 + 2 * rng.random(size)
    training_hours = np.where(rng.random(size) < 0.3, spread(rng, 2, 9, size), 0) * 100
    rate = np.array([3_100, 3_700, 4_500])[staff.level[person]] * (1 + 0.004 * month)
    paid = np.rint(hours * 100).astype(np.int64)
    wage = np.rint(paid * rate / 100).astype(np.int64)
    share = np.clip(0.09 + 0.025 * staff.attitude[person] + 0.02 * rng.standard_normal(size), 0.01, 0.25)
    return Labor(
        person=person.astype(np.int64),
        month=month.astype(np.int64),
        wage=wage,
        bonus=np.rint(wage * share).astype(np.int64),
        social=np.rint(wage * 0.283).astype(np.int64),
        training=(training_hours * 62).astype(np.int64),
        training_hours=training_hours.astype(np.int64),
        paid_hours=paid,
    )


def _worked_minutes(world: World, service: Service, jobs: Jobs, calls: Calls) -> Floats:
    """Matrix (closed month, person) of minutes on visits, calls and desk work."""
    window = world.window
    months, people = len(window.month_starts) - 1, len(world.company.staff.site)
    visits = service.visits
    done = (visits.completed < window.end) & (visits.outcome != CANCELLED)
    minutes = visits.travel + visits.on_site + visits.phone + visits.admin
    finished = jobs.completed < window.end
    rung = (calls.agent >= 0) & (calls.ended < window.end)
    tickets = service.tickets
    taken = np.flatnonzero((tickets.accepted != NA) & (tickets.accepted < window.end))
    parts = [
        (visits.completed[done], visits.technician[done], minutes[done] * visits.crew[done]),
        (jobs.completed[finished], jobs.technician[finished], (jobs.travel + jobs.on_site + 10)[finished]),
        (calls.offered[rung], calls.agent[rung], handled_minutes(calls)[rung]),
        (tickets.accepted[taken], tickets.agent[taken], np.full(len(taken), _MINUTES_PER_TICKET_AT_DESK)),
    ]
    total = np.zeros(months * people)
    for at, person, weight in parts:
        total += np.bincount(window.month_of(at) * people + person, weights=weight, minlength=months * people)
    return np.asarray(total.reshape(months, people)[: window.closed_month_count], dtype=np.float64)


def run_sites(seed: int, world: World, service: Service, jobs: Jobs) -> Operations:
    """Rent by city, utilities by season, transport by travel, tools now and then; all grow with the company."""
    rng = stream(seed, "operations")
    window = world.window
    months, sites = window.closed_month_count, len(words.SITES)
    size_factor = (service.delivered / 20_000) ** 0.9
    site, month = np.tile(np.arange(sites), months), np.repeat(np.arange(months), sites)
    calendar_month = window.month_starts[month].astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
    rent = np.array([item.rent for item in words.SITES])[site] * size_factor * (1 + 0.04 * (month // 12))
    season = 1 + 0.45 * np.cos(2 * np.pi * (calendar_month - 6.5) / 12) ** 2
    visits = service.visits
    driven = (visits.arrived != NA) & (visits.travel > 0)
    trips_at = np.concatenate([visits.completed[driven], jobs.completed])
    trips_site = np.concatenate([service.tickets.site[visits.ticket[driven]], jobs.site])
    seen = trips_at < window.end
    trips = np.bincount(
        window.month_of(trips_at[seen]) * sites + trips_site[seen], minlength=(len(window.month_starts) - 1) * sites
    )
    transport = trips[: months * sites] * spread(rng, 1_150, 1_650, months * sites) + 30_000 * size_factor
    return Operations(
        site=site,
        month=month,
        rent=np.rint(rent).astype(np.int64) * 100,
        utilities=np.rint(rent * 0.14 * season * (0.9 + 0.2 * rng.random(len(site))) * 100).astype(np.int64),
        transport=np.rint(transport).astype(np.int64),
        tools=np.rint(rent * rng.gamma(1.5, 0.05, len(site)) * 100).astype(np.int64),
    )


def close_books(world: World, service: Service, labor: Labor, operations: Operations) -> Ints:
    """Return cents per (closed month, site, component): what labour, operations and used parts add up to."""
    window, lines = world.window, service.parts
    months, sites, components = window.closed_month_count, len(words.SITES), len(words.COST_COMPONENTS)
    books = np.zeros(months * sites * components, dtype=np.int64)

    def book(month: Ints, site: Ints, component: int | Ints, cents: Ints) -> None:
        np.add.at(books, (month * sites + site) * components + component, cents)

    home = world.company.staff.site[labor.person]
    for index, cents in enumerate((labor.wage, labor.bonus, labor.social, labor.training)):
        book(labor.month, home, index, cents)
    used = (lines.used != NA) & (lines.used < window.month_starts[months]) & (lines.ticket < service.delivered)
    used_lines = take(lines, used & (lines.requested < window.end))
    site, kind = service.tickets.site[used_lines.ticket], world.company.part_kind[used_lines.part]
    cents = used_lines.quantity * used_lines.unit_cost - used_lines.recovery
    book(window.month_of(used_lines.used), site, 4 + kind, cents)
    for index, cents in enumerate((operations.rent, operations.utilities, operations.transport, operations.tools)):
        book(operations.month, operations.site, 7 + index, cents)
    return books.reshape(months, sites, components)
