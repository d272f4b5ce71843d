"""The simulated tickets as columns, and the small operations on dataclasses of arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from orchestration.sample.clock import Flags, Ints
from orchestration.sample.world import Facts

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from orchestration.sample.parts import PartLines
    from orchestration.sample.visits import Visits

Columns = TypeVar("Columns", bound="DataclassInstance")


@dataclass(frozen=True)
class Tickets:
    """One element per ticket, in order of creation; instants are NA where the step never happens.

    `exit` is a status of the vocabulary: RESOLVED, UNRESOLVED, CANCELLED or MERGED; `exit_at` its instant. `parent` is
    the ticket that a repeat or duplicate comes from, -1 for roots. `resolved` is the last resolution.
    """

    asset: Ints
    customer: Ints
    product: Ints
    issue: Ints
    symptom: Ints
    channel: Ints
    priority: Ints
    final_priority: Ints
    complexity: Ints
    mode: Ints
    site: Ints
    agent: Ints
    technician: Ints
    earlier_technician: Ints
    parent: Ints
    origin: Ints
    exit: Ints
    visit_count: Ints
    created: Ints
    accepted: Ints
    responded: Ints
    raised_at: Ints
    dispatched: Ints
    held: Ints
    resumed: Ints
    started: Ints
    first_resolved: Ints
    reopened: Ints
    resolved: Ints
    exit_at: Ints
    followed_up: Ints
    closed_before_reopening: Ints
    closed: Ints
    later_call: Ints
    is_immediate: Flags
    is_warranty: Flags
    is_short_of_parts: Flags
    is_fragile: Flags
    """The fix is of the kind that often does not hold."""


@dataclass(frozen=True)
class Service:
    """All that happened: `tickets` in order of creation (the first `delivered` before as-of), visits and part lines."""

    tickets: Tickets
    visits: Visits
    parts: PartLines
    facts: Facts
    delivered: int


def take(columns: Columns, index: Ints | Flags) -> Columns:
    """Return the same dataclass of arrays with only the elements at `index`."""
    chosen: dict[str, Any] = {field.name: getattr(columns, field.name)[index] for field in fields(columns)}
    return replace(columns, **chosen)


def stack(parts: list[Columns]) -> Columns:
    """Concatenate dataclasses of arrays of one kind."""
    names = [field.name for field in fields(parts[0])]
    joined: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return replace(parts[0], **joined)
