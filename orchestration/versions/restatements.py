"""Which KPI values of one version another one tells differently, and why.

Both files are attached to one connection as databases `old` and `new`. Causes are found from what the files say: the
rows of the marts that keep a feed's rows, the fingerprints of the other inputs, and the lineage of each KPI. A value
may have several; `cause` is the first that holds of this order, `evidence` names all that were found:

definition   the KPI's version, unit or target changed, or a policy that it reads directly, from a day in or before the
             period on
maturity     as-of moved, and the period was not finished, or its end moved with as-of
late_data    rows of this period and segment came whose event lies before the older as-of; or such instants of rows that
             were known
correction   rows of this period and segment that have another content, or are gone
maturity     as-of moved, and what was open, immature or censored then is decided now
definition   another input of the definition changed: an indirect policy, the models, the code, the time zone
late_data, correction   indirectly: such rows in another period of the segment or another segment of the period, or
             behind the marts that the KPI reads; windows, histories and allocations reach that far
definition   the profile changed in another way
maturity     as-of moved, and such rows are ones that it lets in
withheld     one of the versions withholds the KPI, whatever else holds: its values are not known there
unexplained  none of these
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, insert_rows
from orchestration.engine import connect
from orchestration.versions.restatement_sql import CAUSES, EMPTY, PUBLISHED, RESTATED, TOUCHED
from orchestration.versions.row_changes import (
    Build,
    insert_regions,
    insert_row_changes,
    insert_slice_changes,
    read_build,
    tables_of,
    types_of,
)

# Rows that a published file keeps; the counts of all are kept beside them.
LIMIT = 10_000

_NEEDED = {"kpi_values", "dim_kpis"}

# What makes a KPI another one, as far as one row of the registry says it.
_DEFINING = ("kind", "unit", "direction", "anchor", "segments", "interval_method", "definition_version", "adds_up")


def find_restatements(con: duckdb.DuckDBPyConnection) -> None:
    """Compare the attached databases `old` and `new`; leave the temporary tables `restatements` and `row_changes`.

    restatements: a row per KPI × period × segment whose value, target or definition version differs, with an
    `importance` to order by. Periods that only one of them has are left out. row_changes: table × cause × rows.
    """
    old, new = read_build(con, "old"), read_build(con, "new")
    con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
    con.execute(EMPTY)
    if not all(tables_of(con, database, "marts") >= _NEEDED for database in ("old", "new")):
        return
    con.execute(RESTATED)
    insert_row_changes(con, old, new)
    insert_slice_changes(con, old, new)
    insert_regions(con)
    con.execute(TOUCHED)
    _insert_lineage(con)
    _insert_definition_changes(con, old, new)
    con.execute(
        CAUSES,
        {
            "moved": old.as_of != new.as_of,
            "profile": old.profile_hash != new.profile_hash,
        },
    )
    for database, which in (("old", "older"), ("new", "newer")):
        if "trust" in types_of(con, database, "kpi_values"):
            con.execute(
                "update restatements set cause = 'withheld', evidence = $1 where kpi_id in ("  # noqa: S608 - old or new
                f"select kpi_id from {database}.marts.kpi_values where trust = 'withheld')",
                [f"the {which} version withholds it (meta.kpi_trust)"],
            )


def record_restatements(build_file: Path, previous: Path | None, warn: Callable[[str], None]) -> None:
    """Write into a build file, which must be closed, what its build restates of the version `previous`.

    meta.restatements keeps the most important LIMIT values, meta.restatement_counts the number of all, and
    meta.restated_from names the version compared with. Without a previous version, or with one that cannot be read to
    its end, of which `warn` is told, all three are empty: nothing compared is not nothing restated.
    """
    compared: list[tuple[object, ...]] = []
    rows: list[tuple[object, ...]] = []
    counts: list[tuple[object, ...]] = []
    if previous is not None:
        try:
            with connect() as con:
                attach(con, previous, "old", read_only=True)
                attach(con, build_file, "new", read_only=True)
                find_restatements(con)
                from_build_id = read_build(con, "old").build_id
                rows = con.execute(
                    "select $1, * from restatements order by importance limit $2",
                    [from_build_id, LIMIT],
                ).fetchall()
                counts = con.execute(
                    "select $1, kpi_id, cause, count(*) from restatements group by kpi_id, cause "
                    "order by kpi_id, cause",
                    [from_build_id],
                ).fetchall()
                compared = [(from_build_id,)]
        except duckdb.Error as error:
            warn(f"what this build restates of {previous} cannot be said: {error}")
    with connect() as con:
        attach(con, build_file, "build")
        con.begin()
        con.execute(PUBLISHED)
        insert_rows(con, "build.meta.restated_from", compared)
        insert_rows(con, "build.meta.restatements", rows)
        insert_rows(con, "build.meta.restatement_counts", counts)
        con.commit()


def _insert_lineage(con: duckdb.DuckDBPyConnection) -> None:
    for database in ("old", "new"):
        if "kpi_lineage" in tables_of(con, database, "meta"):
            con.execute(
                "insert into lineage "  # noqa: S608 - old or new
                f"select kpi_id, schema_name, table_name, is_direct from {database}.meta.kpi_lineage "
                "except select kpi_id, schema_name, table_name, is_direct from lineage"
            )


def _insert_definition_changes(con: duckdb.DuckDBPyConnection, old: Build, new: Build) -> None:
    """What changed in the definition of a KPI beside its policies, per KPI."""
    if all("kpi_models" in tables_of(con, database, "meta") for database in ("old", "new")):
        con.execute(
            "insert into definition_changes select o.kpi_id, 'the models' from old.meta.kpi_models as o "
            "inner join new.meta.kpi_models as n on o.kpi_id = n.kpi_id and o.models_hash <> n.models_hash"
        )
    shared = types_of(con, "old", "dim_kpis").keys() & types_of(con, "new", "dim_kpis").keys()
    changed = [f"o.{column} is distinct from n.{column}" for column in _DEFINING if column in shared]
    if "valid_from_date" in shared and changed:
        # A later row of the registry that came into force since changes nothing of the periods before it.
        con.execute(
            "insert into definition_changes select o.kpi_id, 'kpi_registry' from old.marts.dim_kpis as o "  # noqa: S608
            "inner join new.marts.dim_kpis as n on o.kpi_id = n.kpi_id and o.valid_from_date = n.valid_from_date "
            f"where {' or '.join(changed)}"
        )
    if "is_available" in shared:
        con.execute(
            "insert into definition_changes select o.kpi_id, 'the feeds that are connected' "
            "from old.marts.dim_kpis as o inner join new.marts.dim_kpis as n on o.kpi_id = n.kpi_id "
            "where o.is_available <> n.is_available"
        )
    for what, before, after in (
        ("the code", old.code_version, new.code_version),
        ("the time zone", old.time_zone, new.time_zone),
        ("the currency", old.currency, new.currency),
    ):
        if before != after:
            con.execute("insert into definition_changes select distinct kpi_id, ? from restated", [what])
