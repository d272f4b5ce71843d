"""From a build file to a verified, immutable version that readers are switched to atomically.

A version has a file name never used before, because DuckDB caches instances by path: a file replaced in place can
serve old data. Readers open the link `current.duckdb`; replacing the link is the only moment of publication, so a
crash before it leaves the last version served and a crash after it leaves the new one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, content_of, fsync_directory, quote_identifier, quote_literal

PUBLISHED_SCHEMAS = ("marts", "meta")
_PREFIX = "warehouse_"
_SUFFIX = ".duckdb"
_CURRENT = "current.duckdb"


class PublishError(RuntimeError):
    """A version that could not be made, verified or found; the served version is unchanged."""


@dataclass(frozen=True)
class Version:
    """One published version: its build, its file, and whether readers are served it."""

    build_id: str
    path: Path
    is_current: bool


def publish(build_file: Path, published_dir: Path, build_id: str, *, published_at: datetime, keep: int) -> Version:
    """Copy marts and meta of `build_file` into a new version, verify it, and serve it.

    `build_file` must be closed. `published_at` is written to meta.builds. After the switch only the newest `keep`
    versions and the served one stay. Raises PublishError, leaving the served version as it was.
    """
    published_dir.mkdir(parents=True, exist_ok=True)
    final = published_dir / f"{_PREFIX}{build_id}{_SUFFIX}"
    if final.exists():
        raise PublishError(f"version {final} exists already; a build is published once")
    draft = published_dir / f".{final.name}.draft"
    _remove_drafts(published_dir)
    _write_version(build_file, draft, build_id, published_at)
    _verify(draft)
    _fsync_file(draft)
    draft.rename(final)
    fsync_directory(published_dir)
    _serve(published_dir, final)
    prune(published_dir, keep=keep)
    return Version(build_id, final, is_current=True)


def list_versions(published_dir: Path) -> list[Version]:
    """All versions on disk, oldest first."""
    served = served_version(published_dir)
    files = sorted(published_dir.glob(f"{_PREFIX}*{_SUFFIX}"))
    return [Version(_build_id(path), path, is_current=path == served) for path in files]


def served_version(published_dir: Path) -> Path | None:
    """The file that readers are served, or None where nothing was published."""
    link = published_dir / _CURRENT
    return published_dir / link.readlink() if link.is_symlink() else None


def roll_back(published_dir: Path, build_id: str | None = None) -> Version:
    """Serve `build_id`, or the version before the served one. PublishError says which versions there are."""
    versions = list_versions(published_dir)
    known = ", ".join(v.build_id for v in versions) or "none"
    if build_id is None:
        served = next((i for i, v in enumerate(versions) if v.is_current), None)
        if served is None or served == 0:
            raise PublishError(f"there is no version before the served one; versions: {known}")
        target = versions[served - 1]
    else:
        matches = [v for v in versions if v.build_id == build_id]
        if not matches:
            raise PublishError(f"no version {build_id!r}; versions: {known}")
        target = matches[0]
    _serve(published_dir, target.path)
    return Version(target.build_id, target.path, is_current=True)


def prune(published_dir: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` versions and the served one; readers that hold a deleted file keep it."""
    versions = list_versions(published_dir)
    removed = [v.path for v in versions[: max(len(versions) - keep, 0)] if not v.is_current]
    for path in removed:
        path.unlink()
    return removed


def _build_id(path: Path) -> str:
    return path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _remove_drafts(published_dir: Path) -> None:
    # Left by a build that was killed; the build lock guarantees that nobody is writing one now.
    for left in (*published_dir.glob(f".{_PREFIX}*.draft*"), *published_dir.glob(f".{_CURRENT}.*")):
        left.unlink()


def _write_version(build_file: Path, draft: Path, build_id: str, published_at: datetime) -> None:
    with duckdb.connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, draft, "version")
        con.begin()  # one transaction: hundreds of comments, each committed alone, take longer than all the rows
        for schema in PUBLISHED_SCHEMAS:
            con.execute(f"create schema version.{quote_identifier(schema)}")
        tables = con.execute(
            "select schema_name, table_name, comment from duckdb_tables() "
            "where database_name = 'build' and schema_name in ('marts', 'meta') order by all"
        ).fetchall()
        if not any(schema == "marts" for schema, _, _ in tables):
            raise PublishError(f"{build_file} has no table in schema marts: there is nothing to publish")
        for schema, table, comment in tables:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            con.execute(f"create table version.{name} as from build.{name}")
            if comment:
                con.execute(f"comment on table version.{name} is {quote_literal(comment)}")
        for schema, table, column, comment in con.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'build' and schema_name in ('marts', 'meta') and comment is not null"
        ).fetchall():
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}.{quote_identifier(column)}"
            con.execute(f"comment on column version.{name} is {quote_literal(comment)}")
        con.execute(
            "update version.meta.builds set published_at = $1, duration_seconds = epoch($1) - epoch(started_at) "
            "where build_id = $2",
            [published_at, build_id],
        )
        con.execute(
            "create table version.meta.tables "
            "(schema_name varchar, table_name varchar, row_count bigint, content_hash varchar)"
        )
        con.executemany("insert into version.meta.tables values (?, ?, ?, ?)", _contents(con, "build"))
        con.commit()
        con.execute("checkpoint version")
        con.execute("detach version")
    if (wal := draft.with_name(draft.name + ".wal")).exists():
        raise PublishError(f"{wal} is left after the checkpoint; the version is not complete in its file")


def _contents(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str, int, str]]:
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts' order by table_name",
        [database],
    ).fetchall()
    return [("marts", table, *content_of(con, database, "marts", table)) for (table,) in tables]


def _verify(draft: Path) -> None:
    with duckdb.connect() as con:
        attach(con, draft, "version", read_only=True)
        written = con.execute("from version.meta.tables order by table_name").fetchall()
        found = _contents(con, "version")
    if found != written:
        differing = [f"{w[1]}: built {w[2:]}, read back {f[2:]}" for w, f in zip(written, found, strict=True) if w != f]
        raise PublishError(f"the version read back differs from the build ({'; '.join(differing)}); not published")


def _fsync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _serve(published_dir: Path, version: Path) -> None:
    draft = published_dir / f".{_CURRENT}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(version.name)
    draft.replace(published_dir / _CURRENT)
    fsync_directory(published_dir)
