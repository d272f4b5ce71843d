"""The files on which mutations are tried: feeds and marts of the sample company, in order, with a history."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from expectations.results import Gate
from expectations.sql import identifier, literal
from expectations.tables import TableSpec
from tests.expectations import changes_1, changes_2
from tests.expectations.mutations import MANY, SYNTHETIC, Stage
from tests.expectations.tables import feed_specs, good_row, mart_specs, shipped_limits

_HISTORY = """
create table raw.rejects (feed varchar);
create table raw.batches as
select feed, timestamp '2026-06-20' + to_days(day) as landed_at, 100 as inserted
from (values {feeds}) as feeds (feed), (select unnest(range(9)) as day);
"""
_STORM = """
insert into raw.rejects select feed from (select distinct feed from raw.batches) as feeds, range(5000);
update raw.batches set inserted = 5000 where landed_at = (select max(landed_at) from raw.batches);
"""


def stage_of(gate: Gate, ingest: Path, published: Path, folder: Path) -> Stage:
    """Copy what the gate looks at into files of `folder`."""
    tables = feed_specs() if gate == "gate_1" else mart_specs()
    changes = changes_1 if gate == "gate_1" else changes_2
    source = ingest if gate == "gate_1" else published
    calm, storm, previous = (folder / f"{gate}_{name}.duckdb" for name in ("calm", "storm", "previous"))
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for name, path, option in (
            ("source", source, "(read_only)"),
            ("calm", calm, ""),
            ("previous", previous, ""),
        ):
            con.execute(f"attach '{path}' as {name} {option}")
        con.execute("create schema calm.calm; create schema previous.meta; create schema previous.marts")
        for table in tables.values():
            _copy(con, table, changes.GOOD)
        con.execute("use calm")
        if gate == "gate_1":
            feeds = [name for name, table in tables.items() if table.schema_name == "raw"]
            con.execute(_HISTORY.format(feeds=", ".join(f"({literal(feed)})" for feed in feeds)))
            _remember(con, tables, feeds)
        else:
            con.execute("create schema calm.meta")
            con.execute("create table meta.feeds as select feed, 1000 as row_count from source.meta.feeds")
            con.execute("create table meta.builds as from source.meta.builds")
            con.execute("create table meta.causes (build_id varchar)")
            con.execute("create table previous.marts.kpi_values as from marts.kpi_values")
    if gate == "gate_1":
        shutil.copy(calm, storm)
        with duckdb.connect(str(storm)) as con:
            con.execute(_STORM)
    with duckdb.connect(str(published), read_only=True) as con:
        ((as_of,),) = con.execute("select as_of_at from meta.settings").fetchall()
        kpi_ids = [kpi for (kpi,) in con.execute("select distinct kpi_id from marts.dim_kpis order by 1").fetchall()]
    return Stage(
        gate=gate,
        tables=tables,
        calm=calm,
        storm=storm if gate == "gate_1" else calm,
        previous=previous,
        limits=shipped_limits(),
        as_of=as_of,
        kpi_ids=tuple(kpi_ids),
        hand=changes.MUTATIONS,
        good=changes.GOOD,
    )


def _copy(con: duckdb.DuckDBPyConnection, table: TableSpec, good: Mapping[str, Mapping[str, Any]]) -> None:
    """The table as it is, and in schema calm: filled where it is empty, and of a feed many rows, all landed before."""
    con.execute(f"create schema if not exists calm.{table.schema_name}")
    columns = ", ".join(identifier(column.name) for column in table.columns)
    con.execute(f"create table calm.{table.name} as select {columns} from source.{table.name}")
    calm = f"calm.calm.{identifier(table.table_name)}"
    con.execute(f"create table {calm} as from calm.{table.name}")
    ((count,),) = con.execute(f"select count(*) from {calm}").fetchall()
    if count == 0:
        for number in range(SYNTHETIC):
            row = good_row(table, number) | dict(good.get(table.table_name, {}))
            names, marks = ", ".join(map(identifier, row)), ", ".join("?" for _ in row)
            con.execute(f"insert into {calm} ({names}) values ({marks})", list(row.values()))
    elif table.schema_name == "raw":
        con.execute(
            f"""
            create or replace table {calm} as
            select rows.*, row_number() over () as _row, 'known' as _batch_id
            from {calm} as rows, range({-(-MANY // count)})
            """
        )


def _remember(con: duckdb.DuckDBPyConnection, tables: Mapping[str, TableSpec], feeds: list[str]) -> None:
    con.execute("create table previous.meta.builds as select 'known' as build_id")
    con.execute("create table previous.meta.feeds (feed varchar, row_count bigint)")
    con.execute(
        "create table previous.meta.feed_values (feed varchar, column_name varchar, value varchar, row_count bigint)"
    )
    con.execute("create table previous.marts.kpi_values (kpi_id varchar)")
    for feed in feeds:
        con.execute(f"insert into previous.meta.feeds select ?, count(*) from calm.calm.{feed}", [feed])
        for column in tables[feed].columns:
            if column.allowed_values:
                con.execute(
                    f"insert into previous.meta.feed_values select ?, ?, {column.name}, count(*) "
                    f"from calm.calm.{feed} group by {column.name}",
                    [feed, column.name],
                )
