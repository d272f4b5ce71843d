"""Each build has a lake of its own, until the next build finds that nobody holds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import psycopg
import pytest

from orchestration.lake import workshop as workshop_module
from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake
from orchestration.lake.errors import LakeError
from orchestration.lake.workshop import bring_back, furnish, open_workshop, remove_workshops
from tests.company import ROOT
from tests.orchestration.extract.databases import Database


def workshops(catalog: Database) -> list[str]:
    rows = catalog.execute("select nspname from pg_namespace where nspname like 'aftersales%' order by 1")
    return [name for (name,) in rows]


def write_in(workshop: LakeAddress) -> None:
    with duckdb.connect() as con:
        attach_lake(con, workshop, "build")
        con.execute("create table build.main.half_made as from range(10)")


def test_builds_do_not_touch_each_others_tables(lake: LakeAddress, catalog: Database) -> None:
    with open_workshop(lake, "B1", pytest.fail) as first:
        write_in(first)
        with open_workshop(lake, "B2", pytest.fail) as second:
            write_in(second)
            assert workshops(catalog) == ["aftersales_build_b1", "aftersales_build_b2"]
            again = open_workshop(lake, "b1", pytest.fail)
            with pytest.raises(LakeError, match="another process builds in aftersales_build_b1"), again:
                pass
        # The second has ended, the first is at work.
        assert remove_workshops(lake, pytest.fail) == ["aftersales_build_b2"]
        assert workshops(catalog) == ["aftersales_build_b1"]
        write_in(first.with_schema("aftersales_build_b3"))
        assert [path.name for path in sorted(lake.data_path.iterdir())] == [
            "aftersales_build_b1",
            "aftersales_build_b3",
        ]
    with open_workshop(lake, "B4", pytest.fail):
        assert workshops(catalog) == []
        assert list(lake.data_path.iterdir()) == []


_BUILDING = """
import sys, time
from pathlib import Path
from orchestration.lake import workshop as workshop_module
from orchestration.lake.address import LakeAddress
from orchestration.lake.workshop import furnish, open_workshop
catalog, data, file = sys.argv[1:]
with open_workshop(LakeAddress(catalog, "aftersales", Path(data)), "B1", print) as workshop:
    furnish(workshop, Path(file), [("meta", "settings")])
    print("ready", flush=True)
    time.sleep(600)
"""


def test_the_workshop_of_a_killed_build_is_removed_by_the_next(
    lake: LakeAddress, catalog: Database, build_file: Path
) -> None:
    builder = subprocess.Popen(
        [sys.executable, "-c", _BUILDING, lake.catalog, str(lake.data_path), str(build_file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "ready\n"
        assert remove_workshops(lake, pytest.fail) == []
        assert workshops(catalog) == ["aftersales_build_b1"]
    finally:
        builder.kill()
        builder.wait()
    with open_workshop(lake, "B2", pytest.fail):
        assert workshops(catalog) == []
        assert list(lake.data_path.rglob("*.parquet")) == []


def test_a_workshop_that_somebody_still_uses_stays_until_the_build_after(
    lake: LakeAddress, catalog: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_module, "_DROP_SECONDS", 1)
    with open_workshop(lake, "B1", pytest.fail) as gone:
        write_in(gone)
    warnings: list[str] = []
    with psycopg.connect(lake.catalog) as orphan:
        orphan.execute("select count(*) from aftersales_build_b1.ducklake_snapshot")
        with open_workshop(lake, "B2", warnings.append):
            assert workshops(catalog) == ["aftersales_build_b1"]
    assert len(warnings) == 1
    assert "aftersales_build_b1 could not be removed: canceling statement due to lock timeout" in warnings[0]
    assert (lake.data_path / "aftersales_build_b1").is_dir()
    assert remove_workshops(lake, pytest.fail) == ["aftersales_build_b1"]


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema meta; create table meta.settings as select 'Desk' as company, 7 as number")
        con.execute("create table meta.gates as select 1 as one")
    return path


def test_what_was_built_in_the_lake_comes_back_into_the_build_file(lake: LakeAddress, build_file: Path) -> None:
    furnish(lake, build_file, [("meta", "settings")])
    with duckdb.connect() as con:
        attach_lake(con, lake, "build")
        tables = con.execute("select table_name from duckdb_tables() where database_name = 'build'").fetchall()
        assert tables == [("settings",)]
        con.execute(
            "create schema build.marts; create table build.marts.fct_calls as "
            "select range as call_id, company, cast(range / 3 as decimal(18, 4)) as part, cast(null as date) as day "
            "from range(5) cross join build.meta.settings"
        )
        con.execute("comment on table build.marts.fct_calls is 'One row per call'")
        con.execute("comment on column build.marts.fct_calls.part is 'A third'")
        expected = con.execute("from build.marts.fct_calls order by all").fetchall()
    bring_back(lake, build_file, [("marts", "fct_calls")])
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert con.execute("from marts.fct_calls order by all").fetchall() == expected != []
        assert con.execute("from meta.gates").fetchall() == [(1,)]
        assert con.execute("select comment from duckdb_tables() where table_name = 'fct_calls'").fetchall() == [
            ("One row per call",)
        ]
        assert con.execute("select data_type, comment from duckdb_columns() where column_name = 'part'").fetchall() == [
            ("DECIMAL(18,4)", "A third")
        ]
    with pytest.raises(LakeError, match=r"dbt says that it built marts\.fct_jobs, but aftersales has no such table"):
        bring_back(lake, build_file, [("marts", "fct_jobs")])
