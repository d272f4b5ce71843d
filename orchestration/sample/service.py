"""Simulates the whole service, generation by generation: requests, their work, and the requests that follow from it.

Every ticket has its whole life here, also the part after as-of; what the source systems may show is cut later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, Flags, Ints
from orchestration.sample.parts import PartLines
from orchestration.sample.randoms import chance, skewed, stream
from orchestration.sample.requests import DUPLICATE, REPEAT, Requests, complete, first_requests
from orchestration.sample.tickets import Service, Tickets, stack, take
from orchestration.sample.visits import Visits
from orchestration.sample.work import work_on
from orchestration.sample.world import World

_GENERATIONS = 4
# With the requests that follow from them, these roots are some more tickets than asked; the surplus is left out.
_ROOT_SHARE = 0.94
_SPARE_ROOTS = 60


def serve(seed: int, world: World, count: int) -> Service:
    """Simulate the service of exactly `count` tickets created before as-of, and those that follow from them."""
    roots = round(_ROOT_SHARE * count) + _SPARE_ROOTS
    requests = first_requests(stream(seed, "arrivals"), world, roots)
    tickets: list[Tickets] = []
    visits: list[Visits] = []
    lines: list[PartLines] = []
    ticket_count = visit_count = 0
    for generation in range(_GENERATIONS):
        rng = stream(seed, f"work-{generation}")
        done, made, used = work_on(rng, world, requests)
        requests = _following(rng, world, done, ticket_count)
        tickets.append(done)
        visits.append(replace(made, ticket=made.ticket + ticket_count))
        lines.append(
            replace(
                used,
                ticket=used.ticket + ticket_count,
                visit=used.visit + visit_count,
                used_visit=np.where(used.used_visit >= 0, used.used_visit + visit_count, -1),
            )
        )
        ticket_count += len(done.asset)
        visit_count += len(made.ticket)
    everything = stack(tickets)
    keep = _fit(stream(seed, "fit"), everything, world, count)
    return _ordered(everything, stack(visits), stack(lines), world, keep, count)


def _following(rng: np.random.Generator, world: World, tickets: Tickets, known: int) -> Requests:
    """Requests that follow: repeats of fixes that did not hold, and doubles raised while still waiting."""
    size = len(tickets.asset)
    risk = 0.068 + 0.24 * tickets.is_fragile + 0.05 * world.company.assets.is_bad_batch[tickets.asset]
    repeats = np.flatnonzero((tickets.exit == words.RESOLVED) & chance(rng, risk, size))
    again = tickets.resolved[repeats] + skewed(rng, 3.6 * DAY, 0.9, len(repeats)).astype(np.int64) + 2 * HOUR
    waited = tickets.exit_at - tickets.created
    doubles = np.flatnonzero((waited > 8 * HOUR) & (tickets.origin != DUPLICATE) & chance(rng, 0.025, size))
    pause = np.minimum(waited[doubles], 2 * DAY) * (0.1 + 0.7 * rng.random(len(doubles)))
    parent = np.concatenate([repeats, doubles])
    created = np.concatenate([again, tickets.created[doubles] + pause.astype(np.int64)])
    origin = np.concatenate([np.full(len(repeats), REPEAT), np.full(len(doubles), DUPLICATE)])
    # Nothing later is ever counted, and the calendars end some time after.
    near = created < world.window.horizon + 60 * DAY
    parent, created, origin = parent[near], created[near], origin[near]
    return complete(rng, world, tickets.asset[parent], tickets.issue[parent], created, parent + known, origin)


def _fit(rng: np.random.Generator, tickets: Tickets, world: World, count: int) -> Flags:
    """Keep exactly `count` tickets created before as-of, by leaving out roots that nothing follows from."""
    keep = np.ones(len(tickets.asset), dtype=np.bool_)
    inside = tickets.created < world.window.end
    surplus = int(inside.sum()) - count
    has_child = np.zeros(len(keep), dtype=np.bool_)
    has_child[tickets.parent[tickets.parent >= 0]] = True
    free = np.flatnonzero(inside & ~has_child & (tickets.parent < 0))
    if not 0 <= surplus <= len(free):
        raise ValueError(f"simulated {int(inside.sum())} tickets where {count} were asked; ask for at least 100")
    keep[rng.choice(free, surplus, replace=False)] = False
    return keep


def _ordered(tickets: Tickets, visits: Visits, lines: PartLines, world: World, keep: Flags, count: int) -> Service:
    """Order tickets by creation, visits by ticket, lines by request, and point them at each other again."""
    kept = np.flatnonzero(keep)
    order = kept[np.lexsort((kept, tickets.created[kept]))]
    position = _positions(order, len(keep))
    tickets = take(tickets, order)
    tickets = replace(tickets, parent=position[tickets.parent])
    visits = replace(visits, ticket=position[visits.ticket])
    lines = replace(lines, ticket=position[lines.ticket])
    lines = take(lines, lines.ticket >= 0)
    here = np.flatnonzero(visits.ticket >= 0)
    visit_order = here[np.lexsort((visits.number[here], visits.ticket[here]))]
    visit_position = _positions(visit_order, len(visits.ticket))
    visits = take(visits, visit_order)
    lines = replace(lines, visit=visit_position[lines.visit], used_visit=visit_position[lines.used_visit])
    lines = take(lines, np.lexsort((np.arange(len(lines.ticket)), lines.requested)))
    return Service(tickets, visits, lines, world.facts, count)


def _positions(order: Ints, size: int) -> Ints:
    """Where each of `size` elements stands in `order`; -1 for those left out, and for index -1."""
    position = np.full(size + 1, -1, dtype=np.int64)
    position[order] = np.arange(len(order))
    return position
