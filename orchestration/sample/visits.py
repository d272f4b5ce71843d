"""Field and workshop work on tickets: visits, when they happen, and why they fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import HOUR, MINUTE, NA, Flags, Floats, Ints
from orchestration.sample.parts import Need, PartLines, order_parts, part_needed, settle
from orchestration.sample.randoms import chance, sigmoid, skewed, spread
from orchestration.sample.requests import Requests
from orchestration.sample.tickets import stack
from orchestration.sample.world import World

MAX_VISITS = 5
OPEN, COMPLETED, NOT_FIXED, NO_SHOW, CANCELLED = range(5)
NO_REASON, PART_MISSING, MISDIAGNOSIS, ACCESS, OTHER = -1, 0, 1, 2, 3
_PART_NEED = np.array([0.45, 0.52, 0.50, 0.45, 0.42, 0.03, 0.35, 0.28])
_PRIORITY_PACE = np.array([0.3, 0.7, 1.0, 1.3])
_SKILL_BY_COMPLEXITY = np.array([0.45, 0.0, -0.55])
_WORK_BY_COMPLEXITY = np.array([0.75, 1.0, 1.55])


@dataclass(frozen=True)
class Visits:
    """One element per visit of a ticket; minutes by kind; `completed` is when the crew left, whatever the outcome."""

    ticket: Ints
    number: Ints
    technician: Ints
    crew: Ints
    outcome: Ints
    reason: Ints
    requested: Ints
    scheduled: Ints
    promised: Ints
    arrived: Ints
    completed: Ints
    travel: Ints
    on_site: Ints
    phone: Ints
    admin: Ints


@dataclass(frozen=True)
class FieldWork:
    """The outcome of one round of visits, one element per worked-on ticket, and the visits and lines themselves."""

    done: Ints
    started: Ints
    visit_count: Ints
    failed_once: Flags
    short_of_parts: Flags
    visits: Visits
    parts: PartLines


@dataclass(frozen=True)
class Job:
    """Tickets to be worked on in the field: indexes into the requests, when each is ready, and who goes.

    `earlier_visits` were made before. `is_rework` says that the next visit fixes it (after a reopening).
    """

    tickets: Ints
    ready: Ints
    technician: Ints
    earlier_visits: Ints
    is_rework: bool = False


def work_in_field(rng: np.random.Generator, world: World, asked: Requests, job: Job) -> FieldWork:
    """Visit each ticket of the job until it is fixed."""
    work = _Round(rng, world, asked, job)
    for number in range(1 if job.is_rework else MAX_VISITS):
        work.visit(number, is_last=job.is_rework or number == MAX_VISITS - 1)
    return FieldWork(
        done=work.done,
        started=work.started,
        visit_count=work.count,
        failed_once=work.failed_once,
        short_of_parts=work.short,
        visits=stack(work.visits),
        parts=stack(work.lines),
    )


class _Round:
    """State of one round of visits: one element per ticket, and the indexes of those still to be visited."""

    def __init__(self, rng: np.random.Generator, world: World, asked: Requests, job: Job) -> None:
        size = len(job.tickets)
        self.rng, self.world, self.job = rng, world, job
        self.created = asked.created[job.tickets]
        self.priority, self.mode = asked.priority[job.tickets], asked.mode[job.tickets]
        self.site, self.complexity = asked.site[job.tickets], asked.complexity[job.tickets]
        issue, family = asked.issue[job.tickets], world.company.products.family[asked.product[job.tickets]]
        self.warranty = self.created <= world.company.assets.warranty_until[asked.asset[job.tickets]]
        self.slow = world.facts.slow_site[self.site]
        self.load = world.facts.load[world.window.month_of(self.created)]
        self.extended = np.array([item.hours != "standard" for item in words.SITES])[self.site]
        self.needs_part = chance(rng, _PART_NEED[issue] * (0.4 if job.is_rework else 1.0), size)
        self.part = part_needed(rng, family, issue)
        easy = np.where(issue < words.CORRECTIVE_ISSUES, 0.0, 1.5)
        self.skill = world.company.staff.ability[job.technician] + _SKILL_BY_COMPLEXITY[self.complexity] + easy
        self.ready = job.ready.copy()
        self.done, self.started = np.full(size, NA, dtype=np.int64), np.full(size, NA, dtype=np.int64)
        self.count = np.zeros(size, dtype=np.int64)
        self.failed_once, self.short = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        self.holds_part = np.zeros(size, dtype=np.bool_)
        self.waiting_line = np.full(size, -1, dtype=np.int64)
        self.visits: list[Visits] = []
        self.lines: list[PartLines] = []
        self.active = np.arange(size)

    def visit(self, number: int, *, is_last: bool) -> None:
        """Visit the tickets that are not done yet; the last visit always fixes."""
        a, rng, k = self.active, self.rng, len(self.active)
        made = sum(len(visits.ticket) for visits in self.visits)
        requested = self.ready[a]
        scheduled = self._schedule(a)
        lateness = rng.normal(np.where(self.slow[a], 45, 8), 38, k) * MINUTE
        arrived = np.maximum(scheduled + lateness.astype(np.int64), requested + 10 * MINUTE)
        no_show = (self.mode[a] == words.ON_SITE) & chance(rng, 0.03, k) & (not is_last)
        minutes = np.maximum(skewed(rng, 46 * _WORK_BY_COMPLEXITY[self.complexity[a]], 0.42, k), 8)
        on_site = np.where(no_show, 5, minutes).astype(np.int64)
        completed = arrived + on_site * MINUTE
        in_shortage = self.world.facts.is_short(self.site[a], self.part[a], arrived)
        in_stock = chance(rng, np.where(in_shortage, 0.05, np.where(self.slow[a], 0.84, 0.92)), k)
        missing = self.needs_part[a] & ~self.holds_part[a] & ~in_stock & ~no_show & (not is_last)
        access = chance(rng, 0.013, k) & ~no_show & ~missing & (not is_last)
        fixed = chance(rng, sigmoid(self.skill[a] + 0.5 * min(number, 2)), k) | is_last
        succeeded = fixed & ~missing & ~access & ~no_show
        wrong = ~succeeded & ~missing & ~access & ~no_show
        unclear = wrong & chance(rng, 0.18, k)
        reason = np.select([missing, access, unclear, wrong], [PART_MISSING, ACCESS, OTHER, MISDIAGNOSIS], NO_REASON)
        at_shop = self.mode[a] == words.IN_SHOP
        self.visits.append(
            Visits(
                ticket=self.job.tickets[a],
                number=self.job.earlier_visits[a] + number,
                technician=self.job.technician[a],
                crew=1 + chance(rng, np.where(self.complexity[a] == 2, 0.2, 0.05), k).astype(np.int64),
                outcome=np.select([no_show, succeeded], [NO_SHOW, COMPLETED], NOT_FIXED).astype(np.int64),
                reason=reason.astype(np.int64),
                requested=requested,
                scheduled=scheduled,
                promised=scheduled + np.where(at_shop, 4, 1) * HOUR,
                arrived=arrived,
                completed=completed,
                travel=np.where(at_shop, 0, skewed(rng, 31, 0.45, k)).astype(np.int64),
                on_site=on_site,
                phone=spread(rng, 2, 9, k),
                admin=spread(rng, 4, 14, k),
            )
        )
        index = made + np.arange(k)
        # The part that was waited for is used by the visit that fixes.
        fitted = succeeded & (self.waiting_line[a] >= 0)
        settle(self.lines, self.waiting_line[a][fitted], index[fitted], completed[fitted])
        taken = self.needs_part[a] & ~self.holds_part[a] & ~missing & ~no_show & ~access
        delivered = self._take_parts(a, index, self.visits[-1], taken | missing, missing, succeeded, in_shortage)
        self.holds_part[a] |= missing | (taken & succeeded)
        begun = ~no_show & (self.started[a] == NA)
        self.started[a[begun]] = arrived[begun]
        self.failed_once[a] |= missing | access | wrong
        self.short[a] |= missing & in_shortage
        self.count[a] = self.job.earlier_visits[a] + number + 1
        self.done[a[succeeded]] = completed[succeeded] + spread(rng, 30, 12 * MINUTE, int(succeeded.sum()))
        pause = np.where(wrong, skewed(rng, 10 * HOUR, 0.6, k), 6 * HOUR).astype(np.int64)
        self.ready[a] = np.where(missing, delivered + HOUR, completed + pause)
        self.active = a[~succeeded]

    def _schedule(self, a: Ints) -> Ints:
        """The next free half hour of the site; slow sites, high season and some bad luck make it later."""
        delay: Floats = skewed(self.rng, 9.5 * HOUR, 0.85, len(a)) * np.where(self.slow[a], 2.0, 1.0)
        delay *= self.load[a] ** 1.2 * np.where(chance(self.rng, 0.09, len(a)), 4.5, 1.0)
        delay *= _PRIORITY_PACE[self.priority[a]]
        clock, ready = self.world.clock, self.ready[a]
        free = np.where(self.extended[a], clock.add(ready, delay, "extended"), clock.add(ready, delay, "standard"))
        return np.asarray(-(-free // (30 * MINUTE)) * (30 * MINUTE), dtype=np.int64)

    def _take_parts(
        self, a: Ints, index: Ints, visits: Visits, asks: Flags, missing: Flags, succeeded: Flags, in_shortage: Flags
    ) -> Ints:
        """Write the part lines of the visits that ask for one; return when each part arrives (NA: none asked)."""
        known = sum(len(lines.ticket) for lines in self.lines)
        need = Need(
            ticket=visits.ticket[asks],
            visit=index[asks],
            part=self.part[a[asks]],
            ready=visits.requested[asks],
            scheduled=visits.scheduled[asks],
            arrived=visits.arrived[asks],
            completed=visits.completed[asks],
            missing=missing[asks],
            succeeded=succeeded[asks],
            in_shortage=in_shortage[asks],
            slow=self.slow[a[asks]],
            warranty=self.warranty[a[asks]],
        )
        lines = order_parts(self.rng, self.world, need)
        self.lines.append(lines)
        asked = a[asks]
        self.waiting_line[asked[need.missing]] = known + np.flatnonzero(need.missing)
        delivered = np.full(len(a), NA, dtype=np.int64)
        delivered[asks] = lines.delivered[: len(asked)]
        return delivered
