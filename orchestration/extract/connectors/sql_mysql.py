"""MySQL and MariaDB for the sql connector: rows streamed as text by a compiled driver, cast by DuckDB batch by batch.

Text keeps every type exact (DECIMAL, dates that are none). TIMESTAMP columns are instants: the session's zone is UTC
and they come as TIMESTAMP WITH TIME ZONE. DATETIME columns name no zone: they come as they are, and are in the source's
zone. TIME, JSON, ENUM and SET come as text, BIT as a number, FLOAT with the six digits that the server prints.

The user needs SELECT on what is read; the transaction refuses writes. Tables of engines without transactions (MyISAM,
Aria) are read as they are at that moment.
"""

# ruff: noqa: S608 - names are quoted, values by the driver
from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import asyncmy
import pyarrow as pa
import sqlalchemy as sa
from asyncmy.constants import FIELD_TYPE
from asyncmy.converters import conversions
from asyncmy.cursors import SSCursor
from asyncmy.errors import MySQLError

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.sql_session import (
    CONNECT_SECONDS,
    DatabaseError,
    Field,
    Session,
    Step,
    Target,
    Value,
    impossible_dates,
)
from orchestration.extract.shown import without_quoted
from orchestration.extract.sql_text import literal, quote

T = TypeVar("T")

_OPENING = (
    "set session time_zone = '+00:00'",
    # The connection waits while a feed is mapped, and the server while a batch is.
    "set session wait_timeout = 86400, net_write_timeout = 3600",
    "set session transaction isolation level repeatable read",
    "start transaction with consistent snapshot, read only",
)

# Longer than any sort of a table before its first row; a network that is lost is noticed then at the latest.
_READ_SECONDS = 3600

_TYPES = {
    FIELD_TYPE.TINY: "bigint",
    FIELD_TYPE.SHORT: "bigint",
    FIELD_TYPE.INT24: "bigint",
    FIELD_TYPE.LONG: "bigint",
    FIELD_TYPE.LONGLONG: "bigint",
    FIELD_TYPE.YEAR: "bigint",
    FIELD_TYPE.FLOAT: "float",
    FIELD_TYPE.DOUBLE: "double",
    FIELD_TYPE.DATE: "date",
    FIELD_TYPE.NEWDATE: "date",
    FIELD_TYPE.DATETIME: "timestamp",
    FIELD_TYPE.TIMESTAMP: "timestamp with time zone",
    FIELD_TYPE.BIT: "ubigint",
    FIELD_TYPE.JSON: "varchar",
    FIELD_TYPE.TIME: "varchar",
}
_DECIMALS = {FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL}
_UNSIGNED = 32
_BINARY_CHARSET = 63

# Errors whose messages quote values of rows: wrong or out of range, for a type or a function.
_DATA_EXCEPTIONS = {1264, 1292, 1366, 1411, 1690}
# Errors of a server that may soon be well: too many connections, out of resources, shutdown, network, lock wait,
# deadlock, query or connection killed, table redefined under the snapshot, lost connection.
_PASSING_CODES = {
    *(1040, 1041, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1205, 1213, 1226, 1317, 1412, 1927, 1969),
    *(2002, 2003, 2006, 2013, 2055, 3024, 4031),
}


@contextmanager
def open_mysql(url: sa.URL) -> Iterator[Session]:
    """Open a session; what it reads is of the moment when it was opened. DatabaseError if that cannot be done."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        options = _options(url)
        session = MySQLSession(runner, _connect(runner, options))
        try:
            for statement in _OPENING:
                session.run(statement)
            yield session
        finally:
            with suppress(DatabaseError):
                _close(runner, session, options)


def _options(url: sa.URL) -> dict[str, Any]:
    """Write what the URL says in the driver's words."""
    url = url.set(drivername="mysql+asyncmy").update_query_dict({"charset": "utf8mb4"})
    # SQLAlchemy says what the URL means: host, TLS files, socket, timeouts.
    _, options = url.get_dialect()().create_connect_args(url)
    tls: dict[str, Any] = options.pop("ssl", {})
    if not isinstance(tls, dict):
        tls = {"verify_mode": "none"} if sa.util.asbool(tls) else {}
    # PyMySQL's words for what this driver calls otherwise.
    for name, meaning in (("ssl_verify_cert", "verify_mode"), ("ssl_verify_identity", "check_hostname")):
        if name in options:
            tls[meaning] = bool(sa.util.asbool(options.pop(name)))
    if isinstance(options.get("password"), str):
        options["password"] = options["password"].encode()
    # Values as text: without the converters of what comes from the server.
    as_text = {kind: converter for kind, converter in conversions.items() if not isinstance(kind, int)}
    return {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": _READ_SECONDS,
        **options,
        **({"ssl": tls} if tls else {}),
        "conv": as_text,
        # A snapshot is begun by its own statement.
        "autocommit": None,
    }


def _connect(runner: asyncio.Runner, options: dict[str, Any]) -> asyncmy.Connection:
    async def connect() -> asyncmy.Connection:
        return await asyncmy.connect(**options)

    try:
        with _translated():
            return runner.run(connect())
    except TimeoutError:
        seconds = options["connect_timeout"]
        raise DatabaseError(f"no connection within {seconds} s (connect_timeout of the URL)", may_pass=True) from None
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        # An option that the driver does not know, missing files for TLS, an authentication whose library is missing.
        raise DatabaseError(f"{type(error).__name__}: {error}", may_pass=False) from None


def _close(runner: asyncio.Runner, session: MySQLSession, options: dict[str, Any]) -> None:
    """Close, and end the statement that still runs: the server would notice only when it has a row to send."""
    if not session.is_reading:
        with _translated():
            runner.run(session.connection.ensure_closed())
        return
    thread = session.connection.thread_id()
    # Its rows are not waited for: the connection goes as it is.
    session.connection.close()
    killer = MySQLSession(runner, _connect(runner, options))
    try:
        killer.run(f"kill query {int(thread)}")
    finally:
        with _translated():
            runner.run(killer.connection.ensure_closed())


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except MySQLError as error:
        code, words = (*error.args, "", "")[:2]
        # A server that is there and offers no TLS, or a certificate that is not trusted, stays so.
        may_pass = code in _PASSING_CODES and "[SSL" not in str(words)
        if code in _DATA_EXCEPTIONS:
            words = without_quoted(str(words))
        raise DatabaseError(f"{words} ({code})" if words else str(error), may_pass=may_pass) from None
    except UnicodeDecodeError as error:
        raise DatabaseError(
            f"a text is not what its column's character set says: {error.reason}", may_pass=False
        ) from None


class MySQLSession(Session):
    """A transaction on a consistent snapshot of a MySQL or MariaDB.

    `is_reading`: a statement was sent, and its rows are not all read.
    """

    def __init__(self, runner: asyncio.Runner, connection: Any) -> None:  # noqa: ANN401 - its types leave out too much
        self.connection = connection
        self.is_reading = False
        self._runner = runner

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return "`" + name.replace("`", "``") + "`"

    def literal(self, value: Value) -> str:
        """Write a value as SQL; an instant in the session's zone, UTC."""
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return str(self.connection.escape(value))

    def tables(self, schema: str | None) -> list[str]:
        """List the tables and views that the user may see."""
        rows, _ = self.run(
            f"select table_name from information_schema.tables where table_schema = {self._schema(schema)} order by 1"
        )
        return [row[0] for row in rows]

    def primary_key(self, table: str, schema: str | None) -> tuple[str, ...]:
        """List the columns of a table's primary key, in its order."""
        rows, _ = self.run(
            "select column_name from information_schema.statistics where index_name = 'PRIMARY' "
            f"and table_schema = {self._schema(schema)} and table_name = {self.literal(table)} order by seq_in_index"
        )
        return tuple(row[0] for row in rows)

    def _schema(self, schema: str | None) -> str:
        return self.literal(schema) if schema else "database()"

    def fields(self, relation: str) -> tuple[Field, ...]:
        """Describe the columns of `relation`, as the server describes the result."""
        _, described = self.run(f"select * from {relation} limit 0")
        return tuple(Field(column.name, _type(column)) for column in described)

    def read(self, statement: str, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
        """Stream the rows into the relation."""
        types = {one.name: one.type or "varchar" for one in fields}
        target.create(types.items())
        values = ", ".join(_value(name, type_) for name, type_ in types.items())

        async def stream() -> None:
            cursor = self.connection.cursor(SSCursor)
            await cursor.execute(statement)
            step = Step()
            while rows := await cursor.fetchmany(step.rows):
                arrays = [
                    _array(column, type_) for column, type_ in zip(zip(*rows, strict=True), types.values(), strict=True)
                ]
                lines = pa.array(range(target.row_count + 1, target.row_count + len(rows) + 1), pa.int64())
                batch = pa.table([*arrays, lines], names=[*types, "_line"])
                target.con.register("_batch", batch)
                target.con.execute(
                    f"insert into {quote(target.relation)} "
                    f"select {values}, {literal(target.place)}, _line, _line from _batch"
                )
                target.con.unregister("_batch")
                target.count(len(rows))
                step.learn(len(rows), batch.nbytes)
            await cursor.close()

        # All of it is one task: each task's rows would stay until the garbage is collected, which is late.
        self._wait(stream())
        return impossible_dates(target, [name for name, type_ in types.items() if _is_date(type_)])

    def run(self, statement: str) -> tuple[list[tuple[str, ...]], list[Any]]:
        """Run a statement with a short answer: its rows as text, and the driver's description of its columns."""

        async def ask() -> tuple[list[tuple[str, ...]], list[Any]]:
            async with self.connection.cursor() as cursor:
                await cursor.execute(statement)
                return list(await cursor.fetchall()), self.connection._result.fields or []

        return self._wait(ask())

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        self.is_reading = True
        with _translated():
            answer = self._runner.run(work)
        self.is_reading = False
        return answer


def _type(column: Any) -> str:  # noqa: ANN401 - the driver's description has no type of its own
    """Return the DuckDB type of a column from the server's description of it."""
    is_unsigned = bool(column.flags & _UNSIGNED)
    if column.type_code in _DECIMALS:
        # The length counts the point and the sign.
        precision = column.length - (1 if column.scale else 0) - (0 if is_unsigned else 1)
        return f"decimal({precision}, {column.scale})" if precision <= 38 else "varchar"
    if column.type_code == FIELD_TYPE.LONGLONG and is_unsigned:
        return "ubigint"
    text = "blob" if column.charsetnr == _BINARY_CHARSET else "varchar"
    return _TYPES.get(column.type_code, text)


def _array(values: Sequence[Any], type_: str) -> pa.Array:
    if type_ == "ubigint" and any(isinstance(value, bytes) for value in values):
        # BIT comes as bytes.
        values = [None if value is None else str(int.from_bytes(value)) for value in values]
    return pa.array(values, pa.binary() if type_ == "blob" else pa.string())


def _value(name: str, type_: str) -> str:
    """Write the value of a column of `_batch` in its type."""
    column = quote(name)
    if type_ in {"varchar", "blob"}:
        return column
    if _is_date(type_):
        text = f"{column} || '+00'" if type_ == "timestamp with time zone" else column
        return f"case when {column} is not null then coalesce(try_cast({text} as {type_}), '-infinity') end"
    return f"cast({column} as {type_})"


def _is_date(type_: str) -> bool:
    return type_ == "date" or type_.startswith("timestamp")
