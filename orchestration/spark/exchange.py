"""The models built by Spark: what it reads is exported from DuckDB's files; the marts come back into the build file.

dbt runs in an environment of its own, where the adapter of dbt_project/spark_adapter/ translates every query:
docs/spark.md.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.manifest import models_in, python_models


@contextmanager
def exchanged(build_file: Path, ingest_file: Path, folder: Path, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Around dbt's run on Spark: what it reads is written to `folder` before, and the marts are in `build_file` after.

    Nothing stays in the folder: the landed feeds say who customers are.
    """
    try:
        export_inputs(build_file, ingest_file, folder / "inputs", manifest)
        yield
        import_marts(folder / "warehouse", build_file, manifest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def export_inputs(build_file: Path, ingest_file: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write every source of the models to `folder`, `<schema>/<table>.parquet`, and its columns with DuckDB's types to
    `inputs.json`."""
    written: dict[str, list[tuple[str, str]]] = {}
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, ingest_file, "ingest", read_only=True)
        for source in sorted(manifest["sources"].values(), key=lambda source: source["unique_id"]):
            name = (source["database"], source["schema"], source["identifier"])
            file = folder / source["schema"] / f"{source['identifier']}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            relation = ".".join(map(quote_identifier, name))
            con.execute(f"copy {relation} to {quote_literal(str(file))} (format parquet)")
            written[".".join(name[1:])] = con.execute(
                "select column_name, data_type from duckdb_columns() "
                "where database_name = ? and schema_name = ? and table_name = ? order by column_index",
                name,
            ).fetchall()
    (folder / "inputs.json").write_text(json.dumps(written), encoding="utf-8")


def import_marts(warehouse: Path, build_file: Path, manifest: Mapping[str, Any]) -> None:
    """Copy every mart of Spark's warehouse into `build_file`, typed and documented as its contract says: all but those
    that depend on Python models, which are not built there.

    duckdb.ConstraintException where a column that must not be empty is.
    """
    with connect(build_file) as con:
        con.execute("set timezone = 'UTC'")
        con.begin()
        con.execute("create schema if not exists marts")
        elsewhere = python_models(manifest)
        for node in models_in(dict(manifest), "marts"):
            if node["unique_id"] not in elsewhere:
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
    names = ", ".join(quote_identifier(column["name"]) for column in columns)
    # Spark's files say instants with their zone; the session's is UTC, so the cast takes only the zone away.
    con.execute(
        f"insert into {table} by name select {names} from read_parquet(?)",  # noqa: S608 - names of our own models
        [str(warehouse / "marts.db" / node["name"] / "*.parquet")],
    )
    con.execute(f"comment on table {table} is {quote_literal(node['description'])}")
    for column in columns:
        if column["description"]:
            name = f"{table}.{quote_identifier(column['name'])}"
            con.execute(f"comment on column {name} is {quote_literal(column['description'])}")
