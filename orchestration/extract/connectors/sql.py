"""The sql connector: tables and queries of a database, streamed as Arrow batches, whole or from a cursor on."""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text; values are parameters
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as url_quote

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from orchestration.extract.connectors.delivery import CursorState, Delivery, Part, Request, describe
from orchestration.extract.connectors.positions import reached, since
from orchestration.extract.connectors.staging import check_names
from orchestration.extract.errors import SourceError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import PROJECT_ROOT, SqlSource
from orchestration.extract.sql_text import literal, quote, quote_all

# Rows in memory at a time.
BATCH_ROWS = 50_000

# A colon that SQLAlchemy would take for a parameter's; in a profile's query it is the database's own.
_PARAMETER_COLON = re.compile(r"(?<![:\w\\]):(?=\w)")


@dataclass(frozen=True)
class SqlConnector:
    """Reads one database through SQLAlchemy."""

    source: SqlSource

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Bring each binding's rows: all of them, or those from its cursor (less the lookback) on."""
        engine = self._engine(request)
        parts: list[Part] = []
        cursors: list[CursorState] = []
        notes: list[str] = []
        whole: dict[str, bool] = {}
        try:
            for index, binding in enumerate(request.bindings):
                place = binding.table or f"query {index + 1}"
                state = request.cursors.get(request.fingerprints[index]) if binding.cursor else None
                part, cursor = self._read(con, engine, request, index, place)
                parts.append(part)
                cursors += [cursor] if cursor else []
                # Two bindings may read one place; it was read as a whole only if both did.
                whole[place] = whole.get(place, True) and state is None
                notes.append(f"{place} from {state.value} on" if state else f"all of {place}")
        finally:
            engine.dispose()
        return Delivery(
            parts=tuple(parts),
            note=", ".join(notes),
            reread=tuple(place for place, is_whole in whole.items() if is_whole),
            cursors=tuple(cursors),
        )

    def _engine(self, request: Request) -> sa.Engine:
        who = describe(request, self.source, request.bindings[0])
        try:
            url = sa.make_url(self.source.url.get_secret_value())
            return sa.create_engine(read_only_sqlite(url) if url.get_backend_name() == "sqlite" else url)
        except FileNotFoundError as error:
            raise SourceError(f"{who}: {error}") from None
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            # Its message could hold the password: name its kind, and the URL as the profile writes it.
            raise SourceError(
                f"{who}: {type(error).__name__} for {self.source.template}; expected a SQLAlchemy URL such as "
                "sqlite:///folder/crm.sqlite, of a database whose driver is installed"
            ) from None

    def _read(
        self, con: duckdb.DuckDBPyConnection, engine: sa.Engine, request: Request, index: int, place: str
    ) -> tuple[Part, CursorState | None]:
        binding, fingerprint = request.bindings[index], request.fingerprints[index]
        state = request.cursors.get(fingerprint) if binding.cursor else None
        who = describe(request, self.source, binding)
        part = Part(binding, f"delivered_{self.source.name}_{index}", ())
        try:
            with engine.connect() as connection:
                statement, parameters = _statement(connection, binding, state)
                streaming = connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS)
                result = streaming.execute(statement, parameters)
                part = Part(binding, part.relation, tuple(result.keys()))
                check_names(place, part.columns)
                _load(con, part, place, result)
            cursor = _cursor(con, part, request, fingerprint) if binding.cursor else None
        except (LookupError, ValueError) as error:
            raise SourceError(f"{who}: {error.args[0]}") from None
        except sa.exc.DBAPIError as error:
            # The driver's own words: SQLAlchemy's would add the statement's parameters.
            raise SourceError(f"{who}: cannot read {place} of {self.source.template}: {error.orig}") from None
        return part, cursor or state


def read_only_sqlite(url: sa.URL) -> sa.URL:
    """Open SQLite read-only: by itself it would create a file that is missing."""
    path = PROJECT_ROOT / (url.database or "")
    if not path.is_file():
        raise FileNotFoundError(f"there is no database file {path}; create it, or correct `url` of the source")
    return url.set(database=f"file:{url_quote(str(path))}", query={"mode": "ro", "uri": "true"})


def _statement(
    connection: sa.Connection, binding: Binding, state: CursorState | None
) -> tuple[sa.TextClause, dict[str, str | int | date]]:
    """Write a binding's query, with the same order each time; LookupError where its table or cursor is missing."""
    name = connection.dialect.identifier_preparer.quote_identifier
    keys: list[str] = []
    if binding.table is not None:
        relation, columns, keys = _table(connection, binding.table)
    else:
        query = _PARAMETER_COLON.sub(r"\\:", str(binding.query))
        relation = f"({query}\n) as delivered"
        columns = list(connection.execute(sa.text(f"select * from {relation} where 1 = 0")).keys())
    where, first = "", []
    parameters: dict[str, str | int | date] = {}
    if binding.cursor:
        column = binding.cursor.column
        if column not in columns:
            raise LookupError(f"there is no cursor column {column}; there are {', '.join(columns)}")
        first = [column]
        if state:
            where = f" where {name(column)} >= :since"
            parameters["since"] = since(state, binding.cursor.lookback_days)
    order = ", ".join(name(column) for column in dict.fromkeys([*first, *(keys or columns)]))
    return sa.text(f"select * from {relation}{where} order by {order}"), parameters


def _table(connection: sa.Connection, written: str) -> tuple[str, list[str], list[str]]:
    """Look up a table or view written as [schema.]name: its quoted name, its columns, its primary key."""
    *schema, table = written.split(".")
    inspector = sa.inspect(connection)
    names = sorted([*inspector.get_table_names(*schema), *inspector.get_view_names(*schema)])
    if table not in names:
        raise LookupError(f"there is no table {written}; correct `table`, there are {', '.join(names) or 'none'}")
    relation = ".".join(connection.dialect.identifier_preparer.quote_identifier(part) for part in (*schema, table))
    columns = [column["name"] for column in inspector.get_columns(table, *schema)]
    return relation, columns, inspector.get_pk_constraint(table, *schema)["constrained_columns"]


def _load(con: duckdb.DuckDBPyConnection, part: Part, place: str, result: sa.CursorResult[object]) -> None:
    """Stream `result` into the temporary relation of `part`; a column takes the type that holds all of its values."""
    relation = quote(part.relation)
    columns = ", ".join(f"{quote(column)} varchar" for column in part.columns)
    con.execute(f"create temp table {relation} ({columns}, _file varchar, _line bigint, _row bigint)")
    empty = set(part.columns)
    row_count = 0
    while rows := result.fetchmany(BATCH_ROWS):
        arrays = [_array(values) for values in zip(*rows, strict=True)]
        lines = pa.array(range(row_count + 1, row_count + len(rows) + 1), pa.int64())
        con.register("_batch", pa.table([*arrays, lines], names=[*part.columns, "_line"]))
        for column, array in zip(part.columns, arrays, strict=True):
            if array.null_count < len(rows):
                _widen(con, part.relation, column, is_empty=column in empty)
                empty.discard(column)
        con.execute(
            f"insert into {relation} select {quote_all(part.columns)}, {literal(place)}, _line, _line from _batch"
        )
        con.unregister("_batch")
        row_count += len(rows)


def _array(values: Sequence[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        # A column without one type, as SQLite allows: text holds them all.
        return pa.array([None if value is None else str(value) for value in values])


def _widen(con: duckdb.DuckDBPyConnection, relation: str, column: str, *, is_empty: bool) -> None:
    """Give `column` the type that holds its values so far and those of the batch."""
    name = quote(column)
    batch = f"select {name} from _batch"
    current = f"select {name} from {quote(relation)}"
    now, wide = (
        con.execute(f"describe {query}").fetchall()[0][1]
        for query in (current, batch if is_empty else f"{current} union all {batch}")
    )
    if now != wide:
        con.execute(f"alter table {quote(relation)} alter column {name} set data type {wide}")


def _cursor(con: duckdb.DuckDBPyConnection, part: Part, request: Request, fingerprint: str) -> CursorState | None:
    """Find how far was read; None if nothing was."""
    cursor = part.binding.cursor
    assert cursor is not None  # asked only of bindings with a cursor
    column = quote(cursor.column)
    # One unreadable date among dates must not become the cursor.
    is_date = f"try_cast(cast({column} as varchar) as timestamp) is not null"
    highest = f"coalesce(max({column}) filter (where {is_date}), max({column}))"
    row = con.execute(f"select cast({highest} as varchar), typeof({highest}) from {quote(part.relation)}").fetchone()
    assert row is not None  # an aggregate without grouping always returns one row
    if row[0] is None:
        return None
    return reached(CursorState(fingerprint, *row), request.landed_at, request.zone, cursor.lookback_days)
