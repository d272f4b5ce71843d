"""The sample company's call centre in MariaDB: one table of call legs as they stand now, and a user that may only read.

The daily drops become rows: a leg that was delivered again is one row, changed on the later day. What the types forbid,
or a broken line, is refused and counted.
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pymysql
import sqlalchemy as sa

from orchestration.sample.servers import Server

READER = "warehouse"
_MOMENTS = ("OfferTime", "AnswerTime", "EndTime")
_NUMBERS = ("LegNo", "IVRSec", "QueueSec", "TalkSec", "HoldSec", "WrapSec")
_TABLE = """
create table call_leg (
    id bigint unsigned not null auto_increment primary key,
    CallUID varchar(20),
    LegNo tinyint unsigned not null,
    Direction enum('IN', 'OUT') not null,
    Queue varchar(20),
    CallType varchar(20),
    CustNo varchar(20),
    AgentNo varchar(20),
    Result varchar(20) not null,
    OfferTime datetime not null,
    AnswerTime datetime,
    EndTime datetime,
    IVRSec int,
    QueueSec int,
    TalkSec int,
    HoldSec int,
    WrapSec int,
    OrderNo varchar(20),
    ModTime datetime not null,
    unique (CallUID, LegNo),
    index (ModTime)
)
"""
_COLUMNS = (
    "CallUID", "LegNo", "Direction", "Queue", "CallType", "CustNo", "AgentNo", "Result", "OfferTime", "AnswerTime",
    "EndTime", "IVRSec", "QueueSec", "TalkSec", "HoldSec", "WrapSec", "OrderNo", "ModTime",
)  # fmt: skip
INSERT = f"insert into call_leg ({', '.join(_COLUMNS)}) values ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
_UPSERT = f"{INSERT} on duplicate key update {', '.join(f'{name} = values({name})' for name in _COLUMNS[2:])}"


@dataclass(frozen=True)
class CallCentre:
    """The loaded call centre. `url` is for its owner, `reader_url` for the warehouse."""

    url: str = field(repr=False)
    reader_url: str = field(repr=False)
    loaded: int
    refused: int

    @contextmanager
    def connect(self) -> Iterator[pymysql.Connection[Any]]:
        """Connect as its owner; what was done is committed at the end."""
        with _connect(self.url) as connection:
            yield connection
            connection.commit()


def load_calls(server: Server, sources: Path) -> CallCentre:
    """Make the table of call legs in the database of `server`, and fill it from the daily drops in `sources`."""
    owner, password, refused = sa.make_url(server.url), secrets.token_hex(16), 0
    with _connect(server.url) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLE)
        for path in sorted(sources.glob("calls/*.csv")):
            rows = []
            with path.open(encoding="utf-8", newline="") as file:
                for record in csv.DictReader(file):
                    try:
                        rows.append(_row(record, datetime.fromisoformat(path.stem)))
                    except (TypeError, ValueError):
                        refused += 1
            cursor.executemany(_UPSERT, rows)
        connection.commit()
        cursor.execute("select count(*) from call_leg")
        found = cursor.fetchone()
        assert found is not None  # an aggregate without grouping always returns one row
        # The account is made for every host: the server listens on 127.0.0.1 only.
        cursor.execute(f"create user '{READER}'@'%%' identified by %s", (password,))
        cursor.execute(f"grant select on `{owner.database}`.* to '{READER}'@'%'")
    reader = owner.set(username=READER, password=password)
    return CallCentre(server.url, reader.render_as_string(hide_password=False), int(found[0]), refused)


def _connect(url: str) -> pymysql.Connection[Any]:
    parts = sa.make_url(url)
    return pymysql.connect(
        host=parts.host,
        port=parts.port or 0,
        user=parts.username,
        password=parts.password or "",
        database=parts.database,
        charset="utf8mb4",
    )


def _row(record: dict[str, str], delivered: datetime) -> tuple[object, ...]:
    """One leg in the order of the table's columns; ValueError or TypeError where a value does not fit them."""
    if None in record.values():
        raise ValueError("the line is broken")
    values: dict[str, object] = {name: text or None for name, text in record.items()}
    for name in _MOMENTS:
        values[name] = datetime.strptime(record[name], "%Y/%m/%d %H:%M:%S") if record[name] else None
    for name in _NUMBERS:
        values[name] = int(record[name]) if record[name] else None
    ended = values["EndTime"]
    values["ModTime"] = max(ended, delivered) if isinstance(ended, datetime) else delivered
    return tuple(values[name] for name in _COLUMNS)
