"""Databases that refuse, vanish or are killed: what is said, what is left running, and that the next run heals."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.extract.connectors import sql_session
from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.errors import SourceError, TransientError
from orchestration.extract.source_models import PROJECT_ROOT
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.databases import Database, read

FULL = """\
  customers:
    - source: crm
      table: clients
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""
CREATE = "create table clients (id int primary key, name varchar(300), changed timestamp null)"
ROWS = 60_000

CrmDesk = Callable[[Database, str], Desk]


def fill(database: Database) -> None:
    """Make a table of more bytes than stand between server and reader."""
    numbers = f"generate_series(1, {ROWS}) as i" if database.kind == "postgresql" else f"seq_1_to_{ROWS} as s"
    number = "i" if database.kind == "postgresql" else "seq"
    database.execute(
        CREATE, f"insert into clients select {number}, repeat('x', 300), '2026-06-01 10:00:00' from {numbers}"
    )


def running(database: Database, words: str) -> list[tuple[object, ...]]:
    """Statements that hold `words` and run now."""
    if database.kind == "postgresql":
        activity = f"query like '%{words}%' and state = 'active' and pid <> pg_backend_pid()"
        return database.execute(f"select query from pg_stat_activity where {activity}")
    activity = f"info like '%{words}%' and id <> connection_id()"
    return database.execute(f"select info from information_schema.processlist where {activity}")


@pytest.fixture
def chatty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say after every batch how far a read is."""
    monkeypatch.setattr(sql_session, "PROGRESS_SECONDS", 0)


REFUSALS: list[tuple[str, Callable[[sa.URL], sa.URL], type[SourceError], str]] = [
    ("refused", lambda url: url.set(port=1), TransientError, "(?i)refused|can't connect"),
    ("host", lambda url: url.set(host="nowhere.invalid"), TransientError, "(?i)failed to resolve host|can't connect"),
    ("password", lambda url: url.set(password="canary-7"), SourceError, "(?i)password authentication|access denied"),  # noqa: S106
    ("user", lambda url: url.set(username="nobody"), SourceError, "(?i)password authentication|access denied"),
    ("database", lambda url: url.set(database="nothing"), SourceError, "(?i)does not exist|unknown database"),
    ("option", lambda url: url.update_query_dict({"colour": "red"}), SourceError, "colour"),
    ("tls", lambda url: url.update_query_dict({"sslmode": "require", "ssl": "true"}), SourceError, "(?i)ssl"),
]


@pytest.mark.parametrize(
    ("change", "kind", "message"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_a_refused_connection_is_explained_without_the_password(
    database: Database, crm_desk: CrmDesk, change: Callable[[sa.URL], sa.URL], kind: type[SourceError], message: str
) -> None:
    key = "sslmode" if database.kind == "mariadb" else "ssl"
    other = database.with_url(change).with_url(lambda url: url.difference_update_query([key]))
    desk = crm_desk(other, FULL)
    with pytest.raises(SourceError, match=message) as caught:
        desk.land()
    assert type(caught.value) is kind
    assert "cannot read clients of ${CRM_URL}: " in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(desk.profile)
    for password in {sa.make_url(each.url).password for each in (database, other)}:
        assert password
        assert password not in shown


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        ({"table": "client"}, "there is no table client that this user may see; correct `table`, there are clients"),
        ({"table": "x.clients"}, "there is no table x.clients that this user may see; correct `table`, there are none"),
        ({"table": "clients", "cursor": {"column": "edited"}}, "no cursor column edited; there are id, name, changed"),
        ({"query": "select nope from clients"}, r"cannot read query 1 of \$\{CRM_URL\}: .*nope"),
        ({"query": "selec 1"}, r"cannot read query 1 of \$\{CRM_URL\}: .*syntax"),
        ({"query": "select id, id as ID from clients"}, "(?i)query 1: column 'id' clashes|duplicate column name 'id'"),
    ],
)
def test_what_is_missing_is_named(database: Database, tmp_path: Path, binding: dict[str, object], message: str) -> None:
    database.execute(CREATE)
    with pytest.raises(SourceError, match=message) as caught, Sessions() as sessions:
        read(database, tmp_path, sessions, **binding)
    assert type(caught.value) is SourceError


def test_a_feed_that_fails_leaves_the_others_their_source(database: Database, tmp_path: Path) -> None:
    """A failed statement spends a transaction of PostgreSQL."""
    database.execute(CREATE, "insert into clients (id) values (1)")
    with Sessions() as sessions:
        with pytest.raises(SourceError):
            read(database, tmp_path, sessions, query="select nope from clients")
        assert read(database, tmp_path, sessions, table="clients").texts("id") == ["1"]


@pytest.mark.usefixtures("chatty")
def test_a_connection_lost_mid_batch_may_pass(database: Database, tmp_path: Path) -> None:
    fill(database)
    told: list[str] = []

    def cut(words: str) -> None:
        told.append(words)
        if len(told) == 1:
            if database.kind == "postgresql":
                mine = "pid <> pg_backend_pid() and application_name = 'aftersales' and datname = current_database()"
                database.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {mine}")
            else:
                for (thread,) in database.execute(
                    "select id from information_schema.processlist "
                    "where info like '%select * from `clients`%' and id <> connection_id()"
                ):
                    database.execute(f"kill {thread}")

    with Sessions() as sessions:
        with pytest.raises(TransientError, match=r"cannot read clients of \$\{CRM_URL\}: "):
            read(database, tmp_path, sessions, table="clients", progress=cut)
        assert told[0] == "read 1,000 rows of clients"
        assert len(read(database, tmp_path, sessions, table="clients").texts("id")) == ROWS
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("chatty")
def test_a_server_killed_mid_extraction_lands_nothing_and_the_next_run_heals(
    database: Database, crm_desk: CrmDesk
) -> None:
    assert database.server is not None
    fill(database)
    desk = crm_desk(database, FULL)

    def kill(words: str) -> None:
        if words.startswith("read ") and database.server is not None:
            database.server.kill()

    with pytest.raises(TransientError, match="feed customers, source crm"):
        desk.land(log=kill)
    assert desk.query("select count(*) from raw.customers") == [(0,)]
    with pytest.raises(TransientError):
        desk.land()
    database.server.start()
    assert desk.land().inserted == ROWS
    assert desk.query("select count(*), sum(delivered) from raw.batches") == [(1, ROWS)]


def test_a_full_disk_is_named_and_nothing_is_left(postgres_database: Database, tmp_path: Path) -> None:
    fill(postgres_database)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, limits[1]))
    try:
        with Sessions() as sessions:
            with pytest.raises(SourceError, match=r"what was read of clients cannot be kept: .*File too large"):
                read(postgres_database, tmp_path, sessions, table="clients")
            assert list(tmp_path.iterdir()) == []
            assert running(postgres_database, "copy (select") == []
            assert read(postgres_database, tmp_path, sessions, query="select 1 as one").texts("one") == ["1"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_text_that_is_no_text_is_refused(postgres_database: Database, tmp_path: Path) -> None:
    """A database in SQL_ASCII hands out whatever bytes were put in."""
    name = f"ascii_{sa.make_url(postgres_database.url).database}"
    postgres_database.execute(f"create database {name} encoding 'SQL_ASCII' template template0")
    try:
        ascii_ = postgres_database.with_url(lambda url: url.set(database=name))
        ascii_.execute("create table t (name text)", "insert into t values (convert_from('\\xcfc2ff', 'SQL_ASCII'))")
        with pytest.raises(SourceError, match="invalid byte sequence for encoding"):
            read(ascii_, tmp_path, table="t")
    finally:
        postgres_database.execute(f"drop database {name}")


def test_an_interrupted_read_leaves_no_query_running(database: Database, tmp_path: Path) -> None:
    sleep = "pg_sleep(60)" if database.kind == "postgresql" else "sleep(60)"

    def interrupt() -> None:
        while not running(database, sleep.replace("(60)", "")):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    # The description of the result must come at once, its rows late.
    late = f"select 1 as id from (select {sleep} as waited) w"
    with Sessions() as sessions:
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            read(database, tmp_path, sessions, query=late)
        thread.join()
        until = time.monotonic() + 5
        while (left := running(database, sleep.replace("(60)", ""))) and time.monotonic() < until:
            time.sleep(0.02)
        assert left == []


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+psycopg2", "postgres"])
def test_urls_of_postgresql(postgres_database: Database, tmp_path: Path, scheme: str) -> None:
    url = postgres_database.with_url(lambda url: url.set(drivername=scheme, query={"connect_timeout": "3"}))
    assert read(url, tmp_path, query="select 1 as one").texts("one") == ["1"]


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mysql+mysqldb", "mariadb", "mariadb+pymysql"])
def test_urls_of_mariadb(mariadb_database: Database, tmp_path: Path, scheme: str) -> None:
    query = {"charset": "latin1", "connect_timeout": "3", "read_timeout": "9"}
    url = mariadb_database.with_url(lambda url: url.set(drivername=scheme, query=query))
    assert read(url, tmp_path, query="select '汉字' as one").texts("one") == ["汉字"]


MEASURE = """
import resource, sys
from pathlib import Path
from tests.orchestration.extract.databases import Database, read
kind, url, table, scratch = sys.argv[1:]
found = read(Database(kind, url), Path(scratch), memory_limit="100MB", table=table)
rows = found.con.execute(f"select count(*) from {found.delivery.parts[0].relation}").fetchone()[0]
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.fixture
def tables_of_two_sizes(database: Database) -> Database:
    numbers = "generate_series(1, {}) as i" if database.kind == "postgresql" else "seq_1_to_{} as s"
    number = "i" if database.kind == "postgresql" else "seq"
    for name, rows in (("small", 100_000), ("large", 500_000)):
        database.execute(
            f"create table {name} (id int primary key, body varchar(400))",
            f"insert into {name} select {number}, repeat('x', 400) from {numbers.format(rows)}",
        )
    return database


def test_memory_does_not_grow_with_the_table(tables_of_two_sizes: Database, tmp_path: Path) -> None:
    """200 MB of rows cost little more than 40 MB do, where the relation itself may take 100 MB."""
    peaks = {}
    for table in ("small", "large"):
        command = [
            sys.executable,
            "-c",
            MEASURE,
            tables_of_two_sizes.kind,
            tables_of_two_sizes.url,
            table,
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT_ROOT)
        # DuckDB draws a progress bar above it where the machine is busy.
        rows, peaks[table] = (int(word) for word in done.stdout.split()[-2:])
        assert rows == {"small": 100_000, "large": 500_000}[table]
    assert peaks["large"] - peaks["small"] < 160, peaks
