"""From a build file to a verified, immutable version that readers are switched to atomically.

A version has a file name never used before, because DuckDB caches instances by path: a file replaced in place can
serve old data. Readers open the link `current.duckdb`; replacing the link is the only moment of publication, so a
crash before it leaves the last version served and a crash after it leaves the new one.
"""

from __future__ import annotations

import errno
import logging
import shutil
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
    """Write into `build_file` what it restates and what it holds, make it the new version, and serve that.

    `build_file` must be closed; it is moved, for a copy of many gigabytes would say nothing that it does not say.
    `published_at` is written to meta.builds. After the switch only the newest `keep` versions, the served one and the
    pinned ones stay. Raises PublishError, leaving the served version as it was.
    """
    published_dir.mkdir(parents=True, exist_ok=True)
    with hold_folder(published_dir):
        final = version_file(published_dir, build_id)
        if final.exists():
            raise PublishError(f"version {final} exists already; a build is published once")
        draft = published_dir / f".{final.name}.draft"
        remove_drafts(published_dir)
        _demand_publishable(build_file)
        record_restatements(build_file, newest_sound_version(published_dir, log.warning), log.warning)
        _record_contents(build_file, build_id, published_at)
        _move(build_file, draft)
        fsync_file(draft)
        draft.rename(final)
        fsync_directory(published_dir)
        serve(published_dir, final)
        delete(published_dir, superfluous(list_versions(published_dir), keep=keep))
    return Version(build_id, final, is_current=True)


def _demand_publishable(build_file: Path) -> None:
    """PublishError unless the file has marts, and nothing but what is published: it is given to readers as it is."""
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        found = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'build' "
            "union all select schema_name, view_name from duckdb_views() where database_name = 'build' and not internal"
        ).fetchall()
    if private := sorted(f"{schema}.{name}" for schema, name in found if schema not in PUBLISHED_SCHEMAS):
        raise PublishError(f"{build_file} holds what is not for readers: {', '.join(private)}; it is not published")
    if not any(schema == "marts" for schema, _ in found):
        raise PublishError(f"{build_file} has no table in schema marts: there is nothing to publish")


def _record_contents(build_file: Path, build_id: str, published_at: datetime) -> None:
    """Write when the build was published, and rows and hashes of its marts: as they are read back from the file.

    PublishError if a row cannot be read.
    """
    with connect() as con:
        attach(con, build_file, "build")
        con.begin()
        try:
            write_contents(con, "build")
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise PublishError(f"what was built cannot be read back from {build_file}: {reason}") from error
        con.execute(
            "update build.meta.builds set published_at = $1, duration_seconds = epoch($1) - epoch(started_at) "
            "where build_id = $2",
            [published_at, build_id],
        )
        con.commit()
        con.execute("checkpoint build")
        con.execute("detach build")
    if (wal := build_file.with_name(build_file.name + ".wal")).exists():
        raise PublishError(f"{wal} is left after the checkpoint; the version is not complete in its file")


def _move(build_file: Path, draft: Path) -> None:
    try:
        build_file.rename(draft)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copyfile(build_file, draft)  # the published folder is on another disk


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


def write_contents(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Write rows and hashes of the marts of an attached database into its meta.tables."""
    con.execute(
        f"create or replace table {database}.meta.tables "
        "(schema_name varchar, table_name varchar, row_count bigint, content_hash varchar)"
    )
    insert = f"insert into {database}.meta.tables values (?, ?, ?, ?)"  # noqa: S608 - an alias of our own
    con.executemany(insert, contents_of_marts(con, database))
