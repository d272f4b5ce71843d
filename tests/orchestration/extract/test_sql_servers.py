"""Live databases: one moment for all feeds, what incremental reads find, what windows and key comparison bring."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors.delivery import Sessions, Window
from orchestration.extract.connectors.sql import open_session
from orchestration.extract.connectors.sql_mysql import MySQLSession
from orchestration.extract.connectors.sql_postgres import PostgresSession
from orchestration.extract.connectors.sql_session import DatabaseError
from orchestration.extract.errors import SourceError
from orchestration.extract.source_models import SqlSource
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.databases import Database, read

FULL = """\
  customers:
    - source: crm
      table: clients
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
CURSOR = FULL.replace("table: clients", "table: clients\n      cursor: {column: changed, lookback_days: 3}")
CREATE = "create table clients (id int primary key, name varchar(50), changed timestamp null)"
AT = "2026-06-01 10:00:00"

CrmDesk = Callable[[Database, str], Desk]


def insert(*rows: tuple[int, str, str]) -> str:
    return "insert into clients values " + ", ".join(f"({id_}, '{name}', '{at}')" for id_, name, at in rows)


def names(desk: Desk) -> list[tuple[str, str]]:
    return desk.query("select customer_id, customer_name from raw.customers order by 1")


def source(database: Database) -> SqlSource:
    return SqlSource.model_validate({"connector": "sql", "url": database.url})


def test_feeds_of_one_session_see_one_moment(database: Database, crm_desk: CrmDesk) -> None:
    desk = crm_desk(database, FULL)
    database.execute(CREATE, insert((1, "Ann", AT), (2, "Bo", AT)))
    with Sessions() as sessions:
        assert desk.land(sessions=sessions).delivered == 2
        database.execute(insert((3, "Cy", AT)), "update clients set name = 'Bob' where id = 2")
        assert (desk.land(sessions=sessions).unchanged, desk.land(sessions=sessions).delivered) == (2, 2)
    with Sessions() as sessions:
        assert desk.land(sessions=sessions).delivered == 3
    assert names(desk) == [("1", "Ann"), ("2", "Bob"), ("3", "Cy")]


def test_a_session_may_wait_longer_than_the_server_allows(postgres_database: Database, tmp_path: Path) -> None:
    """A feed is mapped while its source's transaction stays open."""
    postgres_database.execute(
        "create table t (id int)", "alter role aftersales set idle_in_transaction_session_timeout = 50"
    )
    try:
        with Sessions() as sessions:
            read(postgres_database, tmp_path, sessions, table="t")
            postgres_database.execute("select pg_sleep(0.2)")
            read(postgres_database, tmp_path, sessions, table="t")
    finally:
        postgres_database.execute("alter role aftersales reset idle_in_transaction_session_timeout")


def test_the_session_refuses_writes(database: Database) -> None:
    database.execute(CREATE)
    with open_session(source(database)) as session:
        if isinstance(session, PostgresSession):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                session.connection.execute("insert into clients (id) values (1)")
        else:
            assert isinstance(session, MySQLSession)
            with pytest.raises(DatabaseError, match="Cannot execute statement in a READ ONLY transaction"):
                session.run("insert into clients (id) values (1)")
    assert database.execute("select count(*) from clients") == [(0,)]


def test_a_user_who_may_only_select_is_enough(database: Database, tmp_path: Path) -> None:
    database.execute(CREATE, insert((1, "Ann", AT)), "create table secrets (id int)")
    if database.kind == "postgresql":
        grants = ["create role reader login password 'r1'", "grant select on clients to reader"]
        end = ["drop owned by reader", "drop role reader"]
    else:
        grants = ["create user reader identified by 'r1'", "grant select on clients to reader"]
        end = ["drop user reader"]
    database.execute(*grants)
    reader = database.with_url(lambda url: url.set(username="reader", password="r1"))  # noqa: S106
    try:
        assert read(reader, tmp_path, table="clients", cursor={"column": "changed"}).texts("id") == ["1"]
        message = (
            "permission denied for table secrets" if database.kind == "postgresql" else "there is no table secrets"
        )
        with pytest.raises(SourceError, match=message):
            read(reader, tmp_path, table="secrets")
    finally:
        database.execute(*end)


def test_a_late_commit_is_found_within_the_lookback(database: Database, crm_desk: CrmDesk) -> None:
    desk = crm_desk(database, CURSOR)
    database.execute(CREATE, insert((1, "Ann", "2026-06-10 10:00:00")))
    with closing(database.connect()) as slow, closing(slow.cursor()) as cursor:
        cursor.execute("begin")
        cursor.execute(insert((2, "late", "2026-06-08 10:00:00"), (3, "too late", "2026-06-07 09:59:59")))
        assert desk.land().inserted == 1
        cursor.execute("commit")
    result = desk.land()
    assert (result.delivered, result.inserted, result.unchanged) == (2, 1, 1)
    assert names(desk) == [("1", "Ann"), ("2", "late")]


def test_equal_cursor_values_at_the_boundary_are_all_found(database: Database, crm_desk: CrmDesk) -> None:
    desk = crm_desk(database, CURSOR.replace(", lookback_days: 3", ""))
    database.execute(CREATE, insert((1, "Ann", AT)))
    desk.land()
    database.execute(insert((2, "Bo", AT)))
    result = desk.land()
    assert (result.delivered, result.inserted, result.unchanged) == (2, 1, 1)


def test_a_row_from_the_future_or_without_end_hides_no_other(database: Database, crm_desk: CrmDesk) -> None:
    desk = crm_desk(database, CURSOR.replace(", lookback_days: 3", ""))
    never = "infinity" if database.kind == "postgresql" else "2037-01-01"
    database.execute(CREATE, insert((1, "Ann", "2036-01-01"), (2, "Bo", AT), (3, "Cy", never)))
    desk.land(landed_at=datetime(2026, 7, 1, tzinfo=UTC))
    database.execute(insert((4, "Di", "2026-07-02 10:00:00")))
    desk.land(landed_at=datetime(2026, 7, 3, tzinfo=UTC))
    assert ("4", "Di") in names(desk)


def test_a_fraction_of_a_second_moves_the_cursor(database: Database, tmp_path: Path) -> None:
    kind = "timestamptz" if database.kind == "postgresql" else "timestamp(6) null"
    zone = "set time zone 'UTC'" if database.kind == "postgresql" else "set time_zone = '+00:00'"
    rows = "(1, '2026-06-01 10:00:00.000001'), (2, '2026-06-01 10:00:00.000002')"
    database.execute(zone, f"create table t (id int, at {kind})", f"insert into t values {rows}")
    state = read(database, tmp_path, table="t", cursor={"column": "at"}).delivery.cursors[0]
    assert (state.value, state.value_type) == ("2026-06-01 10:00:00.000002+00", "TIMESTAMP WITH TIME ZONE")
    assert read(database, tmp_path, table="t", cursor={"column": "at"}, state=state).texts("id") == ["2"]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("int", ("1", "2", "3"), ("3",)),
        ("numeric(9, 2)", ("1.25", "2.25", "2.5"), ("2.5",)),
        ("varchar(20)", ("'it''s'", "'it''s\\x'", "'it''s\\y%s'"), ("it's\\y%s",)),
        ("date", ("'2026-01-01'", "'2026-01-02'", "'2026-01-03'"), ("2026-01-03",)),
    ],
)
def test_a_cursor_may_be_of_any_ordered_type(
    database: Database, tmp_path: Path, kind: str, values: tuple[str, ...], expected: tuple[str]
) -> None:
    if database.kind == "mariadb":
        values = tuple(value.replace("\\", "\\\\") for value in values)
    rows = ", ".join(f"({value})" for value in values)
    database.execute(f"create table t (mark {kind})", f"insert into t values {rows}")
    state = read(database, tmp_path, table="t", cursor={"column": "mark"}).delivery.cursors[0]
    found = read(database, tmp_path, table="t", cursor={"column": "mark"}, state=state)
    assert [str(text).rstrip("0") for text in found.texts("mark")] == list(expected)
    assert found.delivery.cursors[0] == state
    assert found.delivery.reread == ()


def test_rows_that_are_gone_are_found_by_their_keys(database: Database, crm_desk: CrmDesk) -> None:
    keys = CURSOR.replace("table: clients", "table: clients\n      compare_keys: [id]")
    desk = crm_desk(database, keys)
    database.execute(CREATE, insert((1, "Ann", "2026-01-01"), (2, "Bo", "2026-01-02"), (3, "Cy", AT)))
    desk.land()
    database.execute("delete from clients where id = 1", insert((4, "Di", AT)))
    result = desk.land()
    assert (result.delivered, result.inserted, result.deleted) == (2, 1, 1)
    assert names(desk) == [("2", "Bo"), ("3", "Cy"), ("4", "Di")]
    with pytest.raises(SourceError, match="there is no column of compare_keys number; there are id, name, changed"):
        read(database, desk.root, table="clients", compare_keys=("number",), cursor={"column": "changed"}, window=JUNE)


SHANGHAI = ZoneInfo("Asia/Shanghai")
JUNE = Window(datetime(2026, 6, 1, tzinfo=SHANGHAI), datetime(2026, 7, 1, tzinfo=SHANGHAI))


@pytest.mark.parametrize("is_aware", [False, True])
def test_a_window_reads_a_part_of_the_history_again(database: Database, tmp_path: Path, is_aware: bool) -> None:
    aware, naive = ("timestamptz", "timestamp") if database.kind == "postgresql" else ("timestamp null", "datetime")
    zone = "set time zone 'Asia/Shanghai'" if database.kind == "postgresql" else "set time_zone = '+08:00'"
    rows = "(1, '2026-05-31 23:59:59'), (2, '2026-06-01'), (3, '2026-06-30 23:59:59'), (4, '2026-07-01')"
    database.execute(
        zone, f"create table t (id int, at {aware if is_aware else naive})", f"insert into t values {rows}"
    )
    cursor = {"column": "at"}
    state = read(database, tmp_path, table="t", cursor=cursor).delivery.cursors[0]
    found = read(database, tmp_path, table="t", cursor=cursor, state=state, window=JUNE)
    assert found.texts("id") == ["2", "3"]
    assert (found.delivery.cursors, found.delivery.reread) == ((state,), ())
    # Never read before: the next read, without a window, brings everything.
    assert read(database, tmp_path, table="t", cursor=cursor, window=JUNE).delivery.cursors == ()


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        ({}, "t has no `cursor`, the column that says when a row changed"),
        ({"cursor": {"column": "id"}}, "a window needs a column of dates"),
    ],
)
def test_a_window_needs_a_column_that_says_when(
    database: Database, tmp_path: Path, binding: dict[str, object], message: str
) -> None:
    database.execute("create table t (id int)", "insert into t values (1)")
    with pytest.raises(SourceError, match=message):
        read(database, tmp_path, table="t", window=JUNE, **binding)


def test_a_look_brings_only_some_rows(database: Database, tmp_path: Path) -> None:
    database.execute(CREATE, insert((1, "Ann", AT), (2, "Bo", AT), (3, "Cy", AT)))
    cursor = {"column": "changed"}
    assert len(read(database, tmp_path, table="clients", cursor=cursor, limit_rows=2).texts("id")) == 2
    lite = Database("sqlite", f"sqlite:///{tmp_path / 'crm.sqlite'}")
    lite.execute(CREATE, insert((1, "Ann", AT), (2, ":x", AT), (3, "Cy", AT)))
    query = "select * from clients where name <> 'Ann :y %'"
    assert len(read(lite, tmp_path, query=query, limit_rows=2).texts("id")) == 2


# What is done to the source between two landings: rows by id, changed at the clock's next tick, or not at all.
STEPS = st.lists(st.lists(st.integers(1, 6), max_size=4), min_size=2, max_size=3)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_incremental_reads_is_one_full_read(
    database: Database, make_desk: Callable[[], Desk], steps: list[list[int]]
) -> None:
    upsert = (
        "on conflict (id) do update set name = excluded.name, changed = excluded.changed"
        if database.kind == "postgresql"
        else "on duplicate key update name = values(name), changed = values(changed)"
    )
    database.execute("drop table if exists clients", CREATE)
    step_by_step, at_once = make_desk(), make_desk()
    for desk, feeds in ((step_by_step, CURSOR), (at_once, FULL)):
        desk.head = desk.head.replace("sqlite:///${PROFILE_DATA}/crm.sqlite", "${CRM_URL}")
        desk.environment, desk.feeds = {"CRM_URL": database.url}, feeds
    clock = 0
    for changed in steps:
        for id_ in changed:
            clock += 1
            row = (id_, f"version {clock}", f"2026-06-{1 + clock:02} 10:00:00")
            database.execute(f"{insert(row)} {upsert}")
        step_by_step.land()
    at_once.land()
    rows = "select customer_id, customer_name, updated_at from raw.customers order by 1"
    assert step_by_step.query(rows) == at_once.query(rows)
