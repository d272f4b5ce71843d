"""Lakes of a test's own on a real PostgreSQL, and published versions to commit to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake
from orchestration.lake.serving import Commit, commit_version
from orchestration.publish import publish
from orchestration.versions.store import version_file

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)
MARTS = ("dim_sites", "fct_calls", "fct_jobs", "fct_tickets", "kpi_values")


def lake_url(url: str) -> str:
    """What a profile writes, of the URL of a server of the tests."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def make_version(folder: Path, build_id: str, rows: int, marts: tuple[str, ...] = MARTS) -> Path:
    """A published version in which each mart has `rows` rows that say which build made them."""
    path = folder / f"{build_id}.duckdb"
    record = BuildRecord(build_id, AS_OF, datetime(2026, 7, 2, 11, 59, tzinfo=UTC), "1", "code", "sample", "hash")
    create_build_file(path, record, CompanyRecord("Sample", "样本", "Asia/Shanghai", "CNY"), previous=None)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for mart in marts:
            con.execute(
                f"create table marts.{mart} as select range as id, range / 7 as share, '{build_id}' as build_id, "
                f"if(range % 3 = 0, null, cast(range as decimal(18, 4))) as amount from range({rows})"
            )
            con.execute(f"comment on table marts.{mart} is 'It''s {mart}'")
            con.execute(f"comment on column marts.{mart}.id is 'The number'")
    publish(path, folder / "published", build_id, published_at=NOON, keep=100)
    return version_file(folder / "published", build_id)


def commit(lake: LakeAddress, version: Path, keep: int = 10, **options: Any) -> Commit | None:
    """Commit a version of the company `sample` under the build id of its file's name."""
    return commit_version(lake, version, version.stem.removeprefix("warehouse_"), "sample", keep=keep, **options)


@contextmanager
def opened(lake: LakeAddress, **files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the lake, beside `files` by their aliases."""
    with duckdb.connect() as con:
        attach_lake(con, lake, "lake", read_only=True)
        for alias, path in files.items():
            con.execute(f"attach '{path}' as {alias} (read_only)")
        yield con


def differences(con: duckdb.DuckDBPyConnection, left: str, right: str, at: str = "") -> dict[str, int]:
    """Rows of each mart of `left` that `right` has not, or the other way round; `at` is a clause for `right`. Marts
    that only one of them has are told as -1."""
    tables = {
        database: {
            table
            for (table,) in con.execute(
                "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'", [database]
            ).fetchall()
        }
        for database in (left, right)
    }
    assert tables[left]
    found = dict.fromkeys(tables[left] ^ tables[right], -1) if not at else {}
    for table in sorted(tables[left]):
        a, b = f"{left}.marts.{table}", f"{right}.marts.{table} {at}"
        ((count,),) = con.execute(
            f"select (select count(*) from (from {a} except all from {b})) "
            f"+ (select count(*) from (from {b} except all from {a}))"
        ).fetchall()
        found[table] = count
    return found
