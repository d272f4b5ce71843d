"""PostgreSQL for the sql connector: rows by COPY into a spool file, which DuckDB reads with the result's types.

COPY is the fastest way out of PostgreSQL that was measured, keeps every type exact, and needs memory for one row. The
user needs CONNECT on the database, USAGE on the schema and SELECT on what is read; the transaction refuses writes.
"""

# ruff: noqa: S608 - names are quoted by sql_text, values by the driver
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import sqlalchemy as sa
from psycopg import IsolationLevel, sql
from psycopg.pq import TransactionStatus

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.sql_session import (
    CONNECT_SECONDS,
    DatabaseError,
    Field,
    Session,
    Target,
    Value,
    impossible_dates,
)
from orchestration.extract.shown import without_quoted
from orchestration.extract.sql_text import literal, quote

# How values are written, whatever the server's or the user's settings; and the transaction waits while a feed is
# mapped. They last as long as the transaction, so that a connection pool does not hand them on.
_SETTINGS = {
    "datestyle": "ISO, YMD",
    "timezone": "UTC",
    "bytea_output": "hex",
    "intervalstyle": "postgres",
    "extra_float_digits": "3",
    "idle_in_transaction_session_timeout": "0",
}

# A lost network is noticed within a minute or so, not after the system's two hours.
_CONNECT = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "client_encoding": "utf8",
    "application_name": "aftersales",
}

# DuckDB's types by PostgreSQL's type numbers. Other types are delivered as text, as PostgreSQL writes them.
_TYPES = {
    16: "boolean",
    17: "blob",
    20: "bigint",
    21: "smallint",
    23: "integer",
    26: "bigint",
    700: "float",
    701: "double",
    1082: "date",
    1083: "time",
    1114: "timestamp",
    1184: "timestamp with time zone",
}
_NUMERIC = 1700
# Types of text have an order too; of others (json, xml, point) not all.
_TEXT = {18, 19, 25, 1042, 1043, 2950}

# What a NULL is in the spool: PostgreSQL quotes a text that looks like it.
_NULL = "\\N"
_DEFAULT_LINE_BYTES = 2_000_000
_DEFAULT_BUFFER_BYTES = 32_000_000

# The class of states whose messages quote values of rows.
_DATA_EXCEPTION = "22"
# States (or their classes) of a server that may soon be well: connection, resources, shutdown, conflict, cancelled.
_PASSING_STATES = ("08", "40", "53", "57", "25P03", "55P03", "58030")
# A failed connection has no state, only words: the client library's are English, the server's may be translated.
_PASSING_WORDS = (
    "refused",
    "timeout",
    "timed out",
    "failed to resolve host",
    "unreachable",
    "no route",
    "reset",
    "closed the connection",
    "starting up",
    "shutting down",
    "recovery",
    "too many",
    "reserved for",
    "terminat",
)

_TABLES = """
select relname
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where relkind in ('r', 'p', 'v', 'm', 'f')
    and case when %(schema)s::text is null
        then pg_catalog.pg_table_is_visible(c.oid) and nspname not in ('pg_catalog', 'information_schema')
        else nspname = %(schema)s end
order by relname
"""
_PRIMARY_KEY = """
select attname
from pg_catalog.pg_index as i
inner join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
where i.indrelid = %s::regclass and i.indisprimary
order by pg_catalog.array_position(i.indkey::int2[], a.attnum)
"""


@contextmanager
def open_postgres(url: sa.URL) -> Iterator[Session]:
    """Open a session; what it reads is of the moment when it was opened. DatabaseError if that cannot be done."""
    url = url.set(drivername="postgresql+psycopg")
    with _translated():
        # SQLAlchemy says what the URL means: TLS, several hosts, options.
        arguments, options = url.get_dialect()().create_connect_args(url)
        # Statements are not prepared on the server: a connection pool between us may not keep them.
        connection = psycopg.connect(*arguments, **{**_CONNECT, **options}, prepare_threshold=None)
    try:
        with _translated():
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            for name, value in _SETTINGS.items():
                connection.execute("select pg_catalog.set_config(%s, %s, true)", [name, value])
        yield PostgresSession(connection)
    finally:
        _close(connection)


def _close(connection: psycopg.Connection[Any]) -> None:
    """Close, and end the statement that still runs: the server would notice only when it has a row to send."""
    with suppress(psycopg.Error):
        if connection.info.transaction_status == TransactionStatus.ACTIVE:
            connection.cancel_safe(timeout=CONNECT_SECONDS)
    connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        words = " ".join((error.diag.message_primary or str(error)).split()) + hint
        if (error.sqlstate or "").startswith(_DATA_EXCEPTION):
            words = without_quoted(words)
        if error.sqlstate:
            may_pass = error.sqlstate.startswith(_PASSING_STATES)
        else:
            may_pass = any(each in words.lower() for each in _PASSING_WORDS)
        raise DatabaseError(words, may_pass=may_pass) from None


class PostgresSession(Session):
    """A REPEATABLE READ, READ ONLY transaction of a PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return quote(name)

    def literal(self, value: Value) -> str:
        """Write a value as SQL."""
        return sql.Literal(value).as_string(self.connection)

    def tables(self, schema: str | None) -> list[str]:
        """List tables, views, materialized views and foreign tables."""
        with _translated():
            return [row[0] for row in self.connection.execute(_TABLES, {"schema": schema})]

    def primary_key(self, table: str, schema: str | None) -> tuple[str, ...]:
        """List the columns of a table's primary key, in its order."""
        name = ".".join(quote(part) for part in (schema, table) if part)
        with _translated():
            return tuple(row[0] for row in self.connection.execute(_PRIMARY_KEY, [name]))

    def fields(self, relation: str) -> tuple[Field, ...]:
        """Describe the columns of `relation`, as the server describes the result."""
        with _translated():
            described = self.connection.execute(f"select * from {relation} limit 0".encode()).description or []
        return tuple(_field(column) for column in described)

    def sort_key(self, one: Field) -> str:
        """Order by text where the type may have no order."""
        return quote(one.name) if one.is_ordered else f"{quote(one.name)}::text"

    def read(self, statement: str, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
        """Copy the rows into a spool file, and the file into the relation."""
        spool = target.scratch / f"{target.relation}.csv"
        try:
            longest = self._spool(statement, spool, target)
            return _load(spool, longest, fields, target)
        finally:
            spool.unlink(missing_ok=True)

    def _spool(self, statement: str, spool: Path, target: Target) -> int:
        """Write the rows, each behind its number, to `spool`; return the bytes of the longest."""
        longest = 0
        copy_out = f"copy ({statement}) to stdout (format csv, null {literal(_NULL)})".encode()
        with (
            _translated(),
            spool.open("wb", buffering=1 << 20) as file,
            self.connection.cursor() as cursor,
            cursor.copy(copy_out) as copy,
        ):
            # The server sends each row as a message of its own.
            for number, row in enumerate(copy, 1):
                longest = max(longest, len(row))
                file.write(b"%d," % number)
                file.write(row)
                if not number % 1000:
                    target.count(1000)
        return longest


def _field(column: psycopg.Column) -> Field:
    code = column.type_code
    if code != _NUMERIC:
        return Field(column.name, _TYPES.get(code, "varchar"), is_ordered=code in _TYPES or code in _TEXT)
    # Without a precision, or with more digits than DuckDB has, only text is exact.
    precision, scale = column.precision, column.scale
    is_held = precision is not None and scale is not None and 0 <= scale <= precision <= 38
    return Field(column.name, f"decimal({precision}, {scale})" if is_held else "varchar")


def _load(spool: Path, longest: int, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
    """Make the relation of the spool's rows: by their types or, where a value does not fit its type, value by value."""
    types = [one.type or "varchar" for one in fields]
    try:
        _create(
            _reader(spool, longest, ["varchar" if type_ == "blob" else type_ for type_ in types]),
            [_blob(index) if type_ == "blob" else f"c{index}" for index, type_ in enumerate(types)],
            fields,
            target,
        )
    except (duckdb.ConversionException, duckdb.InvalidInputException):
        return _load_unfit(_reader(spool, longest, ["varchar"] * len(fields)), fields, target)
    return ()


def _load_unfit(reader: str, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
    """Load rows of which some have values that DuckDB's type cannot hold: impossible dates, numbers that are NaN.

    A column of dates keeps its type, with -infinity for those; any other column is delivered as text.
    """
    values, counted, notices = [], [], []
    for index, one in enumerate(fields):
        column, type_ = f"c{index}", one.type or "varchar"
        if type_ == "blob":
            values.append(_blob(index))
        elif type_ == "date" or type_.startswith("timestamp"):
            # PostgreSQL writes BC at the end, DuckDB reads it behind the day.
            before_christ = f"regexp_replace({column}, '^([0-9]+-[0-9]+-[0-9]+)(.*) BC$', '\\1 (BC)\\2')"
            values.append(
                f"case when {column} is not null then coalesce(try_cast({before_christ} as {type_}), '-infinity') end"
            )
        else:
            values.append(f"try_cast({column} as {type_})")
            counted.append(index)
    unfit = [f"count(*) filter (where {values[index]} is null and c{index} is not null)" for index in counted]
    found = target.con.execute(f"select {', '.join([*unfit, '0'])} from {reader}").fetchone()
    assert found is not None  # an aggregate without grouping always returns one row
    for index, count in zip(counted, found, strict=False):
        if count:
            values[index] = f"c{index}"
            name, type_ = fields[index].name, str(fields[index].type)
            message = f"{target.place}: {count:,} of the values of {name} are no {type_}; the column comes as text"
            notices.append(Notice("changed_type", message, target.place, name))
    _create(reader, values, fields, target)
    return (
        *notices,
        *impossible_dates(target, [one.name for one in fields if (one.type or "").startswith(("date", "timestamp"))]),
    )


def _blob(index: int) -> str:
    return f"from_hex(substr(c{index}, 3))"


def _reader(spool: Path, longest: int, types: Sequence[str]) -> str:
    """Write the reading of `spool`, whose columns _row, c0, c1 … have `types`."""
    line_bytes = max(_DEFAULT_LINE_BYTES, longest + 100)
    columns = ", ".join(f"'c{index}': {literal(type_)}" for index, type_ in enumerate(types))
    return f"""
        read_csv(
            {literal(str(spool))},
            header = false, auto_detect = false, strict_mode = true,
            delim = ',', quote = '"', escape = '"', new_line = '\\n',
            nullstr = {literal(_NULL)}, allow_quoted_nulls = false,
            max_line_size = {line_bytes}, buffer_size = {max(_DEFAULT_BUFFER_BYTES, 2 * line_bytes)},
            columns = {{'_row': 'bigint', {columns}}}
        )
        """


def _create(reader: str, values: Sequence[str], fields: Sequence[Field], target: Target) -> None:
    selected = "".join(f"{value} as {quote(one.name)}, " for one, value in zip(fields, values, strict=True))
    target.con.execute(
        f"""
        create temp table {quote(target.relation)} as
        select {selected}{literal(target.place)} as _file, _row as _line, _row
        from {reader}
        """
    )
