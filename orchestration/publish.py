"""From a build file to a verified, immutable version that readers are switched to atomically.

A version has a file name never used before, because DuckDB caches instances by path: a file replaced in place can
serve old data. Readers open the link `current.duckdb`; replacing the link is the only moment of publication, so a
crash before it leaves the last version served and a crash after it leaves the new one.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, fsync_directory, quote_identifier, quote_literal
from orchestration.engine import connect
from orchestration.versions.inspection import PUBLISHED_SCHEMAS, contents_of_marts
from orchestration.versions.restatements import record_restatements
from orchestration.versions.store import (
    PublishError,
    Version,
    delete,
    fsync_file,
    hold_folder,
    list_versions,
    newest_sound_version,
    remove_drafts,
    serve,
    superfluous,
    version_file,
)

log = logging.getLogger("aftersales")


def publish(build_file: Path, published_dir: Path, build_id: str, *, published_at: datetime, keep: int) -> Version:
    """Write into `build_file` what it restates, copy its marts and meta into a new version, verify and serve that.

    `build_file` must be closed. `published_at` is written to meta.builds. After the switch only the newest `keep`
    versions, the served one and the pinned ones stay. Raises PublishError, leaving the served version as it was.
    """
    published_dir.mkdir(parents=True, exist_ok=True)
    with hold_folder(published_dir):
        final = version_file(published_dir, build_id)
        if final.exists():
            raise PublishError(f"version {final} exists already; a build is published once")
        draft = published_dir / f".{final.name}.draft"
        remove_drafts(published_dir)
        record_restatements(build_file, newest_sound_version(published_dir, log.warning), log.warning)
        _write_version(build_file, draft, build_id, published_at)
        _verify(draft)
        fsync_file(draft)
        draft.rename(final)
        fsync_directory(published_dir)
        serve(published_dir, final)
        delete(published_dir, superfluous(list_versions(published_dir), keep=keep))
    return Version(build_id, final, is_current=True)


def _write_version(build_file: Path, draft: Path, build_id: str, published_at: datetime) -> None:
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, draft, "version")
        con.begin()  # one transaction: hundreds of comments, each committed alone, take longer than all the rows
        for schema in PUBLISHED_SCHEMAS:
            con.execute(f"create schema version.{quote_identifier(schema)}")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'build' and schema_name in ('marts', 'meta') order by all"
        ).fetchall()
        if not any(schema == "marts" for schema, _ in tables):
            raise PublishError(f"{build_file} has no table in schema marts: there is nothing to publish")
        for schema, table in tables:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            con.execute(f"create table version.{name} as from build.{name}")
        copy_comments(con, "build")
        con.execute(
            "update version.meta.builds set published_at = $1, duration_seconds = epoch($1) - epoch(started_at) "
            "where build_id = $2",
            [published_at, build_id],
        )
        con.execute(
            "create table version.meta.tables "
            "(schema_name varchar, table_name varchar, row_count bigint, content_hash varchar)"
        )
        write_contents(con, "build")
        con.commit()
        con.execute("checkpoint version")
        con.execute("detach version")
    if (wal := draft.with_name(draft.name + ".wal")).exists():
        raise PublishError(f"{wal} is left after the checkpoint; the version is not complete in its file")


def copy_comments(con: duckdb.DuckDBPyConnection, source: str, target: str = "version") -> None:
    """Give the tables and columns of the attached `target` the comments that they have in the database `source`."""
    for schema, table, comment in con.execute(
        "select schema_name, table_name, comment from duckdb_tables() "
        "where database_name = ? and schema_name in ('marts', 'meta') and comment is not null",
        [source],
    ).fetchall():
        name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
        con.execute(f"comment on table {target}.{name} is {quote_literal(comment)}")
    for schema, table, column, comment in con.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = ? and schema_name in ('marts', 'meta') and comment is not null",
        [source],
    ).fetchall():
        name = f"{quote_identifier(schema)}.{quote_identifier(table)}.{quote_identifier(column)}"
        con.execute(f"comment on column {target}.{name} is {quote_literal(comment)}")


def write_contents(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Write rows and hashes of the marts of the database `source` into meta.tables of the attached `version`."""
    con.executemany("insert into version.meta.tables values (?, ?, ?, ?)", contents_of_marts(con, source))


def _verify(draft: Path) -> None:
    with connect() as con:
        attach(con, draft, "version", read_only=True)
        written = con.execute("from version.meta.tables order by table_name").fetchall()
        found = contents_of_marts(con, "version")
    if found != written:
        differing = [f"{w[1]}: built {w[2:]}, read back {f[2:]}" for w, f in zip(written, found, strict=True) if w != f]
        raise PublishError(f"the version read back differs from the build ({'; '.join(differing)}); not published")
