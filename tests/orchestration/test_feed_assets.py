"""A feed as Dagster runs it: tried again while its source is away, warned about, read again on request."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import psycopg
import pytest
import sqlalchemy as sa

from orchestration.extract.contract import read_contract
from orchestration.feed_assets import feed_assets
from orchestration.resources import BuildResource
from orchestration.sample.servers import Server, ServerMissing, postgres_server

PROFILE = """\
name: desk
title: {{en: Desk, zh: 服务台}}
time_zone: UTC
currency: CNY
sources:
  crm: {{connector: sql, url: "{url}", retry: {{attempts: {attempts}, wait_seconds: 0.5}}}}
feeds:
  customers:
    - source: crm
      table: customer
      cursor: {{column: changed}}
      fresh_within_hours: 24
      columns: {{customer_id: id, customer_name: name, updated_at: changed}}
"""


@dataclass
class Desk:
    """A company with one source and one feed, materialized as Dagster does."""

    root: Path
    url: str
    attempts: int = 5

    def materialize(self, monkeypatch: pytest.MonkeyPatch, **config: str) -> dg.ExecuteInProcessResult:
        profile = self.root / "desk.yml"
        profile.write_text(PROFILE.format(url=self.url, attempts=self.attempts), encoding="utf-8")
        monkeypatch.setenv("AFTERSALES_PROFILE", str(profile))
        monkeypatch.setenv("AFTERSALES_DATA_DIR", str(self.root / "data"))
        assets = [asset for asset in feed_assets(read_contract()) if asset.key.path == ["raw", "customers"]]
        return dg.materialize(assets, resources={"build": BuildResource(**config)}, raise_on_error=False)

    def customers(self) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.root / "data" / "desk" / "ingest" / "ingest.duckdb"), read_only=True) as con:
            return con.execute("select customer_id, customer_name from raw.customers order by all").fetchall()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server(tmp_path / "pg"))
        except ServerMissing as missing:
            pytest.skip(str(missing))
        with psycopg.connect(_libpq(server.url)) as con:
            con.execute("create table customer (id text primary key, name text, changed timestamp)")
            con.execute("insert into customer values ('C1', '王芳', '2026-06-01 10:00:00')")
        yield server


def _libpq(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    with sqlite3.connect(tmp_path / "crm.sqlite") as con:
        con.execute("create table customer (id text primary key, name text, changed text)")
        con.execute("insert into customer values ('C1', '王芳', '2026-03-05 10:00:00')")
        con.execute("insert into customer values ('C2', '李强', '2026-05-05 10:00:00')")
    con.close()
    return Desk(tmp_path, f"sqlite:///{tmp_path}/crm.sqlite")


def _retries(result: dg.ExecuteInProcessResult) -> int:
    return sum(event.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY for event in result.all_events)


def _checks(result: dg.ExecuteInProcessResult) -> dict[str, tuple[bool, str]]:
    return {each.check_name: (each.passed, each.description or "") for each in result.get_asset_check_evaluations()}


def test_a_feed_waits_for_a_database_that_restarts(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, postgres.url)
    postgres.stop()

    class ComesBack(logging.Handler):
        """The database is back by the time of the second try."""

        def emit(self, record: logging.LogRecord) -> None:
            if "try 1 of 5 follows" in record.getMessage():
                postgres.start()

    log, comes_back = logging.getLogger("aftersales"), ComesBack()
    log.addHandler(comes_back)
    try:
        result = desk.materialize(monkeypatch)
    finally:
        log.removeHandler(comes_back)
    assert result.success
    assert _retries(result) == 1
    assert desk.customers() == [("C1", "王芳")]


def test_a_database_that_stays_away_fails_the_feed_after_its_tries(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, postgres.url, attempts=1)
    postgres.stop()
    result = desk.materialize(monkeypatch)
    assert not result.success
    assert _retries(result) == 1
    assert desk.customers() == []


def test_a_mistake_is_not_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(desk.root / "crm.sqlite") as con:
        con.execute("alter table customer rename to client")
    con.close()
    result = desk.materialize(monkeypatch)
    assert not result.success
    assert _retries(result) == 0


def test_old_data_and_new_columns_turn_their_checks_yellow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _checks(desk.materialize(monkeypatch))
    assert first["is_delivered_as_before"][0]
    assert not first["is_fresh"][0]  # months old, though the source declares a day
    with sqlite3.connect(desk.root / "crm.sqlite") as con:
        con.execute("alter table customer add column grade text")
    con.close()
    second = _checks(desk.materialize(monkeypatch))
    assert not second["is_delivered_as_before"][0]
    assert "grade" in second["is_delivered_as_before"][1]


def test_a_backfill_finds_what_was_changed_behind_the_cursor(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.materialize(monkeypatch)
    with sqlite3.connect(desk.root / "crm.sqlite") as con:
        # A correction that leaves its date of change as it was: no cursor sees it.
        con.execute("update customer set name = '王芳芳' where id = 'C1'")
        con.execute("update customer set name = '李强强' where id = 'C2'")
    con.close()
    desk.materialize(monkeypatch)
    assert ("C1", "王芳") in desk.customers()
    desk.materialize(monkeypatch, backfill_feed="customers", backfill_from="2026-03-01", backfill_until="2026-04-01")
    assert ("C1", "王芳芳") in desk.customers()
