"""Opening a lake: DuckDB's extensions, the catalog's password as a secret of the connection; and locks on it.

The driver of PostgreSQL is imported where it is used: every command and every dbt process would wait a tenth of a
second for it, and most companies have no lake.
"""

# ruff: noqa: PLC0415 - as said above
from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.duckdb_files import quote_identifier, quote_literal
from orchestration.lake.address import LakeAddress
from orchestration.lake.errors import LakeError

if TYPE_CHECKING:
    import psycopg

# As DuckDB calls the extensions; a package of the same name carries each.
EXTENSIONS = ("ducklake", "postgres_scanner")

# What DuckDB's secret of a PostgreSQL can hold, by libpq's names; the rest, such as sslmode, goes with the path.
_IN_SECRET = ("host", "port", "user", "password", "dbname")

# A lost network is noticed within a minute or so: the connection that holds a build's lock is idle while it builds.
_CONNECT = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "aftersales",
}


def load_extensions(con: duckdb.DuckDBPyConnection) -> None:
    """Load what DuckDB needs for a lake: from our packages, or what `install` once put on this machine.

    LakeError says how to get them. Nothing is downloaded here.
    """
    for name in EXTENSIONS:
        file = _packaged(name)
        try:
            con.load_extension(name if file is None else str(file))
        except duckdb.Error as error:
            raise LakeError(
                f"DuckDB {duckdb.__version__} has no extension {name} here. Install the packages that carry it for "
                "this version (pip install 'aftersales[lake]'); or, with a way to the internet, let DuckDB fetch it "
                f"once: duckdb -c 'install {name}', of the same version. DuckDB says: {str(error).splitlines()[0]}"
            ) from None


def _packaged(name: str) -> Path | None:
    """The file of an extension for the DuckDB that runs, where a package carries it."""
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if file.is_file():
            return file
    return None


def attach_lake(con: duckdb.DuckDBPyConnection, lake: LakeAddress, alias: str, *, read_only: bool = False) -> None:
    """Attach a lake as database `alias`; where there is none yet, it is made, unless `read_only`.

    LakeError says what keeps it from being opened. The password is a secret of this connection: no path, no error and
    no list of databases shows it.
    """
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    load_extensions(con)
    parts = {name: str(value) for name, value in conninfo_to_dict(lake.catalog).items() if value is not None}
    given = ", ".join(f"{name} {quote_literal(parts.pop(name))}" for name in _IN_SECRET if name in parts)
    secret = f"catalog_of_{alias}"
    options = [
        f"metadata_schema {quote_literal(lake.schema)}",
        f"meta_secret {quote_literal(secret)}",
        # Few rows are a Parquet file as well: whoever may read the catalog needs no right on tables that come and go.
        "data_inlining_row_limit 0",
        "read_only" if read_only else f"data_path {quote_literal(f'{lake.folder}/')}",
    ]
    try:
        con.execute(f"create or replace temporary secret {quote_identifier(secret)} (type postgres, {given})")
        con.execute(
            f"attach {quote_literal(f'ducklake:postgres:{make_conninfo(**parts)}')} "
            f"as {quote_identifier(alias)} ({', '.join(options)})"
        )
    except duckdb.Error as error:
        raise LakeError(f"the lake {lake.schema} cannot be opened: {_first_lines(error)}") from None


def connect_catalog(lake: LakeAddress) -> psycopg.Connection:
    """A connection to the catalog's database, each statement its own transaction; LakeError where there is none."""
    import psycopg

    try:
        return psycopg.connect(lake.catalog, autocommit=True, **_CONNECT)  # type: ignore[arg-type]
    except psycopg.Error as error:
        raise LakeError(f"the catalog of the lake cannot be reached: {_first_lines(error)}") from None


def try_lock(catalog: psycopg.Connection, schema: str) -> bool:
    """Take the lock that says that a schema of the catalog is in use, if nobody has it; it ends with the connection."""
    row = catalog.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [_lock_name(schema)]).fetchone()
    return row is not None and row[0]


@contextmanager
def hold_lock(lake: LakeAddress, *, wait_seconds: int) -> Iterator[None]:
    """Hold the lock of a lake's schema for the block; LakeError if somebody else has it for longer than the wait."""
    from psycopg.errors import LockNotAvailable

    with connect_catalog(lake) as catalog:
        catalog.execute("select set_config('lock_timeout', %s, false)", [f"{wait_seconds}s"])
        try:
            catalog.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [_lock_name(lake.schema)])
        except LockNotAvailable:
            raise LakeError(
                f"another process has been writing to the lake {lake.schema} for {wait_seconds} s; "
                "the version is published here, and `aftersales lake serve` brings it to the lake when that has ended"
            ) from None
        yield


def drop_schema(catalog: psycopg.Connection, schema: str) -> None:
    """Drop a schema of the catalog with all that is in it; LakeError if somebody still uses it."""
    import psycopg
    from psycopg import sql

    try:
        catalog.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
    except psycopg.Error as error:
        raise LakeError(f"{schema} could not be removed: {_first_lines(error)}") from None


def _lock_name(schema: str) -> str:
    return f"aftersales lake {schema}"


def _first_lines(error: Exception) -> str:
    return " ".join(str(error).split())[:500]
