"""Readers of the lake see whole versions: the last one, and any before it by its snapshot."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from orchestration.duckdb_files import quote_literal
from orchestration.lake import serving
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake
from orchestration.lake.errors import LakeError
from orchestration.lake.serving import let_go_of_all_but_last, list_commits, prune_commits
from tests.company import ROOT
from tests.orchestration.extract.databases import Database
from tests.orchestration.lake.made import MARTS, commit, differences, lake_url, make_version, opened

# A sign that SQL and URLs must not trip over.
PASSWORD = f"{secrets.token_hex(8)}'@%"
SAME = dict.fromkeys(MARTS, 0)


def files_of(lake: LakeAddress) -> int:
    return len(list(lake.folder.rglob("*.parquet")))


def shape(con: duckdb.DuckDBPyConnection, database: str) -> list[tuple[Any, ...]]:
    return con.execute(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
        "where database_name = ? and schema_name in ('marts', 'meta') order by all",
        [database],
    ).fetchall()


def test_a_version_is_in_the_lake_with_its_rows_types_and_descriptions(lake: LakeAddress, tmp_path: Path) -> None:
    version = make_version(tmp_path, "b1", rows=1000)
    done = commit(lake, version)
    assert done is not None
    assert (done.build_id, done.company) == ("b1", "sample")
    with opened(lake, version=version) as con:
        assert differences(con, "version", "lake") == SAME
        assert shape(con, "lake") == shape(con, "version") != []
        assert con.execute("from lake.meta.builds").fetchall() == con.execute("from version.meta.builds").fetchall()
        tables = con.execute("select distinct comment from duckdb_tables() where database_name = 'lake' order by 1")
        assert ("It's fct_jobs",) in tables.fetchall()


def test_an_earlier_version_is_read_exactly_by_its_snapshot(lake: LakeAddress, tmp_path: Path) -> None:
    first, second = make_version(tmp_path, "b1", rows=1000), make_version(tmp_path, "b2", 900, (*MARTS, "agg_new"))
    third = make_version(tmp_path, "b3", rows=50)
    for version in (first, second, third):
        commit(lake, version)
    commits = list_commits(lake)
    assert [each.build_id for each in commits] == ["b1", "b2", "b3"]
    with opened(lake, first=first, second=second, third=third) as con:
        assert differences(con, "third", "lake") == SAME
        assert differences(con, "first", "lake", f"at (version => {commits[0].snapshot})") == SAME
        found = differences(con, "second", "lake", f"at (version => {commits[1].snapshot})")
        assert found == {**SAME, "agg_new": 0}
        with pytest.raises(duckdb.CatalogException):
            con.execute("from lake.marts.agg_new")
        # The comparison can tell: another version's snapshot is not the same.
        assert differences(con, "first", "lake", f"at (version => {commits[1].snapshot})")["fct_jobs"] == 1900
    # A reader may choose the version for all of a session.
    with duckdb.connect() as con:
        attach_lake(con, lake, "lake", read_only=True)
        con.execute("detach lake")
        con.execute(
            f"attach 'ducklake:postgres:' as lake (metadata_schema 'aftersales', meta_secret 'catalog_of_lake', "
            f"read_only, snapshot_version {commits[0].snapshot})"
        )
        assert con.execute("select count(*) from lake.marts.fct_jobs").fetchall() == [(1000,)]


def test_a_lake_does_not_go_back_unless_told(lake: LakeAddress, tmp_path: Path) -> None:
    old, new = make_version(tmp_path, "b1", rows=10), make_version(tmp_path, "b2", rows=20)
    commit(lake, new)
    warnings: list[str] = []
    assert commit(lake, old, warn=warnings.append) is None
    assert warnings == ["the lake keeps build b2, which began later than b1"]
    again = commit(lake, new)
    assert [each.build_id for each in list_commits(lake)] == ["b2"]
    assert again == list_commits(lake)[0]
    assert commit(lake, old, may_go_back=True) == list_commits(lake)[-1]
    with opened(lake, old=old) as con:
        assert differences(con, "old", "lake") == SAME


def test_a_lake_is_of_one_company(lake: LakeAddress, tmp_path: Path) -> None:
    commit(lake, make_version(tmp_path, "b1", rows=10))
    other = make_version(tmp_path, "b2", rows=10)
    with pytest.raises(LakeError, match="holds the versions of sample, not of other; write another `schema`"):
        serving.commit_version(lake, other, "b2", "other", keep=10)
    # Another schema of the same database is another lake.
    serving.commit_version(lake.with_schema("other"), other, "b2", "other", keep=10)
    assert [each.company for each in list_commits(lake)] == ["sample"]


def test_what_does_not_read_back_is_not_served(
    lake: LakeAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_version(tmp_path, "b1", rows=10)
    commit(lake, first)
    copied = serving.copy_comments

    def lose_a_row(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        copied(con, source, target)
        con.execute("delete from lake.marts.fct_jobs where id = 3")

    monkeypatch.setattr(serving, "copy_comments", lose_a_row)
    with pytest.raises(LakeError, match="does not read back from the lake as published: fct_jobs"):
        commit(lake, make_version(tmp_path, "b2", rows=20))
    assert [each.build_id for each in list_commits(lake)] == ["b1"]
    with opened(lake, first=first) as con:
        assert differences(con, "first", "lake") == SAME


_KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.duckdb_files import quote_literal
from orchestration.lake import serving
from orchestration.lake.address import LakeAddress
serving.copy_comments = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
catalog, data, version = sys.argv[1:]
serving.commit_version(LakeAddress(catalog, "aftersales", Path(data)), Path(version), "b2", "sample", keep=10)
"""


def test_a_builder_killed_while_it_commits_leaves_the_last_version(lake: LakeAddress, tmp_path: Path) -> None:
    first, second = make_version(tmp_path, "b1", rows=10), make_version(tmp_path, "b2", rows=20)
    commit(lake, first)
    before = files_of(lake)
    killed = start(_KILLED, lake.catalog, str(lake.data_path), str(second))
    assert killed.wait(timeout=120) == -9
    assert files_of(lake) > before
    assert [each.build_id for each in list_commits(lake)] == ["b1"]
    with opened(lake, first=first) as con:
        assert differences(con, "first", "lake") == SAME
    # Its lock died with it, and what it left behind goes when whatever is old goes.
    commit(lake, second)
    let_go_of_all_but_last(lake)
    tables = [path.parent for path in lake.folder.rglob("*.parquet")]
    assert len(tables) == len(set(tables))
    with opened(lake, second=second) as con:
        assert differences(con, "second", "lake") == SAME


def test_old_versions_are_let_go_but_pinned_ones(lake: LakeAddress, tmp_path: Path) -> None:
    versions = [make_version(tmp_path, f"b{number}", rows=number) for number in range(1, 6)]
    for version in versions:
        commit(lake, version, keep=3, kept=["b1"])
    assert [each.build_id for each in list_commits(lake)] == ["b1", "b3", "b4", "b5"]
    with opened(lake) as con:
        ids = con.execute("select snapshot_id from lake.snapshots() order by 1").fetchall()
        assert ids == [(each.snapshot,) for each in list_commits(lake)]
    files = files_of(lake)
    assert prune_commits(lake, keep=1, kept=[]) == 3
    assert [each.build_id for each in list_commits(lake)] == ["b5"]
    # Who began to read them may read on: their files stay for a day.
    assert files_of(lake) == files
    assert let_go_of_all_but_last(lake) == 0
    assert files_of(lake) < files
    with opened(lake, last=versions[-1]) as con:
        assert differences(con, "last", "lake") == SAME


def test_a_version_is_served_though_older_ones_cannot_be_deleted(
    lake: LakeAddress, catalog: Database, tmp_path: Path
) -> None:
    commit(lake, make_version(tmp_path, "b1", rows=10))
    catalog.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$",
        "create trigger refuse before delete on aftersales.ducklake_snapshot for each row execute function refuse()",
    )
    warnings: list[str] = []
    commit(lake, make_version(tmp_path, "b2", rows=20), keep=1, warn=warnings.append)
    assert [each.build_id for each in list_commits(lake)] == ["b1", "b2"]
    assert len(warnings) == 1
    assert warnings[0].startswith("older versions are still in the lake: ")
    with pytest.raises(LakeError, match="not today"):
        let_go_of_all_but_last(lake)
    catalog.execute("drop trigger refuse on aftersales.ducklake_snapshot")
    assert prune_commits(lake, keep=1, kept=[]) == 1


def test_a_reader_has_no_right_but_to_read(lake: LakeAddress, catalog: Database, tmp_path: Path) -> None:
    commit(lake, make_version(tmp_path, "b1", rows=10))
    attach_and_close(lake.with_schema("aftersales_build_b9"))
    catalog.execute(
        f"create role analyst login password {quote_literal(PASSWORD)}",
        "grant usage on schema aftersales to analyst",
        "grant select on all tables in schema aftersales to analyst",
    )
    try:
        url = catalog.with_url(lambda url: url.set(username="analyst", password=PASSWORD)).url
        own = replace(lake, catalog=lake_url(url))
        # A later version needs no further right.
        second = make_version(tmp_path, "b2", rows=20)
        commit(lake, second)
        with opened(own, second=second) as con:
            assert differences(con, "second", "lake") == SAME
        for forbidden in ("insert into lake.marts.fct_jobs from lake.marts.fct_jobs", "drop table lake.marts.fct_jobs"):
            with duckdb.connect() as con:
                attach_lake(con, own, "lake")
                with pytest.raises(duckdb.Error, match="permission denied"):
                    con.execute(forbidden)
        with pytest.raises(LakeError, match="permission denied"), opened(own.with_schema("aftersales_build_b9")):
            pass
        with psycopg.connect(own.catalog) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from aftersales.ducklake_snapshot")
        assert [each.build_id for each in list_commits(lake)] == ["b1", "b2"]
    finally:
        catalog.execute("drop owned by analyst", "drop role analyst")


def attach_and_close(lake: LakeAddress) -> None:
    with duckdb.connect() as con:
        attach_lake(con, lake, "lake")


_COMMITTING = """
import sys
from pathlib import Path
from orchestration.lake.address import LakeAddress
from orchestration.lake.serving import commit_version
catalog, data, *versions = sys.argv[1:]
lake = LakeAddress(catalog, "aftersales", Path(data))
for _ in range(2):
    for version in versions:
        build_id = Path(version).stem.removeprefix("warehouse_")
        commit_version(lake, Path(version), build_id, "sample", keep=3, may_go_back=True)
"""
# In one transaction it reads how many rows each mart should have, and counts them; and which builds made them.
_READING = """
import json, os, sys, time
from pathlib import Path
import duckdb
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake
catalog, data, stop = sys.argv[1:]
seen, errors, reads = set(), [], 0
with duckdb.connect() as con:
    attach_lake(con, LakeAddress(catalog, "aftersales", Path(data)), "lake", read_only=True)
    while not os.path.exists(stop):
        try:
            con.begin()
            said = con.execute("select table_name, row_count from lake.meta.tables order by 1").fetchall()
            marts = [f"lake.marts.{table}" for table, _ in said]
            found = [(mart[11:], con.execute(f"select count(*) from {mart}").fetchone()[0]) for mart in marts]
            makers = {con.execute(f"select any_value(build_id) from {mart}").fetchone() for mart in marts}
            con.commit()
            if found != said or len(makers) != 1:
                errors.append(f"half a version: {found} instead of {said}, by {makers}")
            seen |= makers
            reads += 1
        except Exception as error:
            errors.append(repr(error))
            con.rollback()
print(json.dumps({"reads": reads, "versions": len(seen), "errors": errors}))
"""


def test_two_builders_and_four_readers_at_once(lake: LakeAddress, tmp_path: Path) -> None:
    versions = [str(make_version(tmp_path, f"b{number}", rows=number * 100)) for number in range(1, 5)]
    commit(lake, Path(versions[0]))
    stop = tmp_path / "stop"
    place = [lake.catalog, str(lake.data_path)]
    readers = [start(_READING, *place, str(stop)) for _ in range(4)]
    try:
        builders = [start(_COMMITTING, *place, *versions[:2]), start(_COMMITTING, *place, *versions[2:])]
        ends = [builder.communicate(timeout=300) for builder in builders]
    finally:
        stop.touch()
        reports = [json_of(reader) for reader in readers]
    assert [error for _, error in ends] == ["", ""]
    assert [builder.returncode for builder in builders] == [0, 0]
    assert [report["errors"] for report in reports] == [[], [], [], []]
    assert min(report["reads"] for report in reports) > 0
    assert max(report["versions"] for report in reports) > 1
    assert len(list_commits(lake)) == 3


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def json_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    found: dict[str, Any] = json.loads(out)
    return found
