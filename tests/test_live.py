"""The sample company from live systems: the same marts as from files and SQLite; then only what changes is read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import psutil
import pytest
import sqlalchemy as sa

from orchestration.extract.contract import read_contract
from orchestration.extract.landing import land_feed, prepare_ingest
from orchestration.extract.profile import load_profile
from orchestration.sample.clock import ZONE
from orchestration.sample.crm_files import export_crm
from orchestration.sample.generate import DEFAULT_AS_OF
from orchestration.sample.live.account import Held, Landed, held_rows, last_landings
from orchestration.sample.live.changes import Change, live_a_day
from orchestration.sample.live.systems import Systems, running_systems
from orchestration.sample.live.walk_through import compare
from orchestration.sample.servers import ServerMissing
from orchestration.workspace import find_profile
from tests.company import ROOT, Company

Contents = dict[str, tuple[int, str]]

FEEDS = {name: feed for name, feed in read_contract().items() if feed.schema == "raw"}


@dataclass(frozen=True)
class Walk:
    """The live company after two runs with a day between them, and what was noted on the way."""

    company: Company
    systems: Systems
    first_contents: Contents
    first_ingest: Path
    first_landings: dict[str, Landed]
    changes: dict[str, Change]
    held: dict[str, Held]
    second_landings: dict[str, Landed]
    output: str


@pytest.fixture(scope="session")
def walk(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("live")
    company = Company(folder / "data", "live")
    sources, ingest = company.root / "sources", company.root / "ingest" / "ingest.duckdb"
    shutil.copytree(sample_company.root / "sources", sources)
    try:
        with running_systems(sources, folder / "logs") as systems:
            company = replace(company, environment=systems.environment)
            first = company.run("build")
            contents, landings = company.contents(), last_landings(ingest)
            shutil.copyfile(ingest, folder / "first.duckdb")
            changes = live_a_day(systems, DEFAULT_AS_OF.astimezone(ZONE).replace(tzinfo=None))
            held = held_rows(systems, ingest)
            next_day = {"AFTERSALES_AS_OF": (DEFAULT_AS_OF + timedelta(days=1)).isoformat()}
            second = replace(company, environment=systems.environment | next_day).run("build")
            output = first.stdout + first.stderr + second.stdout + second.stderr
            yield Walk(
                company,
                systems,
                contents,
                folder / "first.duckdb",
                landings,
                changes,
                held,
                last_landings(ingest),
                output,
            )
    except ServerMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def files_company(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The sample company with its CRM as files."""
    company = Company(tmp_path_factory.mktemp("files"), "sample_files")
    shutil.copytree(sample_company.root / "sources", company.root / "sources")
    export_crm(company.root / "sources")
    (company.root / "sources" / "crm.sqlite").unlink()
    company.run("build")
    return company


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """Rows of each feed, in the contract's columns, that only one of two ingest files has."""
    found = {}
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        for name, feed in FEEDS.items():
            columns = ", ".join(f'"{column.name}"' for column in feed.columns)
            ours, theirs = (f"select {columns} from {side}.raw.{name}" for side in ("one", "other"))
            counts = [
                con.execute(f"select count(*) from ({left} except all {right})").fetchone()[0]
                for left, right in ((ours, theirs), (theirs, ours))
            ]
            if any(counts):
                found[name] = (counts[0], counts[1])
    return found


def test_the_marts_from_live_systems_are_those_from_sqlite(walk: Walk, sample_company: Company) -> None:
    assert len(walk.first_contents) >= 20
    assert walk.first_contents == sample_company.contents()


def test_the_marts_from_files_are_those_from_sqlite(files_company: Company, sample_company: Company) -> None:
    assert files_company.contents() == sample_company.contents()


def test_every_feed_is_equal_from_live_systems_from_files_and_from_sqlite(
    walk: Walk, files_company: Company, sample_company: Company
) -> None:
    from_sqlite = sample_company.root / "ingest" / "ingest.duckdb"
    assert differences(from_sqlite, walk.first_ingest) == {}
    assert differences(from_sqlite, files_company.root / "ingest" / "ingest.duckdb") == {}
    assert sum(landing.inserted for landing in walk.first_landings.values()) > 50_000


def test_the_second_run_reads_what_is_due_and_lands_just_what_changed(walk: Walk) -> None:
    said: list[str] = []
    assert compare(walk.changes, walk.held, walk.second_landings, said.append) == [], "\n".join(said)
    touched = {feed for feed, landing in walk.second_landings.items() if landing.inserted + landing.replaced}
    assert touched | {"complaints", "part_lines"} == set(walk.changes)
    incremental = {"tickets", "ticket_events", "visits", "customers", "calls", "survey_answers", "survey_invitations"}
    assert incremental <= set(walk.held)
    for feed in incremental:
        assert 0 < walk.second_landings[feed].read < walk.held[feed].rows / 10, feed


def test_the_comparison_sees_a_row_too_many_too_few_and_one_not_read(walk: Walk) -> None:
    landed = dict(walk.second_landings)
    landed["tickets"] = replace(landed["tickets"], inserted=landed["tickets"].inserted + 1)
    landed["part_lines"] = replace(landed["part_lines"], deleted=0)
    landed["reviews"] = replace(landed["reviews"], read=0)
    landed["audits"] = replace(landed["audits"], replaced=1)
    assert compare(walk.changes, walk.held, landed, lambda _: None) == ["part_lines", "reviews", "tickets", "audits"]


def test_what_was_deleted_is_gone_and_what_was_committed_late_is_there(walk: Walk) -> None:
    (withdrawn,) = ids(walk.systems.crm.url, "select ts_no from complaint where is_deleted")
    assert walk.company.ingested(f"select count(*) from raw.complaints where complaint_id = '{withdrawn}'") == [(0,)]
    for url, column, table, feed, key in (
        (walk.systems.crm.url, "pl_no", "part_line", "part_lines", "part_line_id"),
        (walk.systems.calls.url, "CallUID", "call_leg", "calls", "call_id"),
    ):
        there = ids(url, f"select distinct {column} from {table} where {column} is not null")
        assert {row[0] for row in walk.company.ingested(f"select {key} from raw.{feed}")} <= there
        with duckdb.connect(str(walk.first_ingest), read_only=True) as con:
            before = {row[0] for row in con.execute(f"select {key} from raw.{feed}").fetchall()}
        assert len(before - there) == 2
    late = "select count(*) from raw.tickets where ticket_id like 'GD2606299%' and updated_at < '2026-06-30'"
    assert walk.company.ingested(late) == [(1,)]


def ids(url: str, query: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return {row[0] for row in connection.execute(sa.text(query))}


def test_reading_increments_gives_what_reading_everything_gives(walk: Walk, tmp_path: Path) -> None:
    environment = walk.systems.environment
    profile = load_profile(find_profile("live"), environment, profile_data=walk.company.root)
    anew = tmp_path / "anew.duckdb"
    prepare_ingest(anew, read_contract())
    for feed in FEEDS.values():
        land_feed(anew, feed, profile, batch_id="anew", landed_at=datetime.now(UTC), log=lambda _: None)
    assert differences(anew, walk.company.root / "ingest" / "ingest.duckdb") == {}


def test_the_services_faults_were_met_and_outlived(walk: Walk) -> None:
    happened = walk.systems.surveys.happened()
    assert happened["failed"] > 0
    assert happened["broken_off"] > 0
    assert happened["answered"] > happened["failed"]


def test_no_secret_is_said_or_kept(walk: Walk) -> None:
    environment = walk.systems.environment
    secrets = [environment["LIVE_SURVEYS_SECRET"]]
    secrets += [str(sa.make_url(environment[name]).password) for name in ("LIVE_CRM_URL", "LIVE_CALLS_URL")]
    kept = [path.read_bytes() for path in walk.company.root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(kept) > 20
    for secret in secrets:
        assert secret not in walk.output
        assert not any(secret.encode() in content for content in kept)


def test_ctrl_c_stops_the_walk_and_its_servers(tmp_path: Path, walk: Walk) -> None:
    """`walk` is asked for only so that this runs where the servers are installed."""
    assert walk.company.current.exists()
    command = [sys.executable, "-m", "orchestration.sample.live", "--tickets", "100", "--data-dir", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("first run"):
                break
        started = psutil.Process(process.pid).children(recursive=True)
        assert {"postgres", "mariadbd"} <= {child.name() for child in started}
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(60) == 130, rest
    assert "stopped on request, the systems too" in rest
    _, alive = psutil.wait_procs(started, timeout=10)
    assert [child.name() for child in alive] == []
