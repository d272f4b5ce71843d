"""The true KPI values of the simulated company, with nothing censored: the simulator knows how every ticket ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.calls import ABANDONED, ANSWERED, PHANTOM, RESPONSE, Calls, over_before
from orchestration.sample.clock import DAY, NA, Flags, Floats, Ints, Window, text_of
from orchestration.sample.feelings import ASPECTS, Feelings
from orchestration.sample.randoms import sigmoid
from orchestration.sample.requests import REPEAT
from orchestration.sample.tickets import Service, Tickets, take
from orchestration.sample.true_promises import Kept
from orchestration.sample.visits import CANCELLED, COMPLETED, NO_SHOW
from orchestration.sample.world import World

Tree = dict[str, Any]
"""What JSON can hold."""

DEFINITIONS = {
    "population": "the delivered tickets (created before as-of); their lives are followed past as-of",
    "first_response": "first human public answer, or answered call linked to the ticket - created, seconds; all "
    "tickets but merged ones that are ever answered",
    "resolution_first": "first resolved - created, seconds; all tickets that are ever resolved",
    "resolution_full": "last resolved - created, seconds; all tickets that are ever resolved",
    "sla": "calendar time by the priority in force (response urgent 1 h, else 24 h; resolution urgent 24 h, else 72 h, "
    "without the time of waiting for the customer and of having been resolved before a reopening); a raised priority "
    "counts from creation unless it was decided before; all tickets not cancelled or merged; never reached is breached",
    "first_time_fix_30d": "completed corrective work orders with one visit (no-shows apart) and no new corrective work "
    "order on the same unit and fault requested within 30 days of completion / completed corrective work orders",
    "fcr_window_7d": "resolved tickets with no reopening, no further ticket of the same unit and fault and no inbound "
    "call about it within 7 days of the first resolution / resolved tickets",
    "reopen_rate": "tickets ever reopened / tickets ever resolved",
    "csat": "what customers of all ever-resolved tickets would answer: 4-5 of 5 / all, and mean",
    "nps": "what customers of all ever-resolved tickets would answer, 0-10",
    "abandonment": "abandoned / offered inbound contacts without phantoms, of the delivered calls",
    "technicians": "true probability to fix a fault of medium complexity at the first visit with the part at hand",
}


def kpi_values(world: World, service: Service, feelings: Feelings, calls: Calls, books: Ints, kept: Kept) -> Tree:
    """Return the true KPI values over all, and the main ones per site, month, priority and technician."""
    tickets = take(service.tickets, np.arange(service.delivered))
    names = month_names(world.window)
    month = world.window.month_of(tickets.created)
    priorities = ("urgent", "high", "normal", "low")

    responded = first_responses(service, calls)

    def values(who: Flags) -> Tree:
        satisfaction = _satisfaction(feelings, who & (tickets.resolved != NA))
        return _times(tickets, responded, kept, who) | {"satisfaction": satisfaction}

    by_component = dict(zip(words.COST_COMPONENTS, books.sum(axis=(0, 1)).tolist(), strict=True))
    by_month = [dict(zip(words.COST_COMPONENTS, row, strict=True)) for row in books.sum(axis=1).tolist()]
    return {
        "definitions": DEFINITIONS,
        "all": values(np.ones(service.delivered, dtype=np.bool_)) | _quality(service, calls),
        "by_site": {site.code: values(tickets.site == index) for index, site in enumerate(words.SITES)},
        "by_month": {names[index]: values(month == index) for index in np.unique(month).tolist()},
        "by_priority": {name: values(tickets.final_priority == index) for index, name in enumerate(priorities)},
        "abandonment": _abandonment(world.window, calls),
        "cost_cents_by_component": by_component,
        "cost_cents_by_month": dict(zip(names, by_month, strict=False)),
        "technicians": _people(world, tickets, feelings),
    }


def person(world: World, tickets: Tickets, index: int) -> Tree:
    """What is true of one technician or agent."""
    staff = world.company.staff
    own = (tickets.technician == index) & (tickets.resolved != NA)
    return {
        "staff_no": str(staff.number[index]),
        "site": words.SITES[int(staff.site[index])].code,
        "fix_probability": number(sigmoid(staff.ability[index : index + 1])[0]),
        "attitude_z": number(staff.attitude[index]),
        "resolved_tickets": int(own.sum()),
    }


def first_time_fixes(service: Service) -> tuple[Flags, Flags]:
    """Per delivered ticket: whether its work order was fixed the first time for 30 days, and whether it counts."""
    tickets, visits, count = service.tickets, service.visits, service.delivered
    size, never = len(tickets.asset), np.iinfo(np.int64).max
    visit_count = np.bincount(visits.ticket[~np.isin(visits.outcome, (NO_SHOW, CANCELLED))], minlength=size)
    completed = visits.outcome == COMPLETED
    done = np.full(size, never, dtype=np.int64)
    np.minimum.at(done, visits.ticket[completed], visits.completed[completed])
    corrective = tickets.issue < words.CORRECTIVE_ISSUES
    counts = corrective & (done < never)
    first = visits.number == 0
    first &= corrective[visits.ticket]
    asked = _event_within(service, done, counts, visits.ticket[first], visits.requested[first], 30 * DAY)
    return ((visit_count == 1) & ~asked)[:count], counts[:count]


def repeated_within(service: Service, calls: Calls, days: int) -> Flags:
    """Per delivered ticket: reopened, asked for again, or called about within `days` of its first resolution."""
    tickets, count = service.tickets, service.delivered
    resolved = tickets.first_resolved != NA
    reopened = (tickets.reopened != NA) & (tickets.reopened - tickets.first_resolved <= days * DAY)
    every = np.arange(len(tickets.asset))
    asked = _event_within(service, tickets.first_resolved, resolved, every, tickets.created, days * DAY)
    inbound = (calls.about >= 0) & (calls.kind < RESPONSE) & (calls.leg == 1)
    about, at = calls.about[inbound], calls.offered[inbound]
    after = resolved[about] & (at > tickets.first_resolved[about])
    after &= at <= tickets.first_resolved[about] + days * DAY
    called = np.isin(every, about[after])
    return np.asarray((reopened | asked | called)[:count], dtype=np.bool_)


def first_responses(service: Service, calls: Calls) -> Ints:
    """Per delivered ticket: its first human public answer, a reply or an answered call linked to it; NA if never."""
    tickets = take(service.tickets, np.arange(service.delivered))
    never = np.iinfo(np.int64).max
    first = np.where(tickets.responded == NA, never, tickets.responded)
    linked = np.flatnonzero((calls.ticket >= 0) & (calls.leg == 1) & (calls.result == ANSWERED))
    np.minimum.at(first, calls.ticket[linked], calls.answered[linked])
    return np.asarray(np.where(first == never, NA, first), dtype=np.int64)


def month_names(window: Window) -> list[str]:
    """Names of the months of the window and of the one after, such as 2026-06."""
    return [text[:7] for text in text_of(window.month_starts, "date").tolist()]


def share(values: Flags) -> float | None:
    """Share of true values, None of none."""
    return number(values.mean()) if len(values) else None


def number(value: Floats | float) -> float:
    """A number as it stands in the truth: six decimals."""
    return round(float(value), 6)


def _times(tickets: Tickets, responded: Ints, kept: Kept, who: Flags) -> Tree:
    created, last = tickets.created, tickets.resolved
    counted = who & ~np.isin(tickets.exit, (words.CANCELLED, words.MERGED))
    first = tickets.first_resolved
    return {
        "tickets": int(who.sum()),
        "first_response_seconds": _spread(
            (responded - created)[who & (responded != NA) & (tickets.exit != words.MERGED)]
        ),
        "resolution_first_seconds": _spread((first - created)[who & (first != NA)]),
        "resolution_full_seconds": _spread((last - created)[who & (last != NA)]),
        "sla_first_response": _ratio(kept.first_response, counted),
        "sla_resolution": _ratio(kept.resolution, counted),
        "unresolved": int((who & (tickets.exit == words.UNRESOLVED)).sum()),
        "cancelled": int((who & (tickets.exit == words.CANCELLED)).sum()),
        "merged": int((who & (tickets.exit == words.MERGED)).sum()),
        "reopened": int((who & (tickets.reopened != NA)).sum()),
    }


def _ratio(met: Flags, counted: Flags) -> Tree:
    return {"n": int((met & counted).sum()), "of": int(counted.sum()), "share": share(met[counted])}


def _spread(values: Ints) -> Tree:
    if not len(values):
        return {"n": 0, "mean": None, "median": None, "p90": None}
    median, p90 = np.percentile(values, (50, 90))
    return {"n": len(values), "mean": number(values.mean()), "median": number(median), "p90": number(p90)}


def _satisfaction(feelings: Feelings, who: Flags) -> Tree:
    index = np.flatnonzero(who)
    if not len(index):
        return {"n": 0}
    csat, nps, ces = feelings.csat[index], feelings.nps[index], feelings.ces[index]
    means = [number(value) for value in feelings.aspects[index].mean(axis=0).tolist()]
    return {
        "n": len(index),
        "csat_top_box": share(csat >= 4),
        "csat_mean": number(csat.mean()),
        "nps": number(100 * ((nps >= 9).mean() - (nps <= 6).mean())),
        "nps_mean_score": number(nps.mean()),
        "ces_mean": number(ces.mean()),
        "ces_top_box": share(ces >= 5),
        "aspect_means": dict(zip(ASPECTS, means, strict=True)),
    }


def _quality(service: Service, calls: Calls) -> Tree:
    tickets = take(service.tickets, np.arange(service.delivered))
    resolved = tickets.first_resolved != NA
    repeated = repeated_within(service, calls, 7)
    return {
        "first_time_fix_30d": _ratio(*first_time_fixes(service)),
        "fcr_window_7d": _ratio(~repeated, resolved),
        "repeat_contact_7d": _ratio(repeated, resolved),
        "reopen_rate": _ratio(tickets.reopened != NA, resolved),
        "repeat_tickets": int((tickets.origin == REPEAT).sum()),
    }


def _event_within(service: Service, moment: Ints, eligible: Flags, members: Ints, at: Ints, seconds: int) -> Flags:
    """Whether an event (`members` at `at`) of the same unit and fault follows each eligible moment in time."""
    scale = 1 << 33
    group = service.tickets.asset * len(words.ISSUES) + service.tickets.issue
    events = np.sort(group[members] * scale + at)
    low = group * scale + np.where(eligible, moment, 0)
    found = np.searchsorted(events, low + seconds, side="right") > np.searchsorted(events, low, side="right")
    return np.asarray(found & eligible, dtype=np.bool_)


def _abandonment(window: Window, calls: Calls) -> Tree:
    counted = (calls.leg == 1) & (calls.kind < RESPONSE) & (calls.result != PHANTOM) & over_before(calls, window)
    month = window.month_of(calls.offered)
    lost, names = calls.result == ABANDONED, month_names(window)
    by_month = {names[index]: share(lost[counted & (month == index)]) for index in np.unique(month[counted]).tolist()}
    return _ratio(lost, counted) | {"by_month": by_month}


def _people(world: World, tickets: Tickets, feelings: Feelings) -> Tree:
    hired = np.flatnonzero(world.company.staff.hired < world.window.end).tolist()
    result = {}
    for index in hired:
        own = np.flatnonzero((tickets.technician == index) & (tickets.resolved != NA))
        top = {"csat_top_box": share(feelings.csat[own] >= 4)}
        result[str(world.company.staff.number[index])] = person(world, tickets, index) | top
    return result
