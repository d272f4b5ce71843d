"""The forms of what cannot be set, because it follows from what the columns mean: order of columns, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits
from expectations.suites import kinds


@dataclass(frozen=True)
class Contradiction:
    """A condition that no row may meet, as SQL over the columns of the table; `shows` are the columns worth seeing."""

    name: str
    says: str
    condition: str
    shows: tuple[str, ...]


# Table → (column, the column it must not be less than or before).
Order = Mapping[str, tuple[tuple[str, str], ...]]
Contradictions = Mapping[str, tuple[Contradiction, ...]]


def structure(table: str, limits: TableLimits, order: Order, contradictions: Contradictions) -> Iterator[Expectation]:
    """What is demanded of a table by its columns' order and its contradictions."""
    for column, than in order.get(table, ()):
        yield kinds.not_less(limits, column, than)
    for one in contradictions.get(table, ()):
        yield kinds.no_row_where(limits, one.name, one.says, one.condition, one.shows)
