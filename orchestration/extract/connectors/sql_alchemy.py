"""SQLite, and any database that SQLAlchemy has a driver for, for the sql connector: rows streamed as Arrow batches.

The slow path: every value passes through Python, and a column takes the type that holds all of its values. SQLite is
opened read-only and read in one transaction; in its rollback-journal mode (not in WAL mode) writers wait meanwhile.
Other databases are read in one transaction of their default isolation; give the source a user that may only SELECT.
"""

# ruff: noqa: S608 - names are quoted by sql_text and the dialect, values by the dialect
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from sqlite3 import SQLITE_BUSY, SQLITE_LOCKED
from urllib.parse import quote as url_quote

import pyarrow as pa
import sqlalchemy as sa

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.sql_session import DatabaseError, Field, Session, Step, Target, Value
from orchestration.extract.source_models import PROJECT_ROOT
from orchestration.extract.sql_text import literal, quote, quote_all


@contextmanager
def open_alchemy(url: sa.URL) -> Iterator[Session]:
    """Open a session. DatabaseError if that cannot be done, FileNotFoundError where a SQLite file is missing."""
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = sa.create_engine(read_only_sqlite(url) if is_sqlite else url, poolclass=sa.NullPool)
    with _translated():
        connection = engine.connect()
    try:
        with _translated():
            # Statements come whole: a % or a colon in them is the database's own.
            connection = connection.execution_options(no_parameters=True)
            if is_sqlite:
                connection.exec_driver_sql("begin")
                # The transaction's moment is that of its first read.
                connection.exec_driver_sql("select 1 from sqlite_master").close()
        yield AlchemySession(connection)
    finally:
        connection.close()
        engine.dispose()


def read_only_sqlite(url: sa.URL) -> sa.URL:
    """Open SQLite read-only: by itself it would create a file that is missing."""
    path = PROJECT_ROOT / (url.database or "")
    if not path.is_file():
        raise FileNotFoundError(f"there is no database file {path}; create it, or correct `url` of the source")
    return url.set(database=f"file:{url_quote(str(path))}", query={"mode": "ro", "uri": "true"})


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        # The driver's own words: SQLAlchemy's would add the statement.
        code = getattr(error.orig, "sqlite_errorcode", None)
        may_pass = error.connection_invalidated or code in {SQLITE_BUSY, SQLITE_LOCKED}
        raise DatabaseError(str(error.orig), may_pass=may_pass) from None
    except sa.exc.SQLAlchemyError as error:
        raise DatabaseError(str(error), may_pass=False) from None


class AlchemySession(Session):
    """A transaction of any database."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return self.connection.dialect.identifier_preparer.quote_identifier(name)

    def literal(self, value: Value) -> str:
        """Write a value as SQL."""
        if isinstance(value, str):
            return literal(value)
        dialect = self.connection.dialect
        return str(sa.literal(value).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    def tables(self, schema: str | None) -> list[str]:
        """List tables and views."""
        with _translated():
            inspector = sa.inspect(self.connection)
            return sorted([*inspector.get_table_names(schema), *inspector.get_view_names(schema)])

    def primary_key(self, table: str, schema: str | None) -> tuple[str, ...]:
        """List the columns of a table's primary key."""
        with _translated():
            return tuple(sa.inspect(self.connection).get_pk_constraint(table, schema)["constrained_columns"])

    def fields(self, relation: str) -> tuple[Field, ...]:
        """Name the columns of `relation`; their types are those of their values."""
        with _translated(), self.connection.exec_driver_sql(f"select * from {relation} where 1 = 0") as result:
            return tuple(Field(name) for name in result.keys())  # noqa: SIM118 - a result is no mapping

    def limited(self, statement: str, rows: int) -> str:
        """Write the statement with a limit, in the words of the dialect."""
        limited = sa.select(sa.text("*")).select_from(sa.table("looked_at")).limit(rows)
        written = str(limited.compile(dialect=self.connection.dialect, compile_kwargs={"literal_binds": True}))
        return written.replace("looked_at", f"({statement}) looked_at", 1)

    def value_type(self, relation: str, one: Field) -> str:
        """Return the DuckDB type of the highest value, BIGINT where there is none."""
        with _translated():
            highest = self.connection.exec_driver_sql(f"select max({self.quote(one.name)}) from {relation}").scalar()
        if isinstance(highest, datetime):
            return "TIMESTAMP WITH TIME ZONE" if highest.tzinfo else "TIMESTAMP"
        kinds = {date: "DATE", str: "VARCHAR"}
        return kinds.get(type(highest), "BIGINT")

    def read(self, statement: str, fields: Sequence[Field], target: Target) -> tuple[Notice, ...]:
        """Stream the rows into the relation; a column takes the type that holds all of its values."""
        names = [one.name for one in fields]
        target.create((name, "varchar") for name in names)
        empty = set(names)
        step = Step()
        streaming = self.connection.execution_options(stream_results=True, max_row_buffer=step.rows)
        with _translated(), streaming.exec_driver_sql(statement) as result:
            while rows := result.fetchmany(step.rows):
                arrays = [_array(values) for values in zip(*rows, strict=True)]
                lines = pa.array(range(target.row_count + 1, target.row_count + len(rows) + 1), pa.int64())
                batch = pa.table([*arrays, lines], names=[*names, "_line"])
                target.con.register("_batch", batch)
                for name, array in zip(names, arrays, strict=True):
                    if array.null_count < len(rows):
                        _widen(target, name, is_empty=name in empty)
                        empty.discard(name)
                target.con.execute(
                    f"insert into {quote(target.relation)} "
                    f"select {quote_all(names)}, {literal(target.place)}, _line, _line from _batch"
                )
                target.con.unregister("_batch")
                target.count(len(rows))
                step.learn(len(rows), batch.nbytes)
        return ()


def _array(values: Sequence[object]) -> pa.Array:
    try:
        array = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        array = None
    if array is None or pa.types.is_decimal256(array.type):
        # A column without one type, as SQLite allows, or with more digits than DuckDB has: text holds them all.
        array = pa.array([None if value is None else str(value) for value in values])
    return array


def _widen(target: Target, column: str, *, is_empty: bool) -> None:
    """Give `column` the type that holds its values so far and those of the batch."""
    name, relation = quote(column), quote(target.relation)
    batch = f"select {name} from _batch"
    current = f"select {name} from {relation}"
    now, wide = (
        target.con.execute(f"describe {query}").fetchall()[0][1]
        for query in (current, batch if is_empty else f"{current} union all {batch}")
    )
    if now != wide:
        target.con.execute(f"alter table {relation} alter column {name} set data type {wide}")
