"""A small company on disk whose sources, profile and ingest file a test writes and looks at."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.extract.connectors.delivery import Sessions, Window
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from orchestration.extract.profile import Profile, load_profile
from orchestration.sample.servers import Server, ServerMissing, mariadb_server, postgres_server
from tests.orchestration.extract.databases import Database, fresh

HEAD = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: Asia/Shanghai
currency: CNY
sources:
  drops:
    connector: files
    root: "${PROFILE_DATA}/drops"
  crm:
    connector: sql
    url: "sqlite:///${PROFILE_DATA}/crm.sqlite"
feeds:
"""

# Newer versions of a customer are those changed later.
CUSTOMERS = """\
  customers:
    - source: drops
      path: "customers*.csv"
      columns: {customer_id: id, customer_name: name, updated_at: changed}
"""


@dataclass
class Desk:
    """The folder of a company; each landing is a batch of its own."""

    root: Path
    feeds: str = CUSTOMERS
    head: str = HEAD
    environment: dict[str, str] = field(default_factory=dict)
    batches: int = 0

    def __post_init__(self) -> None:
        (self.root / "drops").mkdir(parents=True, exist_ok=True)

    @property
    def ingest_file(self) -> Path:
        return self.root / "ingest" / "ingest.duckdb"

    @property
    def profile(self) -> Profile:
        path = self.root / "desk.yml"
        path.write_text(self.head + self.feeds, encoding="utf-8")
        return load_profile(path, self.environment, profile_data=self.root)

    def drop(self, name: str, content: str | bytes) -> Path:
        path = self.root / "drops" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def database(self, *statements: str) -> None:
        with sqlite3.connect(self.root / "crm.sqlite") as con:
            for statement in statements:
                con.execute(statement)
        con.close()

    def land(
        self,
        feed: str = "customers",
        *,
        landed_at: datetime = datetime(2026, 7, 1, tzinfo=UTC),
        log: Callable[[str], None] = lambda _: None,
        sessions: Sessions | None = None,
        window: Window | None = None,
    ) -> FeedResult:
        """Land a feed, and hold the laws that hold for every landing."""
        self.batches += 1
        contract = read_contract()
        prepare_ingest(self.ingest_file, {feed: contract[feed]})
        result = land_feed(
            self.ingest_file,
            contract[feed],
            self.profile,
            batch_id=f"b{self.batches}",
            landed_at=landed_at,
            log=log,
            sessions=sessions,
            window=window,
        )
        assert result.delivered == sum(
            (result.inserted, result.replaced, result.unchanged, result.superseded, result.filtered, result.rejected)
        )
        table = f"{contract[feed].schema}.{feed}"
        ever = self.query(f"select sum(inserted) - sum(deleted) from raw.batches where feed = '{feed}'")[0][0] or 0
        assert result.row_count == ever == self.query(f"select count(*) from {table}")[0][0]
        keys = ", ".join(contract[feed].key)
        assert self.query(f"select {keys} from {table} group by {keys} having count(*) > 1") == []
        return result

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.ingest_file), read_only=True) as con:
            return con.execute(sql, list(parameters)).fetchall()

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.query("select file, line, reasons from raw.rejects order by file, line, reasons")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def make_desk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    return lambda: Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL of the tests' own."""
    try:
        with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
            yield server
    except ServerMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A MariaDB of the tests' own."""
    try:
        with mariadb_server(tmp_path_factory.mktemp("mariadb")) as server:
            yield server
    except ServerMissing as error:
        pytest.skip(str(error))


@pytest.fixture
def postgres_database(postgres: Server) -> Iterator[Database]:
    """An empty database of the test's own."""
    with fresh(postgres) as database:
        yield database


@pytest.fixture
def mariadb_database(mariadb: Server) -> Iterator[Database]:
    """An empty database of the test's own."""
    with fresh(mariadb) as database:
        yield database


@pytest.fixture(params=["postgres_database", "mariadb_database"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database: the test runs on each kind of server."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def crm_desk(tmp_path: Path) -> Callable[[Database, str], Desk]:
    """Make a company with these feeds, whose source `crm` is a database."""
    head = HEAD.replace("sqlite:///${PROFILE_DATA}/crm.sqlite", "${CRM_URL}")
    return lambda database, feeds: Desk(tmp_path, feeds, head, {"CRM_URL": database.url})
