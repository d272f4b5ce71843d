"""The life of a ticket: answered, worked on, ended, perhaps reopened, followed up and closed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, MINUTE, NA, Flags, Floats, Ints
from orchestration.sample.company import local_technician
from orchestration.sample.parts import PartLines
from orchestration.sample.randoms import chance, sigmoid, skewed, spread
from orchestration.sample.requests import DUPLICATE, Requests
from orchestration.sample.tickets import Tickets, stack, take
from orchestration.sample.visits import CANCELLED, COMPLETED, NOT_FIXED, OTHER, FieldWork, Job, Visits, work_in_field
from orchestration.sample.world import UNDERSTAFFED_DELAY, World

_RESPONSE_MINUTES = np.array([35.0, 40.0, 60.0, 3.0, 50.0, 4.0, 110.0])
_PRIORITY_PACE = np.array([0.25, 0.7, 1.0, 1.5])
_AUTO_CLOSE = 3 * DAY


@dataclass(frozen=True)
class _Answer:
    """Who answered when; NA where it never comes to that."""

    agent: Ints
    accepted: Ints
    responded: Ints
    is_immediate: Flags
    pace: Floats
    """How much slower than usual the desk is."""


@dataclass(frozen=True)
class _Work:
    """The first round of work, one element per request."""

    technician: Ints
    earlier_technician: Ints
    dispatched: Ints
    held: Ints
    resumed: Ints
    started: Ints
    done: Ints
    visit_count: Ints
    failed_once: Flags
    short_of_parts: Flags
    is_first_contact: Flags
    field: FieldWork


@dataclass(frozen=True)
class _End:
    """How and when the first round ends: a status of the vocabulary."""

    status: Ints
    at: Ints

    @property
    def is_resolved(self) -> Flags:
        return np.asarray(self.status == words.RESOLVED, dtype=np.bool_)

    @property
    def is_early(self) -> Flags:
        return np.isin(self.status, (words.CANCELLED, words.MERGED))


@dataclass(frozen=True)
class _Aftermath:
    """What comes after the first resolution."""

    reopened: Ints
    resolved: Ints
    closed_early: Ints
    followed_up: Ints
    closed: Ints
    later_call: Ints
    visit_count: Ints
    is_fragile: Flags
    field: FieldWork


def work_on(rng: np.random.Generator, world: World, asked: Requests) -> tuple[Tickets, Visits, PartLines]:
    """Live the whole life of each request; visits and lines point at tickets and visits by position."""
    answer = _answer(rng, world, asked)
    work = _work(rng, world, asked, answer)
    end = _end(rng, asked, answer, work)
    after = _aftermath(rng, world, asked, answer, work, end)
    tickets = _tickets(rng, world, asked, answer, work, end, after)
    visits, lines = _field_work(tickets, work.field, after.field)
    return tickets, visits, lines


def _answer(rng: np.random.Generator, world: World, asked: Requests) -> _Answer:
    size = len(asked.asset)
    load = world.facts.load[world.window.month_of(asked.created)]
    short_staffed = world.facts.is_understaffed(asked.created)
    pace = load**1.3 * np.where(short_staffed, UNDERSTAFFED_DELAY, 1.0)
    slow = world.facts.slow_site[asked.site]
    urgent = asked.priority == words.URGENT
    desk = np.zeros(size, dtype=np.int64) + words.HOTLINE
    agent = local_technician(rng, world.company, world.window, desk, asked.created)
    immediate = (asked.channel == words.PHONE) & chance(rng, np.where(short_staffed, 0.42, 0.70), size)
    queued = 3 + rng.exponential(24, size) * load * np.where(short_staffed, 3.0, 1.0)
    picked_up = asked.created + queued.astype(np.int64)
    to_accept = skewed(rng, 5 * MINUTE, 1.0, size) * pace * np.where(urgent, 0.5, 1.0)
    to_respond = skewed(rng, _RESPONSE_MINUTES[asked.channel] * MINUTE, 1.15, size) * pace
    to_respond *= _PRIORITY_PACE[asked.priority] * np.where(slow, 2.4, 1.0)
    # Some requests slip through: misrouted, forgotten, left for the next shift.
    to_respond *= np.where(chance(rng, np.where(urgent, 0.14, 0.27), size), 30.0, 1.0)
    to_respond = np.minimum(to_respond, 12 * DAY)
    clock = world.clock
    accepted = np.where(
        urgent, clock.add(asked.created, to_accept, "24x7"), clock.add(asked.created, to_accept, "desk")
    )
    responded = np.where(urgent, clock.add(accepted, to_respond, "24x7"), clock.add(accepted, to_respond, "desk"))
    return _Answer(
        agent=agent,
        accepted=np.where(immediate, picked_up, accepted),
        responded=np.where(immediate, picked_up, responded),
        is_immediate=immediate,
        pace=np.asarray(pace, dtype=np.float64),
    )


def _work(rng: np.random.Generator, world: World, asked: Requests, answer: _Answer) -> _Work:
    size, clock, responded = len(asked.asset), world.clock, answer.responded
    remote = asked.mode == words.REMOTE
    load = world.facts.load[world.window.month_of(asked.created)]
    first_contact = remote & chance(rng, 0.55, size)
    quick = responded + spread(rng, 4 * MINUTE, 40 * MINUTE, size)
    long = clock.add(responded, skewed(rng, 9.0 * HOUR, 1.15, size) * answer.pace**0.5, "desk")
    dispatched = clock.add(responded, skewed(rng, 14 * MINUTE, 0.8, size) * load, "desk")
    waits = ~first_contact & chance(rng, np.where(remote, 0.28, 0.06), size)
    held = np.where(remote, responded, dispatched) + spread(rng, 20 * MINUTE, 2 * HOUR, size)
    resumed = held + spread(rng, 4 * HOUR, 3 * DAY, size)
    done = np.where(first_contact, quick, np.where(waits, np.maximum(long, resumed + 20 * MINUTE), long))
    local = local_technician(rng, world.company, world.window, asked.site, asked.created)
    technician = np.where(remote, answer.agent, local)
    other = local_technician(rng, world.company, world.window, asked.site, asked.created)
    moved = ~remote & chance(rng, 0.07, size) & (other != technician)

    index = np.flatnonzero(~remote)
    ready = np.where(waits, resumed, dispatched)[index]
    job = Job(index, ready, technician[index], np.zeros(len(index), dtype=np.int64))
    field = work_in_field(rng, world, asked, job)
    started, visit_count = responded.copy(), np.zeros(size, dtype=np.int64)
    failed_once, short_of_parts = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    done[index], started[index], visit_count[index] = field.done, field.started, field.visit_count
    failed_once[index], short_of_parts[index] = field.failed_once, field.short_of_parts
    return _Work(
        technician=technician,
        earlier_technician=np.where(moved, other, -1),
        dispatched=np.where(remote, NA, dispatched),
        held=np.where(waits, held, NA),
        resumed=np.where(waits, resumed, NA),
        started=started,
        done=done,
        visit_count=visit_count,
        failed_once=failed_once,
        short_of_parts=short_of_parts,
        is_first_contact=first_contact,
        field=field,
    )


def _end(rng: np.random.Generator, asked: Requests, answer: _Answer, work: _Work) -> _End:
    """Most are resolved; some are given up, cancelled before work begins, or merged into an earlier ticket."""
    size = len(asked.asset)
    remote = asked.mode == words.REMOTE
    hopeless = np.where(work.failed_once, 0.11, np.where(remote & ~work.is_first_contact, 0.025, 0.0))
    given_up = chance(rng, hopeless, size)
    cancelled = ~answer.is_immediate & chance(rng, 0.058, size)
    merged = asked.origin == DUPLICATE
    before_work = np.where(remote, work.done, work.started) - asked.created
    cancelled_at = asked.created + np.maximum((before_work * (0.15 + 0.8 * rng.random(size))).astype(np.int64), 60)
    merged_at = asked.created + skewed(rng, 50 * MINUTE, 0.9, size).astype(np.int64) + 30
    endings = [words.MERGED, words.CANCELLED, words.UNRESOLVED]
    status = np.select([merged, cancelled, given_up], endings, words.RESOLVED)
    return _End(status.astype(np.int64), np.select([merged, cancelled], [merged_at, cancelled_at], work.done))


def _aftermath(
    rng: np.random.Generator, world: World, asked: Requests, answer: _Answer, work: _Work, end: _End
) -> _Aftermath:
    """Fixes that do not hold are reopened; customers are called back; tickets are closed."""
    size, clock = len(asked.asset), world.clock
    remote, resolved_once = asked.mode == words.REMOTE, end.is_resolved
    fragile = resolved_once & chance(rng, 1 - sigmoid(world.company.staff.ability[work.technician] + 0.1), size)
    reopens = resolved_once & chance(rng, np.where(fragile, 0.13, 0.032), size)
    reopened = end.at + skewed(rng, 1.1 * DAY, 0.8, size).astype(np.int64) + HOUR
    resolved = np.where(
        reopens, clock.add(reopened, skewed(rng, 6 * HOUR, 0.9, size) * answer.pace**0.5, "desk"), end.at
    )
    back = np.flatnonzero(reopens & ~remote & chance(rng, 0.65, size))
    ready = clock.add(reopened[back], skewed(rng, HOUR, 0.6, len(back)), "desk")
    job = Job(back, ready, work.technician[back], work.visit_count[back], is_rework=True)
    field = work_in_field(rng, world, asked, job)
    visit_count = work.visit_count.copy()
    resolved[back], visit_count[back] = field.done, field.visit_count
    called_back = resolved_once & chance(rng, 0.55, size)
    followed_up = clock.add(resolved, skewed(rng, 11 * HOUR, 0.5, size), "desk")
    closed = np.where(called_back, followed_up + spread(rng, 30, 10 * MINUTE, size), resolved + _AUTO_CLOSE)
    later_call = end.at + skewed(rng, 2 * DAY, 0.8, size).astype(np.int64)
    calls = resolved_once & ~reopens & chance(rng, 0.018, size)
    return _Aftermath(
        reopened=np.where(reopens, reopened, NA),
        resolved=np.where(resolved_once, resolved, NA),
        closed_early=np.where(reopens & (reopened > end.at + _AUTO_CLOSE), end.at + _AUTO_CLOSE, NA),
        followed_up=np.where(called_back, followed_up, NA),
        closed=np.where(resolved_once, closed, NA),
        later_call=np.where(calls, later_call, NA),
        visit_count=visit_count,
        is_fragile=fragile,
        field=field,
    )


def _tickets(
    rng: np.random.Generator,
    world: World,
    asked: Requests,
    answer: _Answer,
    work: _Work,
    end: _End,
    after: _Aftermath,
) -> Tickets:
    """Put the stages together; a ticket that ends early never sees the steps that would have come later."""
    size, early = len(asked.asset), end.is_early

    def seen(instants: Ints) -> Ints:
        return np.where(early & (instants >= end.at), NA, instants)

    raised = ~early & (asked.priority == words.NORMAL) & chance(rng, 0.045, size)
    share = 0.05 + 0.35 * rng.random(size)
    raised_at = asked.created + ((end.at - asked.created) * share).astype(np.int64) + 30
    raised_to = np.where(chance(rng, 0.25, size), words.URGENT, words.HIGH)
    dispatched, held = seen(work.dispatched), seen(work.held)
    goes_out = dispatched != NA
    unseen = early | ((end.status == words.UNRESOLVED) & (asked.mode == words.REMOTE))
    return Tickets(
        asset=asked.asset,
        customer=asked.customer,
        product=asked.product,
        issue=asked.issue,
        symptom=asked.symptom,
        channel=asked.channel,
        priority=asked.priority,
        final_priority=np.where(raised, raised_to, asked.priority),
        complexity=asked.complexity,
        mode=asked.mode,
        site=asked.site,
        agent=answer.agent,
        technician=np.where(goes_out, work.technician, answer.agent),
        earlier_technician=np.where(goes_out, work.earlier_technician, -1),
        parent=asked.parent,
        origin=asked.origin,
        exit=end.status,
        visit_count=np.where(early, 0, after.visit_count),
        created=asked.created,
        accepted=seen(answer.accepted),
        responded=seen(answer.responded),
        raised_at=np.where(raised, raised_at, NA),
        dispatched=dispatched,
        held=held,
        resumed=np.where(held == NA, NA, seen(work.resumed)),
        started=np.where(unseen, NA, work.started),
        first_resolved=np.where(end.is_resolved, end.at, NA),
        reopened=after.reopened,
        resolved=after.resolved,
        exit_at=np.where(end.is_resolved, after.resolved, end.at),
        followed_up=after.followed_up,
        closed_before_reopening=after.closed_early,
        closed=after.closed,
        later_call=after.later_call,
        is_immediate=answer.is_immediate,
        is_warranty=asked.created <= world.company.assets.warranty_until[asked.asset],
        is_short_of_parts=work.short_of_parts,
        is_fragile=after.is_fragile,
    )


def _field_work(tickets: Tickets, first: FieldWork, second: FieldWork) -> tuple[Visits, PartLines]:
    """Join both rounds; take back the work that cancelled tickets never saw, and the success of those given up."""
    visits = stack([first.visits, second.visits])
    known = len(first.visits.ticket)
    moved = replace(
        second.parts,
        visit=second.parts.visit + known,
        used_visit=np.where(second.parts.used_visit >= 0, second.parts.used_visit + known, -1),
    )
    lines = stack([first.parts, moved])
    early = np.isin(tickets.exit, (words.CANCELLED, words.MERGED))
    given_up = tickets.exit == words.UNRESOLVED
    gone = early[visits.ticket]
    failed = given_up[visits.ticket] & (visits.number == tickets.visit_count[visits.ticket] - 1)
    failed &= visits.outcome == COMPLETED
    visits = replace(
        visits,
        outcome=np.where(gone, CANCELLED, np.where(failed, NOT_FIXED, visits.outcome)),
        reason=np.where(gone, -1, np.where(failed, OTHER, visits.reason)),
        arrived=np.where(gone, NA, visits.arrived),
        completed=np.where(gone, tickets.exit_at[visits.ticket], visits.completed),
    )
    kept = ~gone | ((visits.number == 0) & (visits.requested < tickets.exit_at[visits.ticket]))
    exit_at, back = tickets.exit_at[lines.ticket], early[lines.ticket]
    unused = back | (given_up[lines.ticket] & (lines.used != NA))
    lines = replace(
        lines,
        delivered=np.where(back & (lines.delivered >= exit_at), NA, lines.delivered),
        used=np.where(unused, NA, lines.used),
        used_visit=np.where(unused, -1, lines.used_visit),
        recovery=np.where(unused, 0, lines.recovery),
        returned=np.where(unused, exit_at + DAY, lines.returned),
    )
    lines = take(lines, ~back | (kept[lines.visit] & (lines.requested < exit_at)))
    position = np.append(np.cumsum(kept) - 1, -1)
    return take(visits, kept), replace(lines, visit=position[lines.visit], used_visit=position[lines.used_visit])
