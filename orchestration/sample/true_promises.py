"""Which promises of the shipped SLA policies were truly kept: every ticket is followed to its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, NEVER, Flags, Ints
from orchestration.sample.events import Events
from orchestration.sample.randoms import running_numbers
from orchestration.sample.tickets import Service, take

_PRIORITY_COUNT = len(words.PRIORITIES)
_RESPONSE_TARGETS = np.where(np.arange(_PRIORITY_COUNT) == words.URGENT, HOUR, DAY)
_RESOLUTION_TARGETS = np.where(np.arange(_PRIORITY_COUNT) == words.URGENT, DAY, 3 * DAY)


@dataclass(frozen=True)
class Kept:
    """Per delivered ticket: whether it was answered, and resolved, in time; never counts as late."""

    first_response: Flags
    resolution: Flags


@dataclass(frozen=True)
class _Spans:
    """Unbroken times of one value per ticket, in order; `number` counts a ticket's from 0, its last never ends."""

    ticket: Ints
    number: Ints
    value: Ints
    start: Ints
    end: Ints


def kept_promises(service: Service, responded: Ints, events: Events) -> Kept:
    """Judge each delivered ticket, first answered at `responded`, by its whole log: pauses, reopenings, priorities."""
    tickets = take(service.tickets, np.arange(service.delivered))
    stages, priorities = _spans(events, events.status), _spans(events, events.priority)
    no_pauses = take(stages, np.zeros(len(stages.ticket), dtype=np.bool_))
    return Kept(
        first_response=_kept(tickets.created, responded, _RESPONSE_TARGETS, no_pauses, priorities),
        resolution=_kept(tickets.created, tickets.resolved, _RESOLUTION_TARGETS, _pauses(stages), priorities),
    )


def _spans(events: Events, values: Ints) -> _Spans:
    """Where the log's value changes; of several changes in one second the last counts."""
    new_ticket = np.append(True, events.ticket[1:] != events.ticket[:-1])
    changed = np.flatnonzero(new_ticket | np.append(True, values[1:] != values[:-1]))
    same_next = np.append(events.ticket[changed][1:] == events.ticket[changed][:-1], False)
    following = np.append(events.at[changed][1:], 0)
    end = np.where(same_next, following, NEVER)
    lasting = changed[end > events.at[changed]]
    ticket = events.ticket[lasting]
    return _Spans(
        ticket=ticket,
        number=running_numbers(ticket),
        value=values[lasting],
        start=events.at[lasting],
        end=end[end > events.at[changed]],
    )


def _pauses(stages: _Spans) -> _Spans:
    """Times in which the resolution's clock stands still: waiting for the customer, or resolved and reopened later."""
    over = np.isin(stages.value, (words.RESOLVED, words.CLOSED)) & (stages.end < NEVER)
    chosen = take(stages, (stages.value == words.WAIT_CUSTOMER) | over)
    return _Spans(chosen.ticket, running_numbers(chosen.ticket), chosen.value, chosen.start, chosen.end)


def _kept(created: Ints, reached: Ints, targets: Ints, pauses: _Spans, priorities: _Spans) -> Flags:
    """Whether `reached` (NA: never) was in time, by the first priority under which that was decided."""
    known = np.where(reached == NA, NEVER, reached)
    due = np.stack([_due(created, known, int(target), pauses) for target in targets])
    kept = np.zeros(len(created), dtype=np.bool_)
    decided = np.zeros(len(created), dtype=np.bool_)
    for number in range(int(priorities.number.max(initial=-1)) + 1):
        here = take(priorities, priorities.number == number)
        own_due, own_reached = due[here.value, here.ticket], known[here.ticket]
        now = ~decided[here.ticket] & (np.minimum(own_due, own_reached) < here.end)
        kept[here.ticket[now]] = (own_reached <= own_due)[now] & (own_reached < NEVER)[now]
        decided[here.ticket[now]] = True
    return kept


def _due(created: Ints, reached: Ints, target: int, pauses: _Spans) -> Ints:
    """When `target` seconds outside of pauses are used up; a pause after the due time, or after the end, is none."""
    due = created + target
    for number in range(int(pauses.number.max(initial=-1)) + 1):
        here = take(pauses, pauses.number == number)
        counts = (here.start < due[here.ticket]) & (here.start < reached[here.ticket])
        length = np.minimum(here.end, reached[here.ticket]) - here.start
        due[here.ticket[counts]] += length[counts]
    return due
