"""What `profile new` finds at a source: its tables, what their columns hold, and what identifies a row."""

# ruff: noqa: S608 - names come from headers, through sql_text
from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import duckdb

from orchestration.extract.column_facts import Facts, facts_of
from orchestration.extract.connectors import connector_for
from orchestration.extract.connectors.delivery import Request, Sessions
from orchestration.extract.errors import ExtractError
from orchestration.extract.personal import words_of
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import Source
from orchestration.extract.sql_text import quote, quote_all

# What a part of a profile may hold, as it will be written.
Written: TypeAlias = "str | int | tuple[str, ...] | Mapping[str, Written]"

# Rows that are looked at of each table.
LIMIT_ROWS = 50_000
# Columns that may be parts of a key, and how many of them together.
_KEY_CANDIDATES = 8
_KEY_PARTS = 3
# Words in the names of columns that are made to tell rows apart; others may be unique by chance.
_KEY_WORDS = {
    "id", "no", "number", "num", "nr", "code", "key", "line", "leg", "date", "day", "seq", "sequence", "version",
    "index", "position", "编号", "单号", "日期", "行号", "序号",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One place of a source: `keys` are those of a binding that say where it is and how it is read.

    `words` are those of its name and of the names around it. `key` identifies its rows: as declared by the database,
    or (`is_key_seen`) unique among the rows that were looked at. `problem` says why it could not be read.
    """

    label: str
    keys: Mapping[str, Written]
    words: tuple[str, ...]
    facts: tuple[Facts, ...] = ()
    row_count: int = 0
    key: tuple[str, ...] = ()
    is_key_seen: bool = False
    remarks: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class Inspection:
    """A source: what it is called, the keys of its part of the profile, the variables with its secrets, its tables."""

    name: str
    what: str
    source: Mapping[str, Written]
    variables: tuple[str, ...]
    tables: tuple[Table, ...]


def look_at(table: Table, source: Source, sessions: Sessions, limit_rows: int = LIMIT_ROWS) -> Table:
    """Read `table` from `source` as a landing would, and add what its columns hold, or why they cannot be read."""
    binding = Binding.model_validate({"source": source.name, **table.keys})
    with _scratch() as scratch, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set temp_directory = ?", [str(scratch)])
        request = Request(
            feed="profile new",
            bindings=(binding,),
            fingerprints=("",),
            zone="UTC",
            landed_at=datetime.now(UTC),
            scratch=scratch,
            sessions=sessions,
            limit_rows=limit_rows,
        )
        try:
            delivery = connector_for(source).deliver(con, request)
        except ExtractError as error:
            sessions.drop(source.name)
            return replace(table, problem=str(error).partition(": ")[2])
        notices = tuple(f"{notice.kind}: {notice.message}" for notice in delivery.notices)
        table = replace(table, remarks=(*table.remarks, *notices))
        if not delivery.parts:
            return replace(table, problem="it is empty: there is nothing to look at")
        (part,) = delivery.parts
        facts = facts_of(con, part.relation, part.columns)
        row_count = facts[0].row_count
        if table.key or not row_count:
            return replace(table, facts=facts, row_count=row_count)
        return replace(table, facts=facts, row_count=row_count, key=_key(con, part.relation, facts), is_key_seen=True)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aftersales_new_") as folder:
        yield Path(folder)


def _key(con: duckdb.DuckDBPyConnection, relation: str, facts: Sequence[Facts]) -> tuple[str, ...]:
    """Find the fewest columns that together are unique in every row; none if that takes more than three."""
    filled = [each for each in facts if each.filled == each.row_count and each.kind not in ("number", "nested")]
    named = [each for each in filled if _KEY_WORDS & set(words_of(each.name))]
    timeless = [each for each in filled if each.kind != "time of day"]
    for candidates in (named, timeless, filled):
        found = _unique_together(con, relation, facts, candidates)
        if found:
            return found
    return ()


def _unique_together(
    con: duckdb.DuckDBPyConnection, relation: str, facts: Sequence[Facts], candidates: Sequence[Facts]
) -> tuple[str, ...]:
    most = sorted(candidates, key=lambda each: -each.distinct)[:_KEY_CANDIDATES]
    # In the order of the table, so that the proposal reads as its columns do.
    names = [each.name for each in facts if each in most]
    for count in range(1, _KEY_PARTS + 1):
        for combination in itertools.combinations(names, count):
            listed = quote_all(combination)
            row = con.execute(f"select count(*) = count(distinct ({listed})) from {quote(relation)}").fetchone()
            assert row is not None  # an aggregate without grouping always returns one row
            if row[0]:
                return combination
    return ()
