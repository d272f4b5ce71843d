"""Which rows two attached versions, `old` and `new`, have differently, and what each of these changes speaks for.

A row counts as changed by the columns that its feed delivers: what the models compute beside them follows. Inputs
without such a mart are known by their fingerprints alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.duckdb_files import quote_identifier

_PLACES = ("site_id", "product_family", "channel", "priority")


@dataclass(frozen=True)
class Build:
    """What a version says of its own build; as_of is naive UTC."""

    build_id: str
    as_of: datetime
    code_version: str
    profile_hash: str
    duckdb_version: str
    time_zone: str
    currency: str


def read_build(con: duckdb.DuckDBPyConnection, database: str) -> Build:
    """The build of an attached version or build file."""
    name = quote_identifier(database)
    row = con.execute(
        "select builds.build_id, builds.as_of_at, builds.code_version, builds.profile_hash, builds.duckdb_version, "  # noqa: S608
        f"settings.time_zone, settings.currency from {name}.meta.builds as builds cross join {name}.meta.settings as "
        "settings order by builds.rowid desc limit 1"
    ).fetchone()
    assert row is not None  # a build file is made with both, and a version without them is called damaged
    return Build(*row)


def tables_of(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> set[str]:
    """The tables of a schema of an attached database."""
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = ?", [database, schema]
    ).fetchall()
    return {table for (table,) in rows}


def types_of(con: duckdb.DuckDBPyConnection, database: str, table: str) -> dict[str, str]:
    """Columns of a mart with their types, in their order; none where there is no such mart."""
    rows = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' and table_name = ? order by column_index",
        [database, table],
    ).fetchall()
    return dict(rows)


_Columns = tuple[str, ...]


def insert_row_changes(con: duckdb.DuckDBPyConnection, old: Build, new: Build) -> None:
    """Put the rows that came, went or changed into row_changes, with the months and places they are seen in."""
    for table, key, event, settling, delivered in _records(con):
        con.execute(*_row_changes(con, table, key, event, settling, delivered, old, new))


def _records(con: duckdb.DuckDBPyConnection) -> list[tuple[str, _Columns, str, _Columns, _Columns]]:
    """The marts that keep a feed's rows, as far as both files have them: table, key, event, settling, delivered."""
    source = next((d for d in ("new", "old") if "record_columns" in tables_of(con, d, "meta")), None)
    if source is None:
        return []
    rows = con.execute(
        "select table_name, column_name, is_key, is_event, is_settling "  # noqa: S608 - new or old
        f"from {source}.meta.record_columns order by all"
    ).fetchall()
    records = []
    for table in dict.fromkeys(row[0] for row in rows):
        old, new = types_of(con, "old", table), types_of(con, "new", table)
        own = [row[1:] for row in rows if row[0] == table and old.get(row[1], "?") == new.get(row[1])]
        key = tuple(name for name, is_key, _, _ in own if is_key)
        event = [name for name, _, is_event, _ in own if is_event]
        if key and event:
            settling = tuple(name for name, _, _, is_settling in own if is_settling)
            records.append((table, key, event[0], settling, tuple(name for name, *_ in own)))
    return records


def _row_changes(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: _Columns,
    event: str,
    settling: _Columns,
    delivered: _Columns,
    old: Build,
    new: Build,
) -> tuple[str, dict[str, object]]:
    """The statement that puts the changed rows of a mart into row_changes with their causes, and its parameters."""
    types = types_of(con, "new", table)
    shared = {name for name, kind in types.items() if types_of(con, "old", table).get(name) == kind}
    q = quote_identifier
    name, first = q(table), q(key[0])
    instants = [column for column in delivered if types[column] == "TIMESTAMP"]
    days = [column for column in types if column in shared and types[column] in ("DATE", "TIMESTAMP")]

    def moment(side: str, column: str) -> str:
        return f"cast({side}.{q(column)} as timestamp)"

    def any_of(conditions: list[str]) -> str:
        return "(" + (" or ".join(conditions) or "false") + ")"

    def month(side: str, column: str) -> str:
        own = f"{side}.{q(column)}"
        if types[column] == "TIMESTAMP":
            own = f"timezone($zone, timezone('UTC', {own}))"
        return f"cast(date_trunc('month', {own}) as date)"

    came = any_of([f"(o.{q(c)} is null and n.{q(c)} < $cut)" for c in instants])
    moved_before = any_of(
        [f"(o.{q(c)} < $cut and n.{q(c)} < $cut and o.{q(c)} <> n.{q(c)})" for c in instants]
        + [f"(o.{q(c)} < $cut and n.{q(c)} is null)" for c in instants if c not in settling]
    )
    moved_after = any_of(
        [f"(o.{q(c)} is distinct from n.{q(c)} and (o.{q(c)} >= $cut or n.{q(c)} >= $cut))" for c in instants]
        + [f"(o.{q(c)} < $cut and n.{q(c)} is null)" for c in instants if c in settling]
    )
    settled = any_of([f"{moment('o', c)} < $cut" for c in settling])
    unsettled = f"not coalesce({settled}, false)"
    places = [
        f"list_distinct([if(o.{first} is null, null, coalesce(o.{q(c)}, 'unknown')), "
        f"if(n.{first} is null, null, coalesce(n.{q(c)}, 'unknown'))])"
        if c in shared
        else "null"
        for c in _PLACES
    ]
    months = ", ".join(month(side, column) for side in ("o", "n") for column in days)
    joined = " and ".join(f"o.{q(c)} = n.{q(c)}" for c in key)
    sql = f"""
        insert into row_changes
        select
            row_number() over (), $table,
            case
                when o.{first} is null then
                    if($moved and {moment("n", event)} >= $cut, 'maturity', 'late_data')
                when n.{first} is null then
                    if($moved and {moment("o", event)} >= $cut, 'maturity', 'correction')
                when {moved_before} then 'correction'
                when {came} then 'late_data'
                when $moved and ({moved_after} or {unsettled}) then 'maturity'
                else 'correction'
            end,
            list_distinct([{months}]),
            {", ".join(places)}
        from old.marts.{name} as o
        full join new.marts.{name} as n on {joined}
        where o.{first} is null or n.{first} is null
            or {any_of([f"o.{q(c)} is distinct from n.{q(c)}" for c in delivered])}
    """  # noqa: S608 - identifiers that both files have
    cut = min(old.as_of, new.as_of)
    parameters = {"table": table, "cut": cut, "moved": old.as_of != new.as_of, "zone": new.time_zone}
    return sql, {name: value for name, value in parameters.items() if f"${name}" in sql}


def insert_slice_changes(con: duckdb.DuckDBPyConnection, old: Build, new: Build) -> None:
    """Put the inputs whose fingerprints differ into slice_changes."""
    if not all("input_slices" in tables_of(con, database, "meta") for database in ("old", "new")):
        return
    con.execute(
        """
        insert into slice_changes
        with slices as (
            select
                coalesce(n.schema_name, o.schema_name) as schema_name,
                coalesce(n.table_name, o.table_name) as table_name,
                coalesce(n.from_date, o.from_date) as from_date,
                coalesce(n.is_open_ended, o.is_open_ended) as is_open_ended,
                coalesce(o.row_count, 0) as old_count,
                coalesce(n.row_count, 0) as new_count,
                o.content_hash is distinct from n.content_hash as is_other
            from old.meta.input_slices as o
            full join new.meta.input_slices as n
                on o.schema_name = n.schema_name and o.table_name = n.table_name
                and o.from_date is not distinct from n.from_date
        )
        select
            schema_name, table_name, from_date, is_open_ended,
            case
                when schema_name = 'policy' then 'definition'
                when $moved and from_date >= date_trunc('month', $cut) then 'maturity'
                when $moved and from_date is null and new_count > old_count then 'maturity'
                when new_count > old_count then 'late_data'
                else 'correction'
            end
        from slices
        where old_count <> new_count or ($is_same_engine and is_other)
        """,
        {
            "moved": old.as_of != new.as_of,
            "cut": min(old.as_of, new.as_of),
            "is_same_engine": old.duckdb_version == new.duckdb_version,
        },
    )


def insert_regions(con: duckdb.DuckDBPyConnection) -> None:
    """Put the region of every site into regions."""
    for database in ("old", "new"):
        if {"site_id", "region"} <= types_of(con, database, "dim_sites").keys():
            con.execute(
                f"insert into regions select site_id, region from {database}.marts.dim_sites "  # noqa: S608
                "where site_id is not null and site_id not in (select site_id from regions)"
            )
