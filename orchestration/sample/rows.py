"""Rows as the source systems deliver them, and the account of the dirt planted among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from orchestration.sample.clock import NA, Flags, Ints, Objects

Rows = dict[str, Objects]
"""Columns under their delivered names, in order, of equal length; None is missing."""


@dataclass
class Account:
    """What becomes of the delivered rows of a feed: the rest of them is landed."""

    delivered: int = 0
    rejected: int = 0
    superseded: int = 0
    filtered: int = 0

    @property
    def landed(self) -> int:
        """Rows that the raw table holds at the end."""
        return self.delivered - self.rejected - self.superseded - self.filtered


@dataclass
class Dirt:
    """Counts of planted dirt per feed and kind, and the account of each feed."""

    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def plant(self, feed: str, kind: str, count: int) -> None:
        """Note dirt that is landed as it is: missing values, skewed clocks, scores out of scale, late rows."""
        kinds = self.kinds.setdefault(feed, {})
        kinds[kind] = kinds.get(kind, 0) + int(count)

    def reject(self, feed: str, kind: str, count: int) -> None:
        """Note rows that must be rejected."""
        self.plant(feed, f"reject_{kind}", count)
        self.account(feed).rejected += int(count)

    def supersede(self, feed: str, kind: str, count: int) -> None:
        """Note rows that an equal or later version of the same key displaces."""
        self.plant(feed, kind, count)
        self.account(feed).superseded += int(count)

    def leave_out(self, feed: str, kind: str, count: int) -> None:
        """Note rows that the profile declares not to belong to the feed."""
        self.plant(feed, kind, count)
        self.account(feed).filtered += int(count)

    def account(self, feed: str) -> Account:
        """The account of a feed, begun where there is none."""
        return self.accounts.setdefault(feed, Account())


def some(rng: np.random.Generator, size: int, rate: float, least: int = 2) -> Ints:
    """Draw sorted indexes of about `rate` of `size` rows, at least `least` of them (all, where there are fewer)."""
    return np.sort(rng.choice(size, min(max(round(rate * size), least), size), replace=False)).astype(np.int64)


def length(rows: Rows) -> int:
    """Number of rows."""
    return len(next(iter(rows.values())))


def pick_rows_at(rows: Rows, index: Ints | Flags) -> Rows:
    """Copy the rows at `index`."""
    return {name: values[index].copy() for name, values in rows.items()}


def join_rows(parts: Sequence[Rows]) -> Rows:
    """Put rows of equal columns one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def changed(rows: Rows, **columns: object) -> Rows:
    """Copy rows with some columns replaced: by one value for all, or by an array."""
    size = length(rows)
    copy = {name: values.copy() for name, values in rows.items()}
    for name, value in columns.items():
        copy[name] = value if isinstance(value, np.ndarray) else fill(value, size)
    return copy


def fill(value: object, size: int) -> Objects:
    """An array of `size` times the same value."""
    values = np.empty(size, dtype=object)
    values[:] = [value] * size
    return values


def words_at(vocabulary: Sequence[str | None], index: Ints) -> Objects:
    """The words at `index`; None where the index is negative."""
    table = np.empty(len(vocabulary) + 1, dtype=object)
    table[:-1] = list(vocabulary)
    return np.asarray(table[np.where(index < 0, len(vocabulary), index)], dtype=object)


def numbers(values: Ints, missing: Flags | None = None) -> Objects:
    """Whole numbers as Python objects, None where `missing`."""
    result = values.astype(object)
    if missing is not None:
        result[missing] = None
    return np.asarray(result, dtype=object)


def money(cents: Ints, missing: Flags | None = None) -> Objects:
    """Amounts in currency units as Python floats, exact to the cent, None where `missing`."""
    return numbers_of(cents / 100, missing)


def money_text(cents: Ints) -> Objects:
    """Amounts as text with two decimals."""
    return np.array([f"{value / 100:.2f}" for value in cents.tolist()], dtype=object)


def numbers_of(values: np.ndarray, missing: Flags | None = None) -> Objects:
    """Any numbers as Python objects, None where `missing`."""
    result = values.astype(object)
    if missing is not None:
        result[missing] = None
    return np.asarray(result, dtype=object)


def until(instants: Ints, end: int) -> Ints:
    """The instants that as-of has seen: NA from `end` on."""
    return np.where(instants < end, instants, NA)


Files = dict[str, Rows]
"""File drops: name below the sources folder → rows."""


def split_files(rows: Rows, group: Ints, names: dict[int, str]) -> Files:
    """Split rows into the files of their groups, in their order; a group without rows has a file too."""
    order = np.argsort(group, kind="stable")
    ordered = {name: values[order] for name, values in rows.items()}
    low = np.searchsorted(group[order], list(names), side="left").tolist()
    high = np.searchsorted(group[order], list(names), side="right").tolist()
    return {
        name: {column: values[first:last] for column, values in ordered.items()}
        for name, first, last in zip(names.values(), low, high, strict=True)
    }
