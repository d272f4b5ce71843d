"""What customers are charged for service, in cents: nothing under warranty, else labour by complexity and parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.clock import NA, Ints
from orchestration.sample.tickets import Service

_LABOR = 8_000
_LABOR_PER_COMPLEXITY = 4_000


@dataclass(frozen=True)
class Fees:
    """Cents per ticket in all, per ticket for labour, and per part line."""

    ticket: Ints
    labor: Ints
    line: Ints


def charge(service: Service, end: int) -> Fees:
    """Charge resolved field work out of warranty, and its parts used before `end` at one and a half times cost."""
    tickets, lines = service.tickets, service.parts
    pays = ~tickets.is_warranty & (tickets.visit_count > 0) & (tickets.first_resolved != NA)
    labor = np.where(pays, _LABOR + _LABOR_PER_COMPLEXITY * tickets.complexity, 0)
    used = (lines.used != NA) & (lines.used < end) & pays[lines.ticket]
    line = np.where(used, lines.quantity * lines.unit_cost * 3 // 2, 0)
    parts = np.bincount(lines.ticket, weights=line, minlength=len(tickets.asset)).astype(np.int64)
    return Fees(labor + parts, labor, line)
