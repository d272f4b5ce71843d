"""The lake that readers are given: one snapshot per version, committed whole or not at all.

A version is taken from its published file, which gate 2 has let through and publication has verified: its marts and its
meta replace those of the lake in one transaction, in which they are read back and compared before it is committed. So
whoever reads sees the version before or the new one, and every earlier one by the number of its snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed_version
from pathlib import Path

import duckdb

from orchestration.duckdb_files import attach, quote_identifier
from orchestration.engine import connect
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake, hold_lock
from orchestration.lake.errors import LakeError
from orchestration.publish import copy_comments
from orchestration.versions.inspection import contents_of_marts

# A commit takes seconds, of a large version minutes; whoever finds another at it waits for its turn.
WAIT_SECONDS = 900
# Whoever began to read a version before it was let go may read on for so long.
_READERS_HOURS = 24


@dataclass(frozen=True)
class Commit:
    """A version in the lake: the number of its snapshot, its build, the company, when it was committed (naive UTC)."""

    snapshot: int
    build_id: str
    company: str
    committed_at: datetime


def list_commits(lake: LakeAddress) -> list[Commit]:
    """The versions that the lake remembers, oldest first; the last one is what readers see."""
    with connect() as con:
        attach_lake(con, lake, "lake", read_only=True)
        return _commits(con)


def commit_version(
    lake: LakeAddress,
    version: Path,
    build_id: str,
    company: str,
    *,
    keep: int,
    kept: Collection[str] = (),
    may_go_back: bool = False,
    warn: Callable[[str], None] = lambda _: None,
) -> Commit | None:
    """Commit the version file of `build_id` as what readers see; then only the newest `keep` and the `kept` stay.

    A lake that has a version of a build that began later keeps it, unless it `may_go_back`: then, after a warning,
    nothing is done. LakeError, with the lake as it was, if it is another company's, or does not read back as written.
    """
    with hold_lock(lake, wait_seconds=WAIT_SECONDS), connect() as con:
        attach_lake(con, lake, "lake")
        attach(con, version, "version", read_only=True)
        before = _commits(con)
        if before and before[-1].company != company:
            raise LakeError(
                f"the lake {lake.schema} holds the versions of {before[-1].company}, not of {company}; "
                "write another `schema` under warehouse.lake of this company's profile"
            )
        if before and before[-1].build_id == build_id:
            return before[-1]
        if before and before[-1].build_id > build_id and not may_go_back:
            warn(f"the lake keeps build {before[-1].build_id}, which began later than {build_id}")
            return None
        try:
            _write(con, build_id, company)
        except duckdb.Error as error:
            raise LakeError(f"build {build_id} is not in the lake: {' '.join(str(error).split())[:500]}") from None
        after = _commits(con)
        try:
            _let_go(con, after, keep=keep, kept=kept, at_once=False)
        except LakeError as error:
            warn(str(error))
    return after[-1]


def let_go_of_all_but_last(lake: LakeAddress) -> int:
    """Delete every version but the one that readers see, with its files, at once; return how many.

    For personal data that must not be kept: whoever reads an older version at that moment gets an error.
    """
    with hold_lock(lake, wait_seconds=WAIT_SECONDS), connect() as con:
        attach_lake(con, lake, "lake")
        return _let_go(con, _commits(con), keep=1, kept=(), at_once=True)


def prune_commits(lake: LakeAddress, *, keep: int, kept: Collection[str]) -> int:
    """Forget all but the newest `keep` versions and the `kept`; return how many. Their files go a day later."""
    with hold_lock(lake, wait_seconds=WAIT_SECONDS), connect() as con:
        attach_lake(con, lake, "lake")
        return _let_go(con, _commits(con), keep=keep, kept=kept, at_once=False)


def _commits(con: duckdb.DuckDBPyConnection) -> list[Commit]:
    rows = con.execute(
        "select snapshot_id, commit_extra_info, snapshot_time at time zone 'UTC' from ducklake_snapshots('lake') "
        "where commit_extra_info is not null order by snapshot_id"
    ).fetchall()
    found = []
    for snapshot, extra, committed_at in rows:
        said = json.loads(extra)
        found.append(Commit(snapshot, said["build_id"], said["company"], committed_at))
    return found


def _write(con: duckdb.DuckDBPyConnection, build_id: str, company: str) -> None:
    con.begin()
    tables = _tables(con, "version")
    for schema in sorted({schema for schema, _ in tables}):
        con.execute(f"create schema if not exists lake.{quote_identifier(schema)}")
    for schema, table in sorted(_tables(con, "lake") - tables):
        con.execute(f"drop table lake.{quote_identifier(schema)}.{quote_identifier(table)}")
    for schema, table in sorted(tables):
        name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
        con.execute(f"create or replace table lake.{name} as from version.{name}")
    copy_comments(con, "version", "lake")
    written, found = contents_of_marts(con, "version"), contents_of_marts(con, "lake")
    if found != written:
        differing = sorted({row[1] for row in {*found} ^ {*written}})
        con.rollback()
        raise LakeError(f"build {build_id} does not read back from the lake as published: {', '.join(differing)}")
    con.execute(
        "call ducklake_set_commit_message('lake', ?, ?, extra_info => ?)",
        [
            f"aftersales {installed_version('aftersales')}",
            f"build {build_id} of {company}",
            json.dumps({"build_id": build_id, "company": company}),
        ],
    )
    con.commit()


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> set[tuple[str, str]]:
    rows = con.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = ? and schema_name in ('marts', 'meta')",
        [database],
    ).fetchall()
    return {(schema, table) for schema, table in rows}


def _let_go(
    con: duckdb.DuckDBPyConnection, commits: list[Commit], *, keep: int, kept: Collection[str], at_once: bool
) -> int:
    older = commits[: max(len(commits) - keep, 0)]
    superfluous = {each.snapshot for each in older if each.build_id not in kept}
    staying = {each.snapshot for each in commits} - superfluous
    try:
        rows = con.execute("select snapshot_id from ducklake_snapshots('lake') order by snapshot_id").fetchall()
        # Also those that are no version: the empty lake at its beginning.
        ids = [snapshot for (snapshot,) in rows if snapshot not in staying]
        if ids:
            con.execute("call ducklake_expire_snapshots('lake', versions => ?)", [ids])
        for clean in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
            if at_once:
                con.execute(f"call {clean}('lake', cleanup_all => true)")
            else:
                con.execute(f"call {clean}('lake', older_than => now() - to_hours({_READERS_HOURS}))")
    except duckdb.Error as error:
        raise LakeError(f"older versions are still in the lake: {' '.join(str(error).split())[:500]}") from None
    return len(superfluous)
