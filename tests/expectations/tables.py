"""Small tables for the gates: the real contracts of feeds and marts, filled with rows in which everything is in order.

A good row is dull on purpose: every instant is the same, every number 1, every name unique. A test says what it changes
in one row, so the change is all there is to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from expectations.limits import Limit, Limits
from expectations.tables import ColumnSpec, TableSpec
from orchestration.extract.batch import POLICIES_DIR
from orchestration.extract.contract import read_contract
from orchestration.extract.privacy import Privacy

NOON = datetime(2026, 1, 1, 12)
AS_OF = datetime(2026, 1, 5)
MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
LANDING_COLUMNS = ("_source", "_file", "_line", "_batch_id", "_overflow")

Row = dict[str, Any]


@cache
def shipped_limits() -> Limits:
    """The limits that ship with the project."""
    query = """
        select * exclude (reason), false as is_own, 'gate_limits.csv' as place
        from read_csv(?, all_varchar = false, types = {
            'severity': 'varchar', 'tolerated_share': 'double', 'doubted_share': 'double',
            'lowest': 'double', 'highest': 'double',
            'minimum_count': 'bigint', 'valid_from_date': 'date', 'valid_to_date': 'date'
        })
        """
    with duckdb.connect() as con:
        rows = con.execute(query, [str(POLICIES_DIR / "gate_limits.csv")]).fetchall()
        return Limits(tuple(Limit(*row) for row in rows))


def own_limit(gate: str, table: str, column: str, expectation: str, **says: Any) -> Limits:
    """The limits that ship with one row of a company."""
    row = {
        "severity": None,
        "tolerated_share": None,
        "doubted_share": None,
        "lowest": None,
        "highest": None,
        "minimum_count": None,
        "valid_from": date(1990, 1, 1),
        "valid_to": None,
    } | says
    own = Limit(gate, table, column, expectation, **row, is_own=True, place="own.csv:2")  # type: ignore[arg-type]
    return Limits((*shipped_limits().rows, own))


@cache
def feed_specs() -> dict[str, TableSpec]:
    """Every feed and policy table as gate 1 is told of it where the profile says nothing, all connected."""
    privacy = Privacy()
    return {
        feed.name: TableSpec(
            feed.schema,
            feed.name,
            feed.key,
            tuple(
                ColumnSpec(
                    c.name,
                    c.type,
                    c.required or c.name in feed.key,
                    c.allowed_values,
                    privacy.hidden_class(c.pii),
                    c.references,
                    c.unit,
                )
                for c in feed.columns
            ),
            is_connected=True,
        )
        for feed in read_contract().values()
    }


@cache
def mart_specs() -> dict[str, TableSpec]:
    """Every mart as gate 2 is told of it, by the dbt contracts."""
    specs = {}
    for path in sorted(MODELS.glob("*/_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            columns = tuple(_mart_column(column) for column in model["columns"])
            meta = model["config"]["meta"]
            specs[model["name"]] = TableSpec(
                "marts",
                model["name"],
                tuple(meta["key"]),
                columns,
                is_connected=True,
                minimum_rows=0,
                is_key_judged=meta.get("is_key_judged", True),
            )
    return specs


def _mart_column(column: Mapping[str, Any]) -> ColumnSpec:
    tests = [test for test in column.get("data_tests", []) if isinstance(test, dict)]
    values = next((test["accepted_values"]["arguments"]["values"] for test in tests if "accepted_values" in test), [])
    return ColumnSpec(
        name=column["name"],
        type=column["data_type"],
        required={"type": "not_null"} in column.get("constraints", []),
        allowed_values=tuple(values),
        pii=None,
        references=None,
        unit=None,
    )


def good_row(spec: TableSpec, number: int) -> Row:
    """The row with that number: unique key, allowed values, everything at the same instant, every number 1."""
    return {column.name: _good_value(spec, column, number) for column in spec.columns}


def _good_value(spec: TableSpec, column: ColumnSpec, number: int) -> object:
    if column.allowed_values:
        return column.allowed_values[0]
    kind = column.type.partition("(")[0]
    if kind == "varchar":
        return f"v{number}"  # so a reference finds the row with the same number
    if kind in ("bigint", "integer"):
        return number if column.name in spec.key else 1
    values = {
        "decimal": Decimal(1),
        "double": 1.0,
        "boolean": False,
        "timestamp": NOON + timedelta(hours=number) if column.name in spec.key else NOON,
        "date": _key_date(column.name, number) if column.name in spec.key else NOON.date(),
    }
    return values[kind]


def _key_date(column: str, number: int) -> date:
    """A day of its own for each row; of months the first, and beyond a year's the next year."""
    if column.endswith("month_date"):
        return date(2026 + number // 12, 1 + number % 12, 1)
    return date(2026, 1 + number % 12, 1 + number // 12)


def write(
    path: Path, tables: Sequence[tuple[TableSpec, Sequence[Row]]], *, feeds_with_rows: Sequence[str] = ()
) -> Path:
    """Write a DuckDB file with these tables and, beside them, the build's meta.feeds."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema meta")
        con.execute("create table meta.feeds (feed varchar, row_count bigint)")
        con.execute("create schema raw")
        con.execute("create table raw.rejects (feed varchar)")
        con.execute("create table raw.batches (feed varchar, landed_at timestamp, inserted bigint)")
        for feed in feeds_with_rows:
            con.execute("insert into meta.feeds values (?, 1)", [feed])
        for spec, rows in tables:
            columns = [f'"{column.name}" {column.type}' for column in spec.columns]
            if spec.schema_name == "raw":
                columns += [f"{name} varchar" for name in LANDING_COLUMNS]
            con.execute(f"create schema if not exists {spec.schema_name}")
            con.execute(f"create table {spec.name} ({', '.join(columns)})")
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                con.execute(f"insert into {spec.name} ({names}) values ({marks})", list(row.values()))
    return path


def disconnected(spec: TableSpec) -> TableSpec:
    """The same table of a company that does not deliver it."""
    return replace(spec, is_connected=False)
