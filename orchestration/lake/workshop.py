"""The lake in which one build makes its tables: a catalog schema and a folder of its own.

Builds of several machines never meet there, and no reader is given it. Whoever builds holds the schema's lock, which
PostgreSQL lets go with the connection, however it ended; the next build, of whatever machine, removes the schemas whose
lock is free: those of builds that ended, failed or were killed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.duckdb_files import attach, content_of, quote_identifier
from orchestration.engine import connect
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake, connect_catalog, drop_schema, try_lock
from orchestration.lake.errors import LakeError
from orchestration.publish import copy_comments

_MARK = "_build_"
# A dbt process that outlived its build may still hold the tables of a schema; the build after this one finds it gone.
_DROP_SECONDS = 20


@contextmanager
def open_workshop(lake: LakeAddress, build_id: str, warn: Callable[[str], None]) -> Iterator[LakeAddress]:
    """Remove the workshops of builds that are gone, and hold that of `build_id` for the block.

    Its tables stay after the block, for whoever wants to see them, until the next build begins.
    """
    workshop = lake.with_schema(f"{lake.schema}{_MARK}{build_id.lower()}")
    with connect_catalog(lake) as catalog:
        if not try_lock(catalog, workshop.schema):
            raise LakeError(f"another process builds in {workshop.schema}: a build id is used once")
        remove_workshops(lake, warn)
        yield workshop


def remove_workshops(lake: LakeAddress, warn: Callable[[str], None]) -> list[str]:
    """Remove the workshops that nobody holds, with their files; return their schemas."""
    removed = []
    with connect_catalog(lake) as catalog:
        catalog.execute("select set_config('lock_timeout', %s, false)", [f"{_DROP_SECONDS}s"])
        found = catalog.execute(
            "select nspname from pg_namespace where starts_with(nspname, %s) order by 1", [lake.schema + _MARK]
        ).fetchall()
        names = {name for (name,) in found} | {folder.name for folder in lake.data_path.glob(f"{lake.schema}{_MARK}*")}
        for name in sorted(names):
            if not try_lock(catalog, name):
                continue
            try:
                drop_schema(catalog, name)
            except LakeError as error:
                warn(f"what a build that is gone left in the lake stays for now: {error}")
            else:
                shutil.rmtree(lake.data_path / name, ignore_errors=True)
                removed.append(name)
            catalog.execute("select pg_advisory_unlock_all()")
    return removed


def furnish(workshop: LakeAddress, build_file: Path, tables: Iterable[tuple[str, str]]) -> None:
    """Make the workshop with what dbt reads of the build file: `tables`, each a schema and a name."""
    with connect() as con:
        attach_lake(con, workshop, "workshop")
        attach(con, build_file, "build", read_only=True)
        con.begin()
        for schema, table in tables:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            con.execute(f"create schema if not exists workshop.{quote_identifier(schema)}")
            con.execute(f"create table workshop.{name} as from build.{name}")
        con.commit()


def bring_back(workshop: LakeAddress, build_file: Path, models: Iterable[tuple[str, str]]) -> None:
    """Write into `build_file`, which must be closed, what dbt built in the workshop: as if it had built it there.

    `models` are those that are built there, each a schema and a name. LakeError if one is missing, or differs from the
    workshop's.
    """
    with connect() as con:
        attach_lake(con, workshop, "workshop", read_only=True)
        attach(con, build_file, "build")
        con.begin()
        made = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'workshop'"
        ).fetchall()
        for schema, table in models:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            if (schema, table) not in made:
                raise LakeError(f"dbt says that it built {schema}.{table}, but {workshop.schema} has no such table")
            con.execute(f"create schema if not exists build.{quote_identifier(schema)}")
            con.execute(f"create table build.{name} as from workshop.{name}")
            written, read = (content_of(con, database, schema, table) for database in ("workshop", "build"))
            if written != read:
                raise LakeError(f"{schema}.{table} came back from the lake as {read}, built as {written}")
        copy_comments(con, "workshop", "build")
        con.commit()
        con.execute("checkpoint build")
