"""The call centre: contacts of customers and call-backs to them, as legs; all of them, also after as-of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, MINUTE, NA, Flags, Floats, Ints, Window
from orchestration.sample.company import local_technician
from orchestration.sample.randoms import chance, pick, running_numbers, skewed, spread, stream
from orchestration.sample.tickets import Service, stack, take
from orchestration.sample.world import World

QUEUES = ("报修", "咨询", "投诉", "VIP", "外呼")
RESULTS = ("接通", "放弃", "留言", "空呼")
ANSWERED, ABANDONED, VOICEMAIL, PHANTOM = range(4)
TYPES = ("报修", "进度查询", "售后反馈", "一般咨询", "首响回拨", "回访")
REPAIR, CHASE, AFTER, ENQUIRY, RESPONSE, FOLLOW_UP = range(6)
ABANDON_RATE = 0.055
ABANDON_RATE_UNDERSTAFFED = 0.27
_QUEUE_OF_TYPE = np.array([0, 1, 2, 1, 4, 4])
_LINKED = np.array([0.82, 0.62, 0.70, 0.0, 0.97, 0.95])


@dataclass(frozen=True)
class Contacts:
    """One element per contact: why, about which ticket (-1: none), who (-1: nobody known), when, and with whom.

    `queued` are seconds before it was answered or given up; -1 where still to be drawn.
    """

    kind: Ints
    about: Ints
    customer: Ints
    at: Ints
    agent: Ints
    queued: Ints
    result: Ints


@dataclass(frozen=True)
class Calls:
    """One element per leg, ordered by when the contact was offered; seconds are whole, `wrap` -1 where not measured.

    `about` is the ticket that it is really about, `ticket` the one that was linked (-1: none); `customer` is -1 where
    the caller was not identified, `agent` -1 where nobody answered.
    """

    contact: Ints
    leg: Ints
    kind: Ints
    queue: Ints
    result: Ints
    customer: Ints
    about: Ints
    ticket: Ints
    agent: Ints
    ivr: Ints
    queued: Ints
    talk: Ints
    hold: Ints
    wrap: Ints
    offered: Ints
    answered: Ints
    ended: Ints


def ring_phones(seed: int, world: World, service: Service) -> Calls:
    """Return every leg of every contact with the hotline."""
    rng = stream(seed, "calls")
    contacts = _with_lost_tries(rng, world, _contacts(rng, world, service))
    order = np.lexsort((np.arange(len(contacts.at)), contacts.at))
    return _legs(rng, world, take(contacts, order))


def over_before(calls: Calls, window: Window) -> Flags:
    """Which legs are of contacts that began in the window and were over before as-of: those that are delivered."""
    over = np.zeros(int(calls.contact.max()) + 1, dtype=np.int64)
    np.maximum.at(over, calls.contact, calls.ended)
    first = calls.leg == 1
    begins = calls.offered[first][np.cumsum(first) - 1]
    return np.asarray((over[calls.contact] < window.end) & (begins >= window.start), dtype=np.bool_)


def handled_minutes(calls: Calls) -> Floats:
    """Talk, hold and wrap of each leg in minutes; a wrap that was not measured counts as 0."""
    return np.asarray((calls.talk + calls.hold + np.maximum(calls.wrap, 0)) / MINUTE, dtype=np.float64)


def _contacts(rng: np.random.Generator, world: World, service: Service) -> Contacts:
    """Why people call, and why they are called; everybody gets through."""
    tickets, count = take(service.tickets, np.arange(service.delivered)), service.delivered
    asked = np.flatnonzero(tickets.is_immediate)
    open_for = np.minimum(tickets.exit_at - tickets.created, 30 * DAY)
    chased = np.repeat(np.arange(count), np.minimum(rng.poisson(open_for / DAY * 0.10), 4))
    chased_at = tickets.created[chased] + (open_for[chased] * (0.15 + 0.8 * rng.random(len(chased)))).astype(np.int64)
    after = np.flatnonzero(tickets.later_call != NA)
    reopened = np.flatnonzero((tickets.reopened != NA) & chance(rng, 0.6, count))
    reopened_at = tickets.reopened[reopened] - spread(rng, 30, 6 * MINUTE, len(reopened))
    enquiries = np.full(round(0.38 * count), -1, dtype=np.int64)
    near = tickets.created[rng.integers(0, count, len(enquiries))] + spread(rng, -3 * DAY, 3 * DAY, len(enquiries))
    enquired_at = np.clip(near, world.window.start, world.window.end - 10)
    by_phone = np.isin(tickets.channel, (words.PHONE, words.APP, words.STORE)) & ~tickets.is_immediate
    called = np.flatnonzero((tickets.responded != NA) & by_phone)
    back = np.flatnonzero(tickets.followed_up != NA)
    blocks = [
        (REPAIR, asked, tickets.created[asked]),
        (CHASE, chased, chased_at),
        (AFTER, after, tickets.later_call[after]),
        (AFTER, reopened, reopened_at),
        (ENQUIRY, enquiries, enquired_at),
        (RESPONSE, called, tickets.responded[called]),
        (FOLLOW_UP, back, tickets.followed_up[back]),
    ]
    kind = np.concatenate([np.full(len(about), reason) for reason, about, _ in blocks])
    about = np.concatenate([block[1] for block in blocks])
    at = np.concatenate([block[2] for block in blocks])
    size = len(kind)
    on_duty = local_technician(rng, world.company, world.window, np.zeros(size, dtype=np.int64), at)
    own_agent = np.isin(kind, (REPAIR, RESPONSE, FOLLOW_UP))
    anybody = rng.integers(0, len(world.company.customers.site), size)
    unknown = np.where(chance(rng, 0.55, size), anybody, -1)
    return Contacts(
        kind=kind,
        about=about,
        customer=np.where(about >= 0, tickets.customer[about], unknown),
        at=at,
        agent=np.where(own_agent, tickets.agent[about], on_duty),
        queued=np.where(kind == REPAIR, tickets.responded[about] - tickets.created[about], -1),
        result=np.full(size, ANSWERED, dtype=np.int64),
    )


def _with_lost_tries(rng: np.random.Generator, world: World, contacts: Contacts) -> Contacts:
    """Draw the waits, and who gives up: some for good, most try again within minutes (the try is a contact too)."""
    size, facts, kind = len(contacts.at), world.facts, contacts.kind
    inbound = kind < RESPONSE
    short_staffed = facts.is_understaffed(contacts.at)
    load = facts.load[world.window.month_of(contacts.at)]
    risk = np.where(short_staffed, ABANDON_RATE_UNDERSTAFFED, ABANDON_RATE * load**1.5)
    gives_up = inbound & chance(rng, risk, size)
    lost = gives_up & (kind != REPAIR) & chance(rng, 0.3, size)
    drawn = 3 + rng.exponential(24, size) * load * np.where(short_staffed, 3.0, 1.0)
    queued = np.where(contacts.queued >= 0, contacts.queued, drawn.astype(np.int64))
    rare = rng.random(size)
    special = np.where(rare < 0.012, PHANTOM, np.where(rare < 0.037, VOICEMAIL, ANSWERED))
    result = np.where(kind == ENQUIRY, special, ANSWERED)
    result = np.where(lost | (~inbound & chance(rng, 0.06, size)), ABANDONED, result)
    contacts = replace(contacts, queued=np.where(inbound, queued, 0), result=result)
    tries = take(contacts, gives_up & ~lost)
    patience = (3 + rng.exponential(48, len(tries.at))).astype(np.int64)
    before = spread(rng, 2 * MINUTE, 12 * MINUTE, len(tries.at)) + patience
    again = replace(tries, at=tries.at - before, queued=patience, result=np.full(len(tries.at), ABANDONED))
    return stack([contacts, again])


def _legs(rng: np.random.Generator, world: World, contacts: Contacts) -> Calls:
    """Split transferred contacts into legs and measure each."""
    size = len(contacts.at)
    inbound, answered = contacts.kind < RESPONSE, contacts.result == ANSWERED
    ticket = np.where(answered & chance(rng, _LINKED[contacts.kind], size), contacts.about, -1)
    known = chance(rng, np.where(inbound, 0.86, 1.0), size) | (ticket >= 0)
    extra = np.where(answered & inbound, pick(rng, (0.915, 0.075, 0.010), size), 0)
    contact = np.repeat(np.arange(size), extra + 1)
    leg = running_numbers(contact)
    total, first, got = len(contact), leg == 0, answered[contact]
    kind, result = contacts.kind[contact], contacts.result[contact]
    talk = skewed(rng, np.where(kind == FOLLOW_UP, 75.0, np.where(kind == CHASE, 110.0, 190.0)), 0.6, total)
    talk *= np.where(first & (extra[contact] > 0), 0.45, 1.0)
    talked = np.where(got, np.maximum(talk, 8), np.where(result == VOICEMAIL, 25, 0)).astype(np.int64)
    hold = np.where(got & chance(rng, 0.22, total), skewed(rng, 40, 0.7, total), 0).astype(np.int64)
    wrap = np.where(got, skewed(rng, 48, 0.6, total), 0).astype(np.int64)
    wrap[got & chance(rng, 0.06, total)] = -1
    queued = np.where(first, contacts.queued[contact], (2 + rng.exponential(14, total)).astype(np.int64))
    queued = np.where(result == PHANTOM, 0, queued)
    length = queued + talked + hold
    before = np.cumsum(length) - length
    offered = contacts.at[contact] + before - before[first][contact]
    desk = np.zeros(total, dtype=np.int64) + words.HOTLINE
    colleague = local_technician(rng, world.company, world.window, desk, contacts.at[contact])
    person = np.where(first, contacts.agent[contact], colleague)
    return Calls(
        contact=contact,
        leg=leg + 1,
        kind=kind,
        queue=_QUEUE_OF_TYPE[kind],
        result=result,
        customer=np.where(known, contacts.customer, -1)[contact],
        about=contacts.about[contact],
        ticket=ticket[contact],
        agent=np.where(got | ~inbound[contact], person, -1),
        ivr=np.where(inbound[contact] & first, spread(rng, 6, 40, total), 0),
        queued=queued,
        talk=talked,
        hold=hold,
        wrap=wrap,
        offered=offered,
        answered=np.where(got, offered + queued, NA),
        ended=offered + length,
    )
