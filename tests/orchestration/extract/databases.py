"""Empty databases on real servers, and what the sql connector reads of them."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pymysql
import sqlalchemy as sa
from pydantic import SecretStr

from orchestration.extract.connectors.delivery import CursorState, Delivery, Request, Sessions, Window
from orchestration.extract.connectors.sql import SqlConnector
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import SqlSource
from orchestration.extract.sql_text import quote
from orchestration.sample.servers import Server

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """A database that a test fills: `kind` is postgresql, mariadb or sqlite."""

    kind: str
    url: str = field(repr=False)
    server: Server | None = None

    def connect(self, **options: Any) -> Any:
        """Connect as its owner, each statement its own transaction."""
        url = sa.make_url(self.url)
        if self.kind == "postgresql":
            text = url.set(drivername="postgresql").render_as_string(hide_password=False)
            return psycopg.connect(text, autocommit=True, **options)
        if self.kind == "mariadb":
            return pymysql.connect(
                host=url.host,
                port=url.port or 3306,
                user=url.username,
                password=url.password or "",
                database=url.database,
                autocommit=True,
                **options,
            )
        return sqlite3.connect(str(url.database), isolation_level=None)

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements; return the rows of the last."""
        with closing(self.connect()) as connection, closing(connection.cursor()) as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def with_url(self, change: Callable[[sa.URL], sa.URL]) -> Database:
        """Return it under another URL."""
        return replace(self, url=change(sa.make_url(self.url)).render_as_string(hide_password=False))


@contextmanager
def fresh(server: Server) -> Iterator[Database]:
    """Make an empty database on `server`; it is gone at the end."""
    name = f"t{next(_numbers)}"
    kind = "postgresql" if server.kind == "PostgreSQL" else "mariadb"
    whole = Database(kind, server.url, server)
    whole.execute(f"create database {name}")
    try:
        yield whole.with_url(lambda url: url.set(database=name))
    finally:
        server.start()
        whole.execute(f"drop database {name}{' with (force)' if kind == 'postgresql' else ''}")


@dataclass
class Read:
    """What the connector brought of one binding, as its relation holds it."""

    con: duckdb.DuckDBPyConnection
    delivery: Delivery

    def types(self) -> dict[str, str]:
        relation = self.delivery.parts[0].relation
        return {row[0]: row[1] for row in self.con.execute(f"describe {quote(relation)}").fetchall()}

    def texts(self, column: str) -> list[str | None]:
        """The values of a column as text, in the order of delivery."""
        relation = quote(self.delivery.parts[0].relation)
        rows = self.con.execute(f"select cast({quote(column)} as varchar) from {relation} order by _row").fetchall()
        return [row[0] for row in rows]


def read(
    database: Database,
    scratch: Path,
    sessions: Sessions | None = None,
    *,
    state: CursorState | None = None,
    window: Window | None = None,
    limit_rows: int | None = None,
    memory_limit: str = "1GB",
    progress: Callable[[str], None] = lambda _: None,
    **binding: Any,
) -> Read:
    """Let the connector deliver one binding, from `state` on, without landing it."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    con.execute("set memory_limit = ?", [memory_limit])
    con.execute("set temp_directory = ?", [str(scratch / "spill")])
    with Sessions() as own:
        request = Request(
            feed="customers",
            bindings=(Binding(source="crm", **binding),),
            fingerprints=("f",),
            zone="Asia/Shanghai",
            landed_at=datetime(2026, 7, 1, tzinfo=UTC),
            scratch=scratch,
            cursors={"f": state} if state else {},
            window=window,
            sessions=sessions or own,
            progress=progress,
            limit_rows=limit_rows,
        )
        source = SqlSource(name="crm", connector="sql", url=SecretStr(database.url), template="${CRM_URL}")
        return Read(con, SqlConnector(source).deliver(con, request))
