"""Which delivered tickets, calls and visits are truly about the same issue: the simulator knows, the sources do not."""

from __future__ import annotations

import numpy as np

from orchestration.sample.call_drops import delivered_contacts
from orchestration.sample.calls import Calls
from orchestration.sample.clock import Ints
from orchestration.sample.crm_field import delivered_visits, visit_numbers
from orchestration.sample.rows import Rows, fill, join_rows
from orchestration.sample.scene import Scene


def issue_rows(scene: Scene, calls: Calls) -> Rows:
    """One row per ticket, call and visit about an issue: kind, number, and that of the issue's first ticket.

    Repeats and duplicates are about the issue of the ticket that they come from, however much later. Enquiries,
    installations and maintenance are about no issue, and have no row.
    """
    number, first = scene.orders.number, first_tickets(scene.service.tickets.parent)
    tickets = np.arange(scene.service.delivered)
    contact, about = delivered_contacts(scene, calls)
    known = about >= 0
    visits = delivered_visits(scene)
    parts = [
        ("ticket", number[tickets], tickets),
        ("call", contact[known], about[known]),
        ("visit", visit_numbers(scene)[visits], scene.service.visits.ticket[visits]),
    ]
    return join_rows(
        [
            {"kind": fill(kind, len(numbers)), "number": numbers, "issue": number[first[ticket]]}
            for kind, numbers, ticket in parts
        ]
    )


def first_tickets(parent: Ints) -> Ints:
    """Per ticket the one that its line of parents begins with."""
    first = np.where(parent < 0, np.arange(len(parent)), parent)
    while not np.array_equal(first[first], first):
        first = first[first]
    return first
