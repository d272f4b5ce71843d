"""Tables and queries of SQLite: types, cursors, snapshots, and errors that keep secrets."""

from __future__ import annotations

import sqlite3
import traceback
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from orchestration.extract.connectors import sql_session
from orchestration.extract.connectors.delivery import Sessions, Window
from orchestration.extract.connectors.sql_alchemy import read_only_sqlite
from orchestration.extract.errors import SourceError
from tests.orchestration.extract.conftest import HEAD, Desk

FULL = """\
  customers:
    - source: crm
      table: clients
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
CURSOR = FULL.replace("table: clients", "table: clients\n      cursor: {column: changed, lookback_days: 3}")
CREATE = "create table clients (id integer primary key, name text, changed text)"


def names(desk: Desk) -> list[tuple[str, str]]:
    return desk.query("select customer_id, customer_name from raw.customers order by 1")


def test_a_full_read_sees_new_changed_and_deleted_rows(desk: Desk) -> None:
    desk.feeds = FULL
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01'), (2, 'Bo', '2026-01-02')")
    desk.land()
    desk.database(
        "delete from clients where id = 1",
        "update clients set name = 'Bob' where id = 2",
        "insert into clients values (3, 'Cy', '2026-01-03')",
    )
    result = desk.land()
    assert (result.delivered, result.inserted, result.replaced, result.deleted) == (2, 1, 1, 1)
    assert names(desk) == [("2", "Bob"), ("3", "Cy")]
    assert desk.query("select distinct _file from raw.customers") == [("clients",)]


def test_a_cursor_reads_on_and_looks_back(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01 09:00'), (2, 'Bo', '2026-01-10 09:00')")
    notes: list[str] = []
    assert desk.land(log=notes.append).delivered == 2
    desk.database(
        "insert into clients values (3, 'late', '2026-01-07 00:00'), (4, 'too late', '2026-01-06 23:59')",
        "delete from clients where id = 1",
    )
    result = desk.land(log=notes.append)
    assert (result.delivered, result.inserted, result.unchanged, result.deleted) == (2, 1, 1, 0)
    assert names(desk) == [("1", "Ann"), ("2", "Bo"), ("3", "late")]
    assert notes == ["customers: crm: all of clients", "customers: crm: clients from 2026-01-10 09:00 on"]


def test_a_cursor_without_new_rows_stays(desk: Desk) -> None:
    desk.feeds = CURSOR.replace(", lookback_days: 3", "")
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01')")
    desk.land()
    desk.database("update clients set changed = '2025-01-01'")
    assert desk.land().delivered == 0
    assert desk.query("select value from raw.cursors") == [("2026-01-01",)]


def test_a_row_from_the_future_does_not_hide_what_comes_until_then(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2036-01-01'), (2, 'Bo', '2026-06-01')")
    desk.land(landed_at=datetime(2026, 7, 1, tzinfo=UTC))
    assert desk.query("select value from raw.cursors") == [("2026-07-01",)]
    desk.database("insert into clients values (3, 'Cy', '2026-07-02')")
    assert desk.land(landed_at=datetime(2026, 7, 3, tzinfo=UTC)).inserted == 1


def test_a_changed_mapping_starts_over_and_drops_what_only_the_old_one_gave(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01'), (2, 'Bo', '2026-01-20')")
    desk.land()
    desk.feeds = CURSOR.replace("customer_id: id", "customer_id: 100 + id")
    result = desk.land()
    assert (result.inserted, result.deleted) == (2, 2)
    assert [row[0] for row in names(desk)] == ["101", "102"]


def test_a_query_may_hold_colons_and_percent_signs(desk: Desk) -> None:
    query = "select id, name || ' at :noon 10%' as name, strftime('%Y-%m-%d %H:%M', changed) as changed from clients"
    desk.feeds = FULL.replace("table: clients", f'query: "{query}"')
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01 12:30')")
    desk.land()
    assert desk.query("select customer_name, updated_at, _file from raw.customers") == [
        ("Ann at :noon 10%", datetime(2026, 1, 1, 4, 30), "query 1")
    ]


def test_a_column_takes_the_type_that_holds_all_of_its_values(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite types values, not columns: a batch of numbers was followed by one of words."""
    monkeypatch.setattr(sql_session.Step, "rows", 2)
    monkeypatch.setattr(sql_session, "BATCH_ROWS", 2)
    desk.feeds = FULL.replace("name,", "\"typeof(name) || ':' || typeof(id) || coalesce(name, '')\",")
    values = "(1, null), (2, null), (3, 7), (4, 8), (5, 'x'), (6, 2.5), (7, null), (8, 9223372036854775807)"
    desk.database("create table clients (id, name, changed)", f"insert into clients (id, name) values {values}")
    desk.land()
    assert [name for _, name in names(desk)] == [
        "VARCHAR:BIGINT",
        "VARCHAR:BIGINT",
        "VARCHAR:BIGINT7",
        "VARCHAR:BIGINT8",
        "VARCHAR:BIGINTx",
        "VARCHAR:BIGINT2.5",
        "VARCHAR:BIGINT",
        "VARCHAR:BIGINT9223372036854775807",
    ]


def test_an_empty_table_lands_no_row(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database(CREATE)
    assert (desk.land().delivered, desk.query("select * from raw.cursors")) == (0, [])


def test_a_bad_row_read_twice_is_one_reject_and_goes_when_it_is_repaired(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-10'), (2, 'Bo', '2026-01-32')")
    desk.land()
    desk.database("insert into clients values (0, 'Zoe', '2026-01-09')")
    assert desk.land().rejected == 1
    assert desk.query("select row_json, reasons[1] from raw.rejects") == [
        (
            '{"id":2,"name":"Bo","changed":"2026-01-32"}',
            "updated_at: found '2026-01-32', expected an ISO timestamp such as 2026-07-01 09:30:00",
        )
    ]
    desk.database("update clients set changed = '2026-01-31' where id = 2")
    desk.land()
    assert desk.rejects() == []


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        (
            FULL.replace("clients", "client"),
            r"there is no table client that this user may see; correct `table`, there are clients",
        ),
        (CURSOR.replace("column: changed", "column: edited"), r"there is no cursor column edited; there are id, name"),
        (FULL.replace("table: clients", "query: select nope from clients"), r"cannot read query 1 .* no such column"),
        (CURSOR.replace("column: changed", "column: name"), r"the cursor holds 'Ann' \(varchar\); lookback_days needs"),
        (
            FULL.replace("table: clients", "query: select id, 1 as _line from clients"),
            r"query 1: column '_line' clashes",
        ),
    ],
)
def test_what_cannot_be_read_is_named(desk: Desk, feeds: str, message: str) -> None:
    desk.feeds = feeds
    desk.database(CREATE, "insert into clients values (1, 'Ann', '2026-01-01')")
    with pytest.raises(SourceError, match=r"feed customers, source crm \(profile line 14\): " + message):
        desk.land()


def test_a_missing_database_is_named_and_not_created(desk: Desk) -> None:
    desk.feeds = FULL
    with pytest.raises(SourceError, match=r"there is no database file .*crm\.sqlite; create it, or correct `url`"):
        desk.land()
    assert not (desk.root / "crm.sqlite").exists()


@pytest.mark.parametrize(
    "url", ["oracle://u:canary@h/d", "nonsense://u:canary@h/d", "canary", "postgresql://u:x@canary@h/d"]
)
def test_a_url_that_does_not_work_keeps_its_secret(desk: Desk, url: str) -> None:
    desk.feeds = FULL
    desk.head = HEAD.replace("sqlite:///${PROFILE_DATA}/crm.sqlite", "${CRM_URL}")
    desk.environment = {"CRM_URL": url}
    with pytest.raises(SourceError, match=r"for \$\{CRM_URL\}; expected a SQLAlchemy URL") as caught:
        desk.land()
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_sqlite_is_opened_for_reading_only(desk: Desk) -> None:
    desk.database(CREATE)
    url = read_only_sqlite(sa.make_url(f"sqlite:///{desk.root / 'crm.sqlite'}"))
    with sa.create_engine(url).connect() as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.execute(sa.text("delete from clients"))


def test_a_cursor_may_count(desk: Desk) -> None:
    desk.feeds = FULL.replace("table: clients", "table: clients\n      cursor: {column: id}")
    desk.database(CREATE, "insert into clients values (9, 'Ann', null), (10, 'Bo', null)")
    desk.land()
    desk.database("insert into clients values (8, 'skipped', null), (11, 'Cy', null)")
    assert (desk.land().delivered, [row[0] for row in names(desk)]) == (2, ["10", "11", "9"])


def test_a_bad_row_without_a_key_read_twice_is_one_reject(desk: Desk) -> None:
    desk.feeds = CURSOR
    desk.database("create table clients (id, name, changed)", "insert into clients values (null, 'Ann', '2026-01-10')")
    desk.land()
    desk.database("insert into clients values (1, 'Bo', '2026-01-09')")
    assert desk.land().rejected == 1
    assert desk.rejects() == [("clients", 2, ["customer_id: is required, found nothing"])]


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_feeds_of_one_session_see_one_moment(desk: Desk, journal: str) -> None:
    desk.feeds = FULL
    desk.database(f"pragma journal_mode = {journal}", CREATE, "insert into clients values (1, 'Ann', '2026-01-01')")
    with Sessions() as sessions:
        desk.land(sessions=sessions)
        if journal == "wal":
            desk.database("insert into clients values (2, 'Bo', '2026-01-02')")
        else:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                desk.database("pragma busy_timeout = 10", "insert into clients values (2, 'Bo', '2026-01-02')")
        assert desk.land(sessions=sessions).delivered == 1
    desk.database("insert into clients values (3, 'Cy', '2026-01-03')")
    assert desk.land().delivered == (3 if journal == "wal" else 2)


def test_a_window_reads_again_what_the_cursor_has_passed(desk: Desk) -> None:
    desk.feeds = CURSOR
    rows = "(1, 'Ann', '2026-02-28 12:00'), (2, 'Bo', '2026-03-01 12:00'), (3, 'Cy', '2026-05-01 12:00')"
    desk.database(CREATE, f"insert into clients values {rows}")
    desk.land()
    desk.database("update clients set name = name || '!'")
    march = Window(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert desk.land(window=march).delivered == 1
    assert names(desk) == [("1", "Ann"), ("2", "Bo!"), ("3", "Cy")]
    assert desk.query("select value from raw.cursors") == [("2026-05-01 12:00",)]
