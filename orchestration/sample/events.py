"""The change log of the tickets: every step of a ticket's life as one event, with who made it and who could see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, MINUTE, NA, Flags, Ints
from orchestration.sample.randoms import chance, running_numbers, spread, stream
from orchestration.sample.tickets import Service
from orchestration.sample.visits import PART_MISSING
from orchestration.sample.world import World

AUTHORS = ("客户", "坐席", "技师", "机器人", "系统")
CUSTOMER, AGENT, TECHNICIAN, BOT, SYSTEM = range(5)
_ANYWAY = -1


class _Kind(NamedTuple):
    """What an event of a kind says by itself: who makes it, the status from then on, its text, who can see it."""

    author_kind: int
    status: int = -1
    note: str | None = None
    is_public: bool = False


_KINDS = {
    "CREATE": _Kind(CUSTOMER, words.NEW, is_public=True),
    "AUTO_REPLY": _Kind(BOT, note="您好，您的服务请求已收到，我们会尽快联系您。", is_public=True),
    "ACCEPT": _Kind(AGENT, words.OPEN),
    "NOTE": _Kind(AGENT, note="核对保修信息，客户地址已确认"),
    "FIRST_REPLY": _Kind(AGENT, note="已电话联系客户，确认故障现象", is_public=True),
    "DISPATCH": _Kind(AGENT),
    "TRANSFER": _Kind(SYSTEM, note="改派"),
    "PRIO_UP": _Kind(AGENT, note="升级优先级"),
    "HOLD_CUST": _Kind(AGENT, words.WAIT_CUSTOMER, "客户要求改约"),
    "HOLD_PART": _Kind(TECHNICIAN, words.WAIT_PARTS, "缺件，已向备件中心申请"),
    "CUST_MSG": _Kind(CUSTOMER, note="客户催单", is_public=True),
    "RESUME": _Kind(SYSTEM, words.OPEN),
    "REPLY": _Kind(AGENT, note="已告知客户处理进度", is_public=True),
    "START": _Kind(_ANYWAY),
    "DONE": _Kind(_ANYWAY, words.RESOLVED, "故障已排除，客户确认", is_public=True),
    "REOPEN": _Kind(CUSTOMER, words.OPEN, "客户反映故障再次出现", is_public=True),
    "CALLBACK": _Kind(AGENT, note="回访：客户表示已正常使用", is_public=True),
    "CLOSE": _Kind(SYSTEM, words.CLOSED, "系统自动关单"),
    "CANCEL": _Kind(CUSTOMER, words.CANCELLED, "客户取消服务"),
    "MERGE": _Kind(AGENT, words.MERGED, "重复报修，合并处理"),
    "GIVE_UP": _Kind(AGENT, words.UNRESOLVED),
}
KINDS = tuple(_KINDS)
NOTES = tuple(kind.note for kind in _KINDS.values())
"""Text of each kind of event."""
_EARLY_ENDS = (words.CANCELLED, words.MERGED, words.UNRESOLVED)
_DIGITAL = (words.APP, words.WEB, words.CHAT, words.SOCIAL, words.MAIL)


@dataclass(frozen=True)
class Events:
    """One element per event, ordered by ticket and time; -1 where nobody or nothing.

    `status`, `priority`, `site` and `technician` are those in force from the event on.
    """

    ticket: Ints
    sequence: Ints
    kind: Ints
    author_kind: Ints
    author: Ints
    status: Ints
    priority: Ints
    site: Ints
    technician: Ints
    at: Ints
    is_public: Flags


class _Log:
    """Collects blocks of events; the order of the blocks is that of events in the same second."""

    _STATE = ("author", "author_kind", "priority", "site", "technician")

    def __init__(self) -> None:
        self.blocks: list[dict[str, Ints]] = []

    def add(self, kind: str, tickets: Ints, at: Ints, **state: Ints) -> None:
        """Add one event of `kind` per element; `state` says what changes with it, or who made it."""
        rule = _KINDS[kind]
        fixed = {"author": -1, "author_kind": rule.author_kind, "priority": -1, "site": -1, "technician": -1}
        block: dict[str, Ints | int] = {
            "ticket": tickets,
            "at": at,
            "block": len(self.blocks),
            "kind": KINDS.index(kind),
            "status": rule.status,
            "public": int(rule.is_public),
            **fixed,
            **state,
        }
        self.blocks.append({name: np.broadcast_to(np.int64(value), len(tickets)) for name, value in block.items()})

    def joined(self) -> dict[str, Ints]:
        """All events, block by block."""
        return {name: np.concatenate([block[name] for block in self.blocks]) for name in self.blocks[0]}


def write_log(seed: int, world: World, service: Service) -> Events:
    """Return all events of the delivered tickets, those after as-of too."""
    rng = stream(seed, "events")
    log = _Log()
    _opening(rng, log, service)
    _dispatching(rng, log, world, service)
    _waiting(log, service)
    _chasing(rng, log, service)
    _ending(log, service)
    return _arranged(log, service)


def _where(service: Service, instants: Ints) -> Ints:
    """Delivered tickets that have this instant."""
    return np.flatnonzero(instants[: service.delivered] != NA)


def _opening(rng: np.random.Generator, log: _Log, service: Service) -> None:
    tickets, count = service.tickets, service.delivered
    every = np.arange(count)
    log.add("CREATE", every, tickets.created[every], priority=tickets.priority[every], site=tickets.site[every])
    digital = every[np.isin(tickets.channel[every], _DIGITAL)]
    log.add("AUTO_REPLY", digital, tickets.created[digital] + spread(rng, 2, 45, len(digital)))
    index = _where(service, tickets.accepted)
    agent = tickets.agent[index]
    log.add("ACCEPT", index, tickets.accepted[index], author=agent, technician=agent)
    noted = index[chance(rng, 0.4, len(index))]
    noted_at = tickets.accepted[noted] + spread(rng, 20, 15 * MINUTE, len(noted))
    log.add("NOTE", noted, noted_at, author=tickets.agent[noted])
    index = _where(service, tickets.responded)
    log.add("FIRST_REPLY", index, tickets.responded[index], author=tickets.agent[index])


def _dispatching(rng: np.random.Generator, log: _Log, world: World, service: Service) -> None:
    tickets = service.tickets
    index = _where(service, tickets.dispatched)
    earlier = tickets.earlier_technician[index]
    first = np.where(earlier >= 0, earlier, tickets.technician[index])
    log.add("DISPATCH", index, tickets.dispatched[index], author=tickets.agent[index], technician=first)
    told = index[world.company.customers.is_english[tickets.customer[index]]]
    log.add("REPLY", told, tickets.dispatched[told] + 3 * MINUTE, author=tickets.agent[told])
    moved = index[(earlier >= 0) & (tickets.started[index] != NA)]
    travel = (tickets.started[moved] - tickets.dispatched[moved]) * (0.2 + 0.6 * rng.random(len(moved)))
    moved_at = tickets.dispatched[moved] + travel.astype(np.int64)
    log.add("TRANSFER", moved, moved_at, technician=tickets.technician[moved])
    index = _where(service, tickets.raised_at)
    raised_to = tickets.final_priority[index]
    log.add("PRIO_UP", index, tickets.raised_at[index], author=tickets.agent[index], priority=raised_to)


def _waiting(log: _Log, service: Service) -> None:
    tickets, visits, lines = service.tickets, service.visits, service.parts
    index = _where(service, tickets.held)
    log.add("HOLD_CUST", index, tickets.held[index], author=tickets.agent[index])
    index = _where(service, tickets.resumed)
    log.add("CUST_MSG", index, tickets.resumed[index])
    log.add("RESUME", index, tickets.resumed[index] + 1)
    index = _where(service, tickets.started)
    log.add(
        "START", index, tickets.started[index], author=tickets.technician[index], author_kind=_worker(service, index)
    )
    waited = (visits.reason[lines.visit] == PART_MISSING) & (lines.requested >= visits.completed[lines.visit])
    waited &= (lines.delivered != NA) & (lines.ticket < service.delivered)
    index = lines.ticket[waited]
    log.add("HOLD_PART", index, lines.requested[waited], author=visits.technician[lines.visit[waited]])
    log.add("RESUME", index, lines.delivered[waited])


def _worker(service: Service, tickets: Ints) -> Ints:
    return np.where(service.tickets.mode[tickets] == words.REMOTE, AGENT, TECHNICIAN)


def _chasing(rng: np.random.Generator, log: _Log, service: Service) -> None:
    """Impatient customers ask how it goes; most are answered."""
    tickets, count = service.tickets, service.delivered
    open_for = np.minimum(tickets.exit_at[:count] - tickets.created[:count], 30 * DAY)
    index = np.repeat(np.arange(count), np.minimum(rng.poisson(open_for / DAY * 0.16), 5))
    at = tickets.created[index] + (open_for[index] * (0.1 + 0.85 * rng.random(len(index)))).astype(np.int64)
    log.add("CUST_MSG", index, at)
    later = at + spread(rng, 5 * MINUTE, 3 * HOUR, len(index))
    known = (tickets.responded[index] != NA) & (at > tickets.responded[index])
    answered = known & chance(rng, 0.8, len(index)) & (later < tickets.exit_at[index])
    log.add("REPLY", index[answered], later[answered], author=tickets.agent[index[answered]])


def _ending(log: _Log, service: Service) -> None:
    tickets, count = service.tickets, service.delivered

    def done(index: Ints, at: Ints) -> None:
        log.add("DONE", index, at, author=tickets.technician[index], author_kind=_worker(service, index))

    index = _where(service, tickets.first_resolved)
    done(index, tickets.first_resolved[index])
    index = _where(service, tickets.closed_before_reopening)
    log.add("CLOSE", index, tickets.closed_before_reopening[index])
    index = _where(service, tickets.reopened)
    log.add("REOPEN", index, tickets.reopened[index])
    log.add("REPLY", index, tickets.reopened[index] + 20 * MINUTE, author=tickets.agent[index])
    done(index, tickets.resolved[index])
    index = _where(service, tickets.followed_up)
    log.add("CALLBACK", index, tickets.followed_up[index], author=tickets.agent[index])
    index = _where(service, tickets.closed)
    log.add("CLOSE", index, tickets.closed[index])
    for status, kind in zip(_EARLY_ENDS, ("CANCEL", "MERGE", "GIVE_UP"), strict=True):
        index = np.flatnonzero(tickets.exit[:count] == status)
        agent = np.where(status == words.CANCELLED, -1, tickets.agent[index])
        log.add(kind, index, tickets.exit_at[index], author=agent)


def _arranged(log: _Log, service: Service) -> Events:
    """Order events, drop what would follow an early end, and carry the state forward."""
    events, tickets = log.joined(), service.tickets
    early = np.isin(tickets.exit, _EARLY_ENDS)[events["ticket"]]
    before_end = events["at"] < tickets.exit_at[events["ticket"]]
    kept = np.flatnonzero(~early | np.isin(events["status"], _EARLY_ENDS) | before_end)
    order = kept[np.lexsort((events["block"][kept], events["at"][kept], events["ticket"][kept]))]
    ordered = {name: values[order] for name, values in events.items()}
    ticket = ordered["ticket"]
    return Events(
        ticket=ticket,
        sequence=running_numbers(ticket) + 1,
        kind=ordered["kind"],
        author_kind=ordered["author_kind"],
        author=ordered["author"],
        status=_carried(ordered["status"], ticket),
        priority=_carried(ordered["priority"], ticket),
        site=_carried(ordered["site"], ticket),
        technician=_carried(ordered["technician"], ticket),
        at=ordered["at"],
        is_public=ordered["public"] == 1,
    )


def _carried(values: Ints, ticket: Ints) -> Ints:
    """Fill -1 with the last value before it of the same ticket."""
    last = np.maximum.accumulate(np.where(values >= 0, np.arange(len(values)), 0))
    return np.where(ticket[last] == ticket, values[last], -1)
