"""The sample company's CRM in PostgreSQL: tables with proper types, keys and indexes, and a role that may only read.

A database cannot hold what its types forbid (a thirteenth month, a quantity in words): such rows of the sample are
refused and counted. Complaints have a flag for those withdrawn, which the files of the sample lack.
"""

# ruff: noqa: S608 - names are those of the sample's own tables
from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from orchestration.sample.clock import ZONE
from orchestration.sample.servers import Server

READER = "warehouse"
# What the warehouse reads from where it has read to.
CURSORS = {
    "customer": "modified_at",
    "installed_base": "modified_at",
    "sales_line": "modified_at",
    "service_order": "modified_at",
    "service_log": "logged_at",
    "complaint": "modified_at",
    "work_visit": "modified_at",
    "part_line": "modified_at",
}

_MOMENTS = {
    "modified_at", "reg_time", "biz_time", "opened_at", "accepted_at", "first_reply_at", "started_at", "solved_at",
    "closed_at", "visited_at", "logged_at", "raised_at", "acked_at", "req_time", "promise_time", "plan_time",
    "arrive_time", "finish_time", "ask_time", "use_time", "return_time",
}  # fmt: skip
_DATES = {
    "open_date", "close_date", "cert_expiry", "entry_date", "leave_date", "sale_date", "install_date", "warranty_end",
    "svc_start", "svc_end", "count_date",
}  # fmt: skip
_AMOUNTS = {"list_price", "price", "fee", "labor_fee", "parts_fee", "unit_cost", "recovered"}
_SMALL_NUMBERS = {"rev", "reopen_times", "reply_times", "seq", "crew"}
_NUMBERS = {"row_no", "qty", "travel_min", "work_min", "phone_min", "admin_min", "on_hand", "reserved", "reorder_at"}
_FLAGS = {"labor_free", "parts_free", "free", "rush", "visible"}
# One module of the CRM is younger than the others, and keeps its times with their zone.
_ZONED_TABLE = "complaint"


@dataclass(frozen=True)
class Crm:
    """The loaded CRM. `url` is for its owner, `reader_url` for the warehouse; rows by table, loaded and refused."""

    url: str = field(repr=False)
    reader_url: str = field(repr=False)
    loaded: dict[str, int]
    refused: dict[str, int]

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Connect as its owner; what was done is committed at the end."""
        with psycopg.connect(**_parameters(self.url)) as connection:
            yield connection


def load_crm(server: Server, crm: Path) -> Crm:
    """Make the tables of the SQLite file `crm` in the database of `server`, and fill them."""
    password = secrets.token_hex(16)
    loaded: dict[str, int] = {}
    refused: dict[str, int] = {}
    with (
        closing(sqlite3.connect(f"file:{crm}?mode=ro", uri=True)) as source,
        psycopg.connect(**_parameters(server.url)) as target,
    ):
        names = source.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
        for (table,) in names:
            loaded[table], refused[table] = _copy_table(source, target, table)
        target.execute("alter table complaint add column is_deleted boolean not null default false")
        target.execute(sql.SQL("create role {} login password {}").format(sql.Identifier(READER), password))
        target.execute(sql.SQL("grant select on all tables in schema public to {}").format(sql.Identifier(READER)))
    with psycopg.connect(**_parameters(server.url), autocommit=True) as target:
        target.execute("analyze")
    reader = sa.make_url(server.url).set(username=READER, password=password)
    return Crm(server.url, reader.render_as_string(hide_password=False), loaded, refused)


def _parameters(url: str) -> dict[str, Any]:
    parts = sa.make_url(url)
    return {
        "host": parts.host,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "dbname": parts.database,
    }


def _copy_table(source: sqlite3.Connection, target: psycopg.Connection[tuple[Any, ...]], table: str) -> tuple[int, int]:
    """Make and fill one table; return how many rows were loaded and refused."""
    columns = [row[1] for row in source.execute(f"pragma table_info({table})")]
    types = [_type_of(table, column) for column in columns]
    declared = ", ".join(f"{column} {type_}" for column, type_ in zip(columns, types, strict=True))
    target.execute(f"create table {table} ({declared}, primary key (row_no))".encode())
    readers = [_READERS.get(type_, _as_is) for type_ in types]
    loaded = refused = 0
    with target.cursor().copy(f"copy {table} from stdin".encode()) as copy:
        for row in source.execute(f"select * from {table} order by row_no"):
            try:
                copy.write_row(
                    [None if value is None else read(value) for read, value in zip(readers, row, strict=True)]
                )
                loaded += 1
            except (ValueError, ArithmeticError):
                refused += 1
    if table in CURSORS:
        target.execute(f"create index on {table} ({CURSORS[table]})".encode())
    return loaded, refused


def _type_of(table: str, column: str) -> str:  # noqa: PLR0911 - a list of cases
    if column in _MOMENTS:
        return "timestamptz" if table == _ZONED_TABLE else "timestamp"
    if column in _DATES:
        return "date"
    if column in _AMOUNTS:
        return "numeric(12, 2)"
    if column in _SMALL_NUMBERS:
        return "smallint"
    if column in _NUMBERS:
        return "integer"
    if column in _FLAGS:
        return "boolean"
    if column in {"lat", "lng"}:
        return "double precision"
    return {"in_warranty": "char(1)", "launch_date": "char(8)", "fault_desc": "text", "content": "text"}.get(
        column, "varchar(100)"
    )


def _as_is(value: object) -> object:
    return value


def _moment(value: str) -> datetime:
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S")


def _zoned(value: str) -> datetime:
    return _moment(value).replace(tzinfo=ZONE)


def _flag(value: str | int) -> bool:
    return {"Y": True, "N": False, 1: True, 0: False}[value]


_READERS: dict[str, Callable[[Any], object]] = {
    "timestamp": _moment,
    "timestamptz": _zoned,
    "date": date.fromisoformat,
    "numeric(12, 2)": lambda value: Decimal(str(value)),
    "smallint": int,
    "integer": int,
    "boolean": _flag,
}
