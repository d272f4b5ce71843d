"""The whole path on the sample company, as its engineer and its analysts see it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.lock import hold_build_lock
from tests.company import ROOT, Company


def copy_of(company: Company, target: Path) -> Company:
    shutil.copytree(company.data_dir, target, symlinks=True)
    return Company(target, company.profile)


def test_the_published_file_answers_and_says_what_it_is(sample_company: Company) -> None:
    assert sample_company.current.is_symlink()
    tickets = sample_company.query("select count(*) from marts.fct_tickets")[0][0]
    assert tickets == sample_company.ingested("select count(*) from raw.tickets")[0][0]
    assert tickets >= 1500
    of_this_build = "build_id = (select max(build_id) from meta.builds)"
    failed = sample_company.query(
        f"select * from meta.gates where {of_this_build} and not is_success and severity = 'stop'"
    )
    assert failed == []
    looked_at = sample_company.query(
        f"select distinct gate || '/' || schema_name || '.' || table_name from meta.gates where {of_this_build}"
    )
    assert {page.partition("/")[0] for (page,) in looked_at} == {"gate_1", "gate_2"}
    ((build_id,),) = sample_company.query("select max(build_id) from meta.builds")
    site = sample_company.root / "data_docs" / build_id
    assert (site / "index.html").is_file()
    assert {page.relative_to(site).with_suffix("").as_posix() for page in site.glob("*/*.html")} == {
        page for (page,) in looked_at
    }
    assert sample_company.query("select count(*) from meta.feeds where is_connected and row_count = 0") == [(0,)]


def test_every_available_kpi_has_a_value_over_all_time(sample_company: Company) -> None:
    missing = sample_company.query(
        "select kpi_id from marts.dim_kpis where is_available and kpi_id not in "
        "(select kpi_id from marts.kpi_values where period_grain = 'all' and segment = 'all' and value is not null)"
    )
    assert missing == []


def test_a_build_parses_nothing_anew_that_setup_has_parsed(sample_company: Company, tmp_path: Path) -> None:
    """Whatever the company: its files, time zone and privacy are asked for when SQL is made, not when it is parsed."""
    project = ROOT / "dbt_project"
    build_file = sample_company.unpublish(tmp_path)
    shutil.copy(project / "target" / "partial_parse.msgpack", tmp_path)
    environment = {
        **os.environ,
        "AFTERSALES_BUILD_FILE": str(build_file),
        "AFTERSALES_INGEST_FILE": str(sample_company.root / "ingest" / "ingest.duckdb"),
        "AFTERSALES_TIME_ZONE": "America/Lima",
        "AFTERSALES_PRIVACY": "direct=clear",
    }
    dbt = Path(sys.executable).with_name("dbt")
    options = ("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(tmp_path))
    # What somebody changed since the set-up is not meant.
    subprocess.run([dbt, "--quiet", "--log-level-file", "none", "parse", *options], check=True)
    subprocess.run(
        [dbt, "--log-level-file", "debug", "--log-path", str(tmp_path), "ls", "--select", "kpi_values", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    words = (tmp_path / "dbt.log").read_text(encoding="utf-8")
    assert "Partial parsing enabled: 0 files deleted, 0 files added, 0 files changed." in words


def test_building_from_scratch_gives_the_same_marts(sample_company: Company, tmp_path: Path) -> None:
    """The same sources and as-of: every published mart is equal by content hash."""
    again = copy_of(sample_company, tmp_path / "data")
    for folder in ("ingest", "archive", "build", "published", "dagster"):
        shutil.rmtree(again.root / folder)
    again.run("build")
    assert again.contents() == sample_company.contents()
    assert len(again.contents()) >= 20


def test_a_second_build_lands_no_row_twice_and_versions_can_be_rolled_back(
    sample_company: Company, tmp_path: Path
) -> None:
    company = copy_of(sample_company, tmp_path / "data")
    rows = "select feed, row_count from meta.feeds order by feed"
    before, contents, first = company.query(rows), company.contents(), company.current.resolve()
    company.run("build", "--force")
    second = company.current.resolve()
    assert second != first
    assert company.query(rows) == before
    assert company.contents() == contents

    listed = company.run("versions").stdout.splitlines()
    assert len(listed) == 2
    assert listed[1].startswith("* ")
    assert company.run("rollback").stdout.strip() == f"now served: {first}"
    assert company.current.resolve() == first
    refused = company.run("rollback", expected=1).stderr
    assert "no version before the served one" in refused


def test_a_build_with_nothing_new_leaves_the_served_version_standing(sample_company: Company, tmp_path: Path) -> None:
    """Nothing is modelled or published; whoever watches the version hears that it is fresh, and the gates' word holds.
    A new as-of is news."""
    company = copy_of(sample_company, tmp_path / "data")
    served, versions = company.current.resolve(), company.run("versions").stdout
    done = company.run("build")
    assert f"nothing is new since {served.name}, which stays served" in done.stderr
    assert "emitted no result" not in done.stderr
    assert f"current.duckdb -> {served.name}" in done.stdout
    assert company.run("versions").stdout == versions
    log = max((company.root / "logs").glob("*.jsonl"))
    ended = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert (ended["event"], ended["fields"]["outcome"]) == ("build_ended", "unchanged")
    runs = [path for path in (company.root / "dagster" / "history" / "runs").glob("*.db") if path.name != "index.db"]
    with sqlite3.connect(max(runs, key=lambda path: path.stat().st_mtime_ns)) as events:
        materialized = events.execute(
            "select asset_key from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
        ).fetchall()
    keys = [json.loads(key)[0] for (key,) in materialized]
    assert keys.count("published") == 1
    assert set(keys) == {"raw", "policy", "published"}
    later = company.run("build", "--as-of", "2026-07-01T01:00:00+08:00")
    assert "nothing is new" not in later.stderr
    assert company.current.resolve() != served


def test_a_broken_source_is_stopped_at_gate_1_and_the_last_version_stays_served(
    sample_company: Company, tmp_path: Path
) -> None:
    """The CRM's clock ran wrong: a third of the service orders end before they begin."""
    company = copy_of(sample_company, tmp_path / "data")
    served, contents = company.current.resolve(), company.contents()
    table, created, resolved, updated, key = crm_ticket_columns(company)
    with sqlite3.connect(company.root / "sources" / "crm.sqlite") as crm:
        changed = crm.execute(
            f"update {table} set {resolved} = datetime({created}, '-3 days'), "
            f"{updated} = (select max({updated}) from {table}) "
            f"where {resolved} is not null and {key} in (select {key} from {table} order by {key} limit 600)"
        ).rowcount
    assert changed > 400
    stopped = company.run("build", expected=1).stderr
    assert "gate_1 on raw/tickets" in stopped
    said = next(line for line in stopped.splitlines() if "FAILED  raw.tickets.resolved_at" in line)
    assert re.search(r": \d{3} of [\d,]+ rows .*resolved_at is not less than created_at", said), said
    assert 'e.g. {"ticket_id": "' in stopped
    assert company.current.resolve() == served
    assert company.contents() == contents
    # Its pages are there, because that is when they are needed.
    index = Path(company.run("data-docs").stdout.strip())
    assert index.parent.name not in served.name
    assert str(index) in stopped
    assert said.partition("FAILED  ")[2] in index.read_text(encoding="utf-8")
    assert (index.parent / "gate_1" / "raw.tickets.html").is_file()
    assert not (index.parent / "gate_2").exists()


def crm_ticket_columns(company: Company) -> tuple[str, str, str, str, str]:
    """The CRM's own names, from the profile that maps them."""
    import yaml  # noqa: PLC0415

    from orchestration.workspace import find_profile  # noqa: PLC0415

    binding = yaml.safe_load(find_profile(company.profile).read_text(encoding="utf-8"))["feeds"]["tickets"][0]
    columns = {name: value["expr"] if isinstance(value, dict) else value for name, value in binding["columns"].items()}
    return (
        binding["table"],
        columns["created_at"],
        columns["resolved_at"],
        binding["cursor"]["column"],
        columns["ticket_id"],
    )


def test_a_profile_with_mistakes_is_refused_with_every_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(
        "name: broken\n"
        "title: {en: Broken, zh: 坏}\n"
        "time_zone: Mars/Olympus\n"
        "currency: CNY\n"
        "languages: [en]\n"
        "sources:\n"
        "  crm: {connector: sql, url: 'sqlite:///x.sqlite'}\n"
        "feeds:\n"
        "  tikets:\n"
        "    - {source: crm, table: t, columns: {ticket_id: id}}\n"
    )
    company = Company(tmp_path / "data", str(path))
    said = company.run("profile", "check", expected=2).stderr
    assert "broken.yml" in said
    assert "Mars/Olympus" in said
    assert "tikets" in said
    assert "tickets" in said


def test_no_direct_identifier_of_a_customer_is_published(sample_company: Company) -> None:
    """Every name, telephone number, mail and street address of the CRM is looked for in every published text."""
    with sqlite3.connect(sample_company.root / "sources" / "crm.sqlite") as crm:
        rows = crm.execute("select cust_name, mobile, email, addr from customer").fetchall()
    identifiers = sorted({value for row in rows for value in row if value})
    assert len(identifiers) > 3000
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as con:
        # A customer may bear the name of a technician, and those are published: scorecards show them. A hash may hold
        # eleven digits in a row.
        columns = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where data_type = 'VARCHAR' and schema_name in ('marts', 'meta') and column_name <> 'technician_name' "
            "and not regexp_matches(column_name, '_(hash|fingerprint)$')"
        ).fetchall()
        con.execute("create temp table identifiers as select unnest($1::varchar[]) as identifier", [identifiers])
        assert len(columns) > 100
        telephone = "(^|\\D)1\\d{10}(\\D|$)"
        found = [
            (table, column)
            for schema, table, column in columns
            for (count,) in con.execute(
                f"select count(*) from {schema}.{table} where {column} in (select identifier from identifiers) "
                f"or regexp_matches({column}, $1) or {column} like '%@example.com%'",
                [telephone],
            ).fetchall()
            if count
        ]
    assert found == []


def test_the_queries_of_the_readme_run(sample_company: Company) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert blocks
    for sql in blocks:
        assert sample_company.query(sql), sql


def test_a_second_build_at_the_same_time_is_refused_and_told_who_builds(sample_company: Company) -> None:
    served = sample_company.current.resolve()
    with hold_build_lock(sample_company.root / "build.lock", {"build": "the_first"}):
        refused = sample_company.run("build", expected=1).stderr
    assert "another build holds" in refused
    assert "the_first" in refused
    assert sample_company.current.resolve() == served
