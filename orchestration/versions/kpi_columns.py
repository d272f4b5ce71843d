"""Which columns of feeds, policies and marts each KPI's values depend on, written into the build file.

meta.kpi_columns  KPI × column. column_name * stands for which rows the table has; split_by is empty where every value
                  of the KPI depends on the column, and names the column of kpi_values by which rows are split where
                  only rows so split do: the channel of a ticket decides in which channel it counts, and nothing of the
                  company's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, insert_rows, scratch_of
from orchestration.engine import connect
from orchestration.versions.column_lineage import ColumnLineage, Models
from orchestration.versions.lineage import feeds_of_dimension
from orchestration.versions.remembered import Row, code_hash, remembered
from orchestration.versions.selects import Relation

# What a row of kpi_values says; what it is held against (target, status, score) is no question of data.
MEASURES = (
    "value",
    "numerator",
    "denominator",
    "eligible_count",
    "immature_count",
    "censored_count",
    "excluded_count",
    "interval_low",
    "interval_high",
    "standard_deviation",
)
SEGMENTS = ("site_id", "region", "product_family", "channel", "priority")
KPI_VALUES: Relation = ("marts", "kpi_values")

_TABLE = """
create or replace table build.meta.kpi_columns (
    kpi_id varchar not null, schema_name varchar not null, table_name varchar not null, column_name varchar not null,
    split_by varchar
)
"""
_PUBLIC = ("raw", "policy", "marts")
# What works the rows out: they are worked out anew when it changes.
_CODE = [Path(__file__).with_name(f"{name}.py") for name in ("kpi_columns", "column_lineage", "lineage", "selects")]


def write_kpi_columns(build_file: Path, ingest_file: Path, manifest: Mapping[str, Any], memory: Path) -> None:
    """Write meta.kpi_columns into `build_file`, which must be closed; `manifest` is that of the run, with its SQL.

    memory: a folder in which the rows are kept until a model, a KPI or a column changes.
    """
    with connect() as con:
        attach(con, build_file, "build")
        attach(con, scratch_of(build_file), "scratch", read_only=True)
        attach(con, ingest_file, "ingest", read_only=True)
        given = read_models(con, manifest)
        kpis = [
            kpi for (kpi,) in con.execute("select distinct kpi_id from build.marts.kpi_values order by 1").fetchall()
        ]
        rows = remembered(
            memory,
            "kpi_columns",
            [code_hash(*_CODE), version("sqlglot"), kpis, given.as_json()],
            lambda: _rows(ColumnLineage(given), kpis),
        )
        con.begin()
        con.execute(_TABLE)
        insert_rows(con, "build.meta.kpi_columns", rows)
        con.commit()


def read_models(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> Models:
    """The models behind kpi_values, by a manifest with compiled SQL and the attached databases that the SQL names."""
    nodes, sources, parents = manifest["nodes"], manifest["sources"], manifest["parent_map"]
    order: list[str] = []
    (start,) = (
        key for key, node in nodes.items() if node["resource_type"] == "model" and _relation(node) == KPI_VALUES
    )
    _add_after_parents(start, parents, order)
    keys: dict[Relation, list[frozenset[str]]] = {}
    for key in order:
        meta = (nodes.get(key) or sources[key])["config"]["meta"]
        if "key" in meta:
            keys.setdefault(_relation(nodes.get(key) or sources[key]), []).append(frozenset(meta["key"]))
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") in ("unique", "unique_combination") and node["attached_node"] in order:
            columns = test["kwargs"].get("columns") or [node["column_name"]]
            keys.setdefault(_relation(nodes[node["attached_node"]]), []).append(frozenset(columns))
    models = [nodes[key] for key in order if key in nodes]
    shapes: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for database, schema, table, column, data_type in con.execute(
        "select database_name, schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name in ('build', 'scratch', 'ingest') order by all"
    ).fetchall():
        shapes.setdefault(database, {}).setdefault(schema, {}).setdefault(table, {})[column] = data_type
    return Models(
        # What Python makes of its inputs cannot be read: it depends on all their columns.
        sql={_relation(model): model.get("compiled_code") or "" for model in models if model["language"] == "sql"},
        shapes=shapes,
        keys=keys,
        dimensions={
            _relation(model): frozenset(feeds_of_dimension(manifest, model))
            for model in models
            if model["fqn"][-2] == "dimensions"
        },
        parents={
            _relation(model): [_relation(nodes.get(key) or sources[key]) for key in parents[model["unique_id"]]]
            for model in models
        },
    )


def _rows(lineage: ColumnLineage, kpis: Iterable[str]) -> list[Row]:
    rows: list[Row] = []
    for kpi in kpis:
        found: set[tuple[str, str, str, str | None]] = {
            (*relation, column, segment)
            for segment, inputs in lineage.inputs(KPI_VALUES, MEASURES, kpi, SEGMENTS).items()
            for relation, column in inputs
            if relation[0] in _PUBLIC
        }
        rows += [[kpi, *row] for row in sorted(found, key=lambda row: [part or "" for part in row])]
    return rows


def _relation(node: Mapping[str, Any]) -> Relation:
    return node["schema"], node["name"]


def _add_after_parents(key: str, parents: Mapping[str, list[str]], order: list[str]) -> None:
    for parent in sorted(parents.get(key, [])):
        if parent not in order:
            _add_after_parents(parent, parents, order)
    order.append(key)
