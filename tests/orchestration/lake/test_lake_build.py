"""A company whose warehouse is a lake: dbt builds there, and its readers are given what a file's readers are given."""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import psycopg
import pytest
import sqlalchemy as sa

from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import attach_lake, load_extensions
from orchestration.lake.serving import list_commits
from orchestration.lake.workshop import remove_workshops
from orchestration.manifest import models_in, read_manifest
from orchestration.orphans import end_orphans
from orchestration.sample.servers import Server
from tests.company import ROOT, Company
from tests.orchestration.extract.databases import fresh
from tests.orchestration.lake.made import differences, lake_url, opened

PROFILE = """\
extends: sample
warehouse:
  lake:
    catalog: "${LAKE_CATALOG}"
    data_path: "${LAKE_DATA}"
"""
# What a build reads; what it writes it makes itself.
INPUTS = ("sources", "ingest", "archive")


@dataclass(frozen=True)
class LakeCompany:
    company: Company
    lake: LakeAddress


@pytest.fixture(scope="module")
def lake_company(
    sample_company: Company, catalog_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LakeCompany]:
    """The sample company, built by dbt in a lake from the same landed feeds."""
    folder = tmp_path_factory.mktemp("lake_company")
    profile = folder / "sample.yml"
    profile.write_text(PROFILE, encoding="utf-8")
    for name in INPUTS:
        shutil.copytree(sample_company.root / name, folder / "data" / "sample" / name)
    with fresh(catalog_server) as catalog:
        lake = LakeAddress(lake_url(catalog.url), "aftersales", folder / "lake")
        environment = {"LAKE_CATALOG": lake.catalog, "LAKE_DATA": str(lake.data_path)}
        company = Company(folder / "data", str(profile), environment)
        company.run("build")
        yield LakeCompany(company, lake)


def test_every_mart_of_the_lake_equals_that_of_the_file(lake_company: LakeCompany, sample_company: Company) -> None:
    with opened(lake_company.lake, file=sample_company.current.resolve()) as con:
        found = differences(con, "file", "lake")
        shapes = [
            con.execute(
                "select table_name, column_index, column_name, data_type, comment from duckdb_columns() "
                "where database_name = ? and schema_name = 'marts' order by all",
                [database],
            ).fetchall()
            for database in ("file", "lake")
        ]
    assert found == {node["name"]: 0 for node in models_in(read_manifest(), "marts")}
    assert shapes[0] == shapes[1]
    # What is published on this machine went the same way.
    assert lake_company.company.contents() == sample_company.contents()


def test_dbt_built_in_the_lake_and_not_in_the_file(lake_company: LakeCompany) -> None:
    with psycopg.connect(lake_company.lake.catalog) as catalog:
        ((workshop,),) = catalog.execute(
            "select nspname from pg_namespace where nspname like '%\\_build\\_%'"
        ).fetchall()
    with duckdb.connect() as con:
        attach_lake(con, lake_company.lake.with_schema(workshop), "workshop", read_only=True)
        made = con.execute(
            "select schema_name, count(*) from (select schema_name, table_name from duckdb_tables() "
            "where database_name = 'workshop' union all select schema_name, view_name from duckdb_views() "
            "where database_name = 'workshop') where schema_name != 'meta' group by 1 order by 1"
        ).fetchall()
    manifest = read_manifest()
    assert made == [("marts", len(list(models_in(manifest, "marts"))))]


def test_a_build_killed_while_dbt_is_at_work_leaves_the_last_version(
    lake_company: LakeCompany, sample_company: Company
) -> None:
    company, lake = lake_company.company, lake_company.lake
    before = list_commits(lake)
    builder = company.start("build", "--force")
    try:
        workshop = _wait_for_tables(lake, 20)
    finally:
        builder.send_signal(signal.SIGKILL)
        builder.wait()
    assert list_commits(lake) == before
    with opened(lake, file=sample_company.current.resolve()) as con:
        assert set(differences(con, "file", "lake").values()) == {0}
    end_orphans(company.root / "build")
    assert remove_workshops(lake, pytest.fail) == [workshop]
    assert [path.name for path in lake.data_path.iterdir()] == ["aftersales"]


def _wait_for_tables(lake: LakeAddress, count: int) -> str:
    """Wait until the build that runs has made `count` relations in its workshop; return its schema."""
    until = time.monotonic() + 400
    with psycopg.connect(lake.catalog, autocommit=True) as catalog:
        while time.monotonic() < until:
            for (name,) in catalog.execute(
                "select table_schema from information_schema.tables "
                "where table_name = 'ducklake_snapshot' and table_schema like '%\\_build\\_%'"
            ).fetchall():
                made = catalog.execute(f"select max(snapshot_id) from {name}.ducklake_snapshot").fetchone()
                held = catalog.execute(
                    "select not pg_try_advisory_lock_shared(hashtextextended(%s, 0))", [f"aftersales lake {name}"]
                ).fetchone()
                catalog.execute("select pg_advisory_unlock_all()")
                if made and held and held[0] and (made[0] or 0) >= count:
                    return str(name)
            time.sleep(0.5)
    raise AssertionError("no build made its tables in time")


def test_a_company_can_list_and_serve_its_versions_in_the_lake(lake_company: LakeCompany) -> None:
    company = lake_company.company
    (commit,) = list_commits(lake_company.lake)
    listed = company.run("lake", "versions").stdout
    assert f"* {commit.build_id}  snapshot {commit.snapshot:>6}" in listed
    assert f"in the lake: {commit.build_id}, snapshot {commit.snapshot}" in company.run("lake", "serve").stdout
    assert "no version no_such in" in company.run("lake", "serve", "no_such", expected=1).stderr
    assert "let go of 0 versions" in company.run("lake", "prune").stdout
    without = Company(company.data_dir)
    assert "profile sample has no warehouse.lake" in without.run("lake", "versions", expected=2).stderr


def test_what_the_handbook_says_of_reading_a_lake_is_so(lake_company: LakeCompany) -> None:
    lake = lake_company.lake
    grants, reading, travel = re.findall(
        r"^```sql\n(.*?)^```", (ROOT / "docs" / "lake.md").read_text("utf-8"), re.S | re.M
    )
    url = sa.make_url(lake.catalog)
    (commit,) = list_commits(lake)
    own = {
        "haosheng": lake.schema,
        "'catalog.example.com'": "'127.0.0.1'",
        "port 5432": f"port {url.port}",
        "database 'lake'": f"database '{url.database}'",
        "'…'": f"'{secrets.token_hex(8)}'",
        "install ducklake; install postgres_scanner; load ducklake; load postgres_scanner;": "",
        "version => 7": f"version => {commit.snapshot}",
        "2026-11-20 08:00:00+08": f"{commit.committed_at + timedelta(seconds=1)}+00",
    }
    for ours, theirs in own.items():
        assert ours in grants + reading + travel
        grants, reading, travel = (text.replace(ours, theirs) for text in (grants, reading, travel))
    with psycopg.connect(lake.catalog, autocommit=True) as catalog, duckdb.connect() as con:
        catalog.execute(grants)
        try:
            load_extensions(con)
            assert len(con.execute(reading).fetchall()) > 12
            listed, by_number, by_time = (text for text in travel.split(";") if text.strip())
            assert [row[0] for row in con.execute(listed).fetchall()] == [commit.snapshot]
            rows = con.execute("select count(*) from service.marts.kpi_values").fetchall()[0][0]
            assert len(con.execute(by_number).fetchall()) == len(con.execute(by_time).fetchall()) == rows
            con.close()
        finally:
            catalog.execute("drop owned by analyst; drop role analyst")


def test_a_lake_out_of_reach_stops_a_build_before_anything_is_read(lake_company: LakeCompany, tmp_path: Path) -> None:
    nowhere = {"LAKE_CATALOG": "postgresql://builder:opensesame@127.0.0.1:1/lake", "LAKE_DATA": str(tmp_path)}
    company = Company(tmp_path / "data", lake_company.company.profile, nowhere)
    done = company.run("build", expected=1)
    assert "the catalog of the lake cannot be reached" in done.stdout + done.stderr
    assert "landed" not in done.stdout + done.stderr
    assert "opensesame" not in done.stdout + done.stderr


def test_who_is_forgotten_is_in_no_version_of_the_lake(lake_company: LakeCompany) -> None:
    company, lake = lake_company.company, lake_company.lake
    ((customer,),) = company.query("select max(customer_id) from marts.fct_tickets")
    (before,) = list_commits(lake)
    told = company.run("forget", customer).stdout
    assert "the lake: 1 versions before the one that is served are deleted" in told
    assert [path.name for path in lake.data_path.iterdir()] == ["aftersales"]
    (after,) = list_commits(lake)
    assert after.build_id == f"{before.build_id}-f1"
    with opened(lake) as con:
        known = "select count(*) from lake.marts.fct_tickets where customer_id = ?"
        assert con.execute(known, [customer]).fetchall() == [(0,)]
        with pytest.raises(duckdb.Error):
            con.execute(f"from lake.marts.fct_tickets at (version => {before.snapshot})")
    files = [path.parent for path in lake.folder.rglob("*.parquet")]
    assert len(files) == len(set(files))
