"""How two published versions differ: schema, row counts, and each KPI value that is told otherwise, with its cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach
from orchestration.engine import connect
from orchestration.versions.inspection import look_at
from orchestration.versions.restatements import find_restatements
from orchestration.versions.store import PublishError, Version, list_versions


@dataclass(frozen=True)
class SchemaChange:
    """A mart, or a column of one, that is there on one side only or has another type; None is absent."""

    table: str
    column: str | None
    old_type: str | None
    new_type: str | None


@dataclass(frozen=True)
class RowCount:
    """Rows of a mart that both have, as meta.tables tells them."""

    table: str
    old_count: int
    new_count: int


@dataclass(frozen=True)
class RowChange:
    """How many rows of a mart changed for a cause, by the columns that its feed delivers."""

    table: str
    cause: str
    row_count: int


@dataclass(frozen=True)
class Restatement:
    """A KPI value of a period and segment that the two versions tell otherwise; None is no value."""

    kpi_id: str
    period_grain: str
    period_start_date: date
    segment: str
    site_id: str
    region: str
    product_family: str
    channel: str
    priority: str
    old_value: float | None
    new_value: float | None
    change: float | None
    old_target: float | None
    new_target: float | None
    cause: str
    evidence: str


@dataclass(frozen=True)
class Difference:
    """All of it. `restatements` are at most as many as were asked for, the most important first; `restated_counts` are
    of all of them, by KPI and cause."""

    old: str
    new: str
    schema: tuple[SchemaChange, ...]
    row_counts: tuple[RowCount, ...]
    row_changes: tuple[RowChange, ...]
    restated_counts: tuple[tuple[str, str, int], ...]
    restatements: tuple[Restatement, ...]

    @property
    def counts_by_cause(self) -> dict[str, int]:
        """Restated values of each cause that there is."""
        counts: dict[str, int] = {}
        for _, cause, count in self.restated_counts:
            counts[cause] = counts.get(cause, 0) + count
        return counts


def choose_versions(published_dir: Path, old: str | None, new: str | None) -> tuple[Version, Version]:
    """The versions of two build ids; by default the served one, and the one before it. PublishError: none such."""
    versions = list_versions(published_dir)
    known = ", ".join(version.build_id for version in versions) or "none"

    def find(build_id: str) -> int:
        for position, version in enumerate(versions):
            if version.build_id == build_id:
                return position
        raise PublishError(f"no version {build_id!r}; versions: {known}")

    if new is not None:
        newer = find(new)
    else:
        served = [position for position, version in enumerate(versions) if version.is_current]
        if not served:
            raise PublishError(f"no version is served; name two of these: {known}")
        newer = served[0]
    if old is None and newer == 0:
        raise PublishError(f"there is no version before {versions[newer].build_id}; versions: {known}")
    older = newer - 1 if old is None else find(old)
    return versions[older], versions[newer]


def compare(old: Version, new: Version, *, kpi: str | None = None, limit: int | None = None) -> Difference:
    """Compare two versions, both read-only. `kpi` restricts the restatements to one KPI, `limit` their number.

    PublishError if one of them is damaged, or no KPI is called `kpi`.
    """
    for version in (old, new):
        if damage := look_at(version.path, version.build_id).damage:
            raise PublishError(f"version {version.path} is damaged: {damage}")
    try:
        with connect() as con:
            if old.path == new.path:
                # One file cannot be attached twice, and a version does not differ from itself.
                return Difference(old.build_id, new.build_id, (), (), (), (), ())
            attach(con, old.path, "old", read_only=True)
            attach(con, new.path, "new", read_only=True)
            find_restatements(con)
            if kpi is not None:
                _demand_kpi(con, kpi)
            return Difference(
                old=old.build_id,
                new=new.build_id,
                schema=tuple(SchemaChange(*row) for row in con.execute(_SCHEMA).fetchall()),
                row_counts=tuple(RowCount(*row) for row in con.execute(_ROW_COUNTS).fetchall()),
                row_changes=tuple(RowChange(*row) for row in con.execute(_ROW_CHANGES).fetchall()),
                restated_counts=tuple(con.execute(_COUNTS, {"kpi": kpi}).fetchall()),
                restatements=tuple(
                    Restatement(*row) for row in con.execute(_RESTATEMENTS, {"kpi": kpi, "limit": limit}).fetchall()
                ),
            )
    except duckdb.Error as error:
        raise PublishError(f"{old.path} and {new.path} cannot be compared: {error}") from error


def _demand_kpi(con: duckdb.DuckDBPyConnection, kpi: str) -> None:
    found = con.execute(
        "select kpi_id from new.marts.dim_kpis where kpi_id = $1 union select kpi_id from old.marts.dim_kpis "
        "where kpi_id = $1",
        [kpi],
    ).fetchone()
    if found is None:
        raise PublishError(f"there is no KPI {kpi!r}; marts.dim_kpis lists them")


_SCHEMA = """
with columns as (
    select database_name, table_name, column_name, data_type from duckdb_columns()
    where database_name in ('old', 'new') and schema_name = 'marts'
),
o as (select * from columns where database_name = 'old'),
n as (select * from columns where database_name = 'new'),
tables as (
    select table_name, bool_or(database_name = 'old') as is_old, bool_or(database_name = 'new') as is_new
    from columns group by table_name
)
select table_name, null as column_name, if(is_old, 'table', null) as old_type, if(is_new, 'table', null) as new_type
from tables where not (is_old and is_new)
union all
select coalesce(o.table_name, n.table_name), coalesce(o.column_name, n.column_name), o.data_type, n.data_type
from o full join n on o.table_name = n.table_name and o.column_name = n.column_name
inner join tables on coalesce(o.table_name, n.table_name) = tables.table_name and tables.is_old and tables.is_new
where o.data_type is distinct from n.data_type
order by all
"""

_ROW_COUNTS = """
select o.table_name, o.row_count, n.row_count
from old.meta.tables as o inner join new.meta.tables as n using (schema_name, table_name)
where schema_name = 'marts' order by o.table_name
"""

_ROW_CHANGES = "select table_name, cause, count(*) from row_changes group by table_name, cause order by all"

_COUNTS = """
select kpi_id, cause, count(*) from restatements where $kpi is null or kpi_id = $kpi group by kpi_id, cause order by all
"""

_RESTATEMENTS = """
select * exclude (importance) from restatements where $kpi is null or kpi_id = $kpi
order by importance limit coalesce($limit, 9223372036854775807)
"""
