"""Which delivered columns an expression of a profile reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from orchestration.extract.sql_text import fold


def read_columns(con: duckdb.DuckDBPyConnection, expressions: Iterable[str], columns: Iterable[str]) -> set[str]:
    """Return those of `columns` that any of `expressions` names; an expression that is no SQL names none."""
    by_name = {fold(column): column for column in columns}
    named: set[str] = set()
    for expression in expressions:
        statement = f"select ({expression}\n) from delivered"  # noqa: S608 - parsed, never run
        row = con.execute("select json_serialize_sql(?)", [statement]).fetchone()
        assert row is not None  # one row by construction
        named |= {fold(name) for name in _column_names(json.loads(row[0]))}
    return {column for name, column in by_name.items() if name in named}


def _column_names(node: Any) -> Iterator[str]:  # noqa: ANN401 - any node of a syntax tree
    if isinstance(node, dict):
        if node.get("class") == "COLUMN_REF":
            yield from node["column_names"]
        for child in node.values():
            yield from _column_names(child)
    elif isinstance(node, list):
        for child in node:
            yield from _column_names(child)
