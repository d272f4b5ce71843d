"""The models built by Spark: what it reads is exported from DuckDB's files; the marts come back into the build file.

dbt runs in an environment of its own, where the adapter of spark_adapter/ translates every query: docs/spark.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.manifest import models_in

# Which databases and schemas the sources of the models lie in.
_SOURCE_SCHEMAS = (("ingest", "raw"), ("ingest", "policy"), ("build", "meta"))


def export_inputs(build_file: Path, ingest_file: Path, folder: Path) -> None:
    """Write every table that the models may read as a source to `folder`, `<schema>/<table>.parquet`, and their columns
    with DuckDB's types to `inputs.json`."""
    written: dict[str, list[tuple[str, str]]] = {}
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, ingest_file, "ingest", read_only=True)
        for database, schema in _SOURCE_SCHEMAS:
            (folder / schema).mkdir(parents=True, exist_ok=True)
            for table, names, types in con.execute(
                "select table_name, list(column_name order by column_index), list(data_type order by column_index) "
                "from duckdb_columns() where database_name = ? and schema_name = ? group by table_name order by all",
                [database, schema],
            ).fetchall():
                file = folder / schema / f"{table}.parquet"
                relation = ".".join(map(quote_identifier, (database, schema, table)))
                con.execute(f"copy {relation} to {quote_literal(str(file))} (format parquet)")
                written[f"{schema}.{table}"] = list(zip(names, types, strict=True))
    (folder / "inputs.json").write_text(json.dumps(written), encoding="utf-8")


def import_marts(warehouse: Path, build_file: Path, manifest: Mapping[str, Any]) -> None:
    """Copy every mart of Spark's warehouse into `build_file`, typed and documented as its contract says.

    duckdb.ConstraintException where a column that must not be empty is.
    """
    with connect(build_file) as con:
        con.execute("set timezone = 'UTC'")
        con.begin()
        con.execute("create schema if not exists marts")
        for node in models_in(dict(manifest), "marts"):
            _import_mart(con, warehouse, node)
        con.commit()


def _import_mart(con: duckdb.DuckDBPyConnection, warehouse: Path, node: Mapping[str, Any]) -> None:
    table = f"marts.{quote_identifier(node['name'])}"
    columns = list(node["columns"].values())
    declared = ", ".join(
        f"{quote_identifier(column['name'])} {column['data_type']}"
        + (" not null" if any(constraint["type"] == "not_null" for constraint in column["constraints"]) else "")
        for column in columns
    )
    con.execute(f"create table {table} ({declared})")
    # Spark's files say instants with their zone; the session's is UTC, so the cast takes only the zone away.
    con.execute(
        f"insert into {table} by name select "  # noqa: S608 - names of our own models
        + ", ".join(quote_identifier(column["name"]) for column in columns)
        + " from read_parquet(?)",
        [str(warehouse / "marts.db" / node["name"] / "*.parquet")],
    )
    con.execute(f"comment on table {table} is {quote_literal(node['description'])}")
    for column in columns:
        if column["description"]:
            name = f"{table}.{quote_identifier(column['name'])}"
            con.execute(f"comment on column {name} is {quote_literal(column['description'])}")
