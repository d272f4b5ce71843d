"""The table of differences between the marts of two published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, quote_identifier
from orchestration.manifest import models_in

# Sums of doubles depend on the order in which tasks and threads add.
RELATIVE_TOLERANCE = 1e-9
# What the gates say of a KPI depends on the version before, not on who built the models.
_NOT_COMPARED = {("kpi_values", "trust")}


@dataclass(frozen=True)
class Difference:
    """What differs in one mart: rows that only one of the two has by its exact columns, and pairs of rows whose doubles
    lie further apart than the tolerance, by column."""

    mart: str
    rows: int
    other_rows: int
    only_here: int
    only_there: int
    apart: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        apart = ", ".join(f"{column} {count}" for column, count in self.apart) or "none"
        return (
            f"{self.mart}: {self.rows} rows, {self.other_rows} in the other; only here {self.only_here}, only there "
            f"{self.only_there}; doubles apart: {apart}"
        )


def compare_marts(file: Path, other: Path, manifest: Mapping[str, Any]) -> tuple[list[str], list[Difference]]:
    """The marts that were compared, which are all of the manifest that both files have, and what differs."""
    with duckdb.connect() as con:
        attach(con, file, "here", read_only=True)
        attach(con, other, "there", read_only=True)
        compared, found = [], []
        for node in models_in(dict(manifest), "marts"):
            difference = _compare(con, node["name"], node["config"]["meta"]["key"])
            compared.append(node["name"])
            if difference is not None:
                found.append(difference)
    return compared, found


def _compare(con: duckdb.DuckDBPyConnection, mart: str, key: list[str]) -> Difference | None:
    columns = _columns(con, "here", mart)
    assert columns == _columns(con, "there", mart), f"{mart}: columns or types differ"
    doubles = [column for column, kind in columns if kind == "DOUBLE"]
    exact = [column for column, kind in columns if kind != "DOUBLE" and (mart, column) not in _NOT_COMPARED]
    here, there = (f"{side}.marts.{quote_identifier(mart)}" for side in ("here", "there"))
    listed = ", ".join(map(quote_identifier, exact))
    only_here = _count(con, f"(select {listed} from {here} except all select {listed} from {there})")
    only_there = _count(con, f"(select {listed} from {there} except all select {listed} from {here})")
    apart = []
    if doubles:
        # Rows with the same key are told apart by all that is exact, then by the doubles themselves.
        order = ", ".join(map(quote_identifier, [*exact, *doubles]))
        by_key = ", ".join(map(quote_identifier, key))
        numbered = "(select *, row_number() over (partition by {} order by {}) as pair from {})"
        joined = " and ".join(f"a.{quote_identifier(c)} is not distinct from b.{quote_identifier(c)}" for c in key)
        pairs = (
            f"{numbered.format(by_key, order, here)} as a inner join {numbered.format(by_key, order, there)} as b "
            f"on {joined} and a.pair = b.pair"
        )
        counts = ", ".join(f"count(*) filter (where {_is_apart(quote_identifier(column))})" for column in doubles)
        found = con.execute(f"select {counts} from {pairs}", {"tolerance": RELATIVE_TOLERANCE}).fetchone()
        assert found is not None
        apart = [(column, count) for column, count in zip(doubles, found, strict=True) if count]
    rows, other_rows = _count(con, here), _count(con, there)
    if rows == other_rows and not only_here and not only_there and not apart:
        return None
    return Difference(mart, rows, other_rows, only_here, only_there, tuple(apart))


def _is_apart(column: str) -> str:
    a, b = f"a.{column}", f"b.{column}"
    near = f"coalesce(abs({a} - {b}) <= $tolerance * greatest(abs({a}), abs({b})), false)"
    return f"{a} is distinct from {b} and not {near}"


def _columns(con: duckdb.DuckDBPyConnection, database: str, mart: str) -> list[tuple[str, str]]:
    return con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' and table_name = ? order by column_index",
        [database, mart],
    ).fetchall()


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = con.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return row[0]
