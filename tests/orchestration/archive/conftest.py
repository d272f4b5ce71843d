"""A small company whose landings are archived, and what its ingest file says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.archive.recording import Archive
from orchestration.archive.settling import check_ingest, settle
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from tests.orchestration.extract.conftest import Desk

FEEDS = """\
  tickets:
    - source: drops
      path: "in*.csv"
      deleted: gone = 'yes'
      allowed_rejects: 1
      columns:
        ticket_id: id
        status: "'open'"
        symptom: note
        version_number: rev
        created_at: day
  customers:
    - source: crm
      table: customer
      cursor: {column: changed}
      compare_keys: [id]
      columns: {customer_id: id, customer_name: name, phone: phone, updated_at: changed}
"""
CONTRACT = {feed: read_contract()[feed] for feed in ("tickets", "customers")}
START = datetime(2026, 7, 1, tzinfo=UTC)

Content = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def content_of(ingest_file: Path, without: tuple[str, ...] = ()) -> Content:
    """Every row of every table of an ingest file."""
    with duckdb.connect(str(ingest_file), read_only=True) as con:
        tables = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        found = {}
        for (name,) in tables:
            columns = sorted(row[0] for row in con.execute(f"describe {name}").fetchall())
            rows = con.execute(f"select {', '.join(columns)} from {name} order by all").fetchall()
            found[name] = (columns, rows)
    return {name: kept for name, kept in found.items() if name not in without}


@dataclass
class Archived:
    """A desk with an archive; each run lands both feeds an hour after the one before."""

    desk: Desk
    runs: int = 0

    def __post_init__(self) -> None:
        self.desk.feeds = FEEDS
        self.desk.database("create table customer (id text, name text, phone text, changed text)")
        self.drop("in0.csv", "0,v1,1,,2026-01-01")

    @property
    def folder(self) -> Path:
        return self.desk.root / "archive"

    @property
    def ingest_file(self) -> Path:
        return self.desk.ingest_file

    @property
    def now(self) -> datetime:
        return START + timedelta(hours=self.runs)

    def open(self) -> None:
        """What a build does before it lands anything."""
        check_ingest(self.ingest_file, self.folder)
        prepare_ingest(self.ingest_file, CONTRACT)
        settle(self.ingest_file, self.folder, CONTRACT)

    def land(self, feed: str) -> FeedResult:
        return land_feed(
            self.ingest_file,
            CONTRACT[feed],
            self.desk.profile,
            batch_id=f"b{self.runs}",
            landed_at=self.now,
            log=lambda _: None,
            recorder=Archive(self.folder),
        )

    def run(self) -> None:
        """A build's extraction, from its start to its end."""
        self.runs += 1
        self.open()
        for feed in CONTRACT:
            self.land(feed)
        Archive(self.folder).close_run(self.ingest_file)

    def drop(self, name: str, *lines: str) -> None:
        self.desk.drop(name, "id,note,rev,gone,day\n" + "".join(f"{line}\n" for line in lines))

    def parts(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def make_archived(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Archived]:
    return lambda: Archived(Desk(tmp_path_factory.mktemp("desk")))


@pytest.fixture
def archived(make_archived: Callable[[], Archived]) -> Archived:
    return make_archived()
