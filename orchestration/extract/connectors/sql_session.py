"""What the sql connector asks of a database: one open read-only transaction, which every feed of the source shares."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.sql_text import quote

# A batch has at most this many rows and, as far as the rows before it tell, bytes.
BATCH_ROWS = 20_000
BATCH_BYTES = 8_000_000

# A long read says this often how far it is.
PROGRESS_SECONDS = 5.0

CONNECT_SECONDS = 10

# A value of a cursor column.
Value = str | int | Decimal | date


class DatabaseError(Exception):
    """A database refused or failed; the message is the driver's own. `may_pass`: trying again may help."""

    def __init__(self, message: str, *, may_pass: bool) -> None:
        super().__init__(message)
        self.may_pass = may_pass


@dataclass(frozen=True)
class Field:
    """A column of a result: its DuckDB type (None where only the values tell), and whether its values have an order."""

    name: str
    type: str | None = None
    is_ordered: bool = True


@dataclass
class Target:
    """Where rows go: the temporary `relation` of `con`, labelled with their `place`; `scratch` is for files."""

    con: duckdb.DuckDBPyConnection
    relation: str
    place: str
    scratch: Path
    tell: Callable[[str], None]
    row_count: int = 0
    _told_at: float = field(default_factory=time.monotonic)

    def create(self, fields: Iterable[tuple[str, str]]) -> None:
        """Make the relation with columns of these names and types, and those that every delivery has."""
        columns = "".join(f"{quote(name)} {type_}, " for name, type_ in fields)
        self.con.execute(
            f"create temp table {quote(self.relation)} ({columns}_file varchar, _line bigint, _row bigint)"
        )

    def count(self, rows: int) -> None:
        """Count rows that were read; say how many from time to time."""
        self.row_count += rows
        if time.monotonic() - self._told_at >= PROGRESS_SECONDS:
            self._told_at = time.monotonic()
            self.tell(f"read {self.row_count:,} rows of {self.place}")


@dataclass
class Step:
    """How many rows to fetch at once: few at first, then what fills a batch, judged by the rows so far."""

    rows: int = 1_000

    def learn(self, row_count: int, byte_count: int) -> None:
        """Take `row_count` rows of together `byte_count` bytes into account."""
        fitting = row_count * BATCH_BYTES // max(byte_count, 1)
        self.rows = max(1, min(fitting, 4 * self.rows, BATCH_ROWS))


class Session(ABC):
    """An open read-only transaction of one database. Its methods raise DatabaseError."""

    @abstractmethod
    def quote(self, name: str) -> str:
        """Quote an identifier."""

    @abstractmethod
    def literal(self, value: Value) -> str:
        """Write a value as SQL, quoted as the driver does: COPY and streaming cursors take no parameters."""

    @abstractmethod
    def tables(self, schema: str | None) -> list[str]:
        """List the tables and views of `schema`, or of where names without one are looked for."""

    @abstractmethod
    def primary_key(self, table: str, schema: str | None) -> tuple[str, ...]:
        """List the columns of a table's primary key; none for a view."""

    @abstractmethod
    def fields(self, relation: str) -> tuple[Field, ...]:
        """Describe the columns of `relation` (SQL that may follow `from`)."""

    @abstractmethod
    def read(self, statement: str, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
        """Bring the rows of `statement`, which has the columns `fields`, to `target`."""

    def limited(self, statement: str, rows: int) -> str:
        """Write a statement that brings the first `rows` of the rows of `statement`."""
        return f"{statement} limit {rows}"

    def sort_key(self, one: Field) -> str:
        """Write what to order by, for an order by the values of a column."""
        return self.quote(one.name)

    def value_type(self, relation: str, one: Field) -> str:  # noqa: ARG002 - where the type is unknown, values are asked
        """Return the DuckDB type of a column's values."""
        assert one.type is not None  # who does not know types asks the values
        return one.type.upper()


def impossible_dates(target: Target, columns: Iterable[str]) -> tuple[Notice, ...]:
    """Tell of `columns` in which values that are no dates were replaced by -infinity, the date that no date is.

    Mapping rejects it with its reason, or reads it as nothing where the source says null_markers: ["", "-infinity"].
    """
    names = list(columns)
    if not names:
        return ()
    counts = ", ".join(f"count(*) filter (where {quote(name)} = '-infinity')" for name in names)
    found: tuple[Any, ...] | None = target.con.execute(f"select {counts} from {quote(target.relation)}").fetchone()  # noqa: S608 - names are quoted
    assert found is not None  # an aggregate without grouping always returns one row
    return tuple(
        Notice(
            "impossible_date",
            f"{target.place}: {count:,} value{'' if count == 1 else 's'} of {name} name no date, such as 0000-00-00 "
            "or one beyond what can be stored; delivered as -infinity, which null_markers can read as nothing",
            target.place,
            name,
        )
        for name, count in zip(names, found, strict=True)
        if count
    )
