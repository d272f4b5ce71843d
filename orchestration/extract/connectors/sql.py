"""The sql connector: tables and queries of a database, whole or from a cursor on, a source's feeds at one moment."""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text
from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import duckdb
import sqlalchemy as sa

from orchestration.extract.connectors.delivery import (
    CursorState,
    Delivery,
    Notice,
    Part,
    Request,
    describe,
)
from orchestration.extract.connectors.positions import reached
from orchestration.extract.connectors.sql_alchemy import open_alchemy
from orchestration.extract.connectors.sql_query import Place, find_place, in_order, read_keys, read_rows
from orchestration.extract.connectors.sql_session import DatabaseError, Field, Session, Target
from orchestration.extract.connectors.staging import check_names
from orchestration.extract.errors import SourceError, TransientError
from orchestration.extract.profile_model import Binding, Cursor
from orchestration.extract.source_models import SqlSource
from orchestration.extract.sql_text import quote

# Days that a cursor may hold: DuckDB and PostgreSQL know later ones, and endless ones, that tell of no change.
_CURSOR_END = "timestamp '9999-12-31'"


def open_session(source: SqlSource) -> AbstractContextManager[Session]:
    """Open a database for reading, in one transaction that sees one moment.

    ValueError for a URL that cannot work. Entering what is returned raises DatabaseError, or FileNotFoundError for a
    SQLite file.
    """
    try:
        url = sa.make_url(source.url.get_secret_value())
        if "@" in (url.host or ""):
            raise sa.exc.ArgumentError("more than one @")
        backend = url.drivername.partition("+")[0]
        # Imported late: a company without such a source does not need the drivers.
        if backend in {"postgresql", "postgres"}:
            from orchestration.extract.connectors.sql_postgres import open_postgres  # noqa: PLC0415

            return open_postgres(url)
        if backend in {"mysql", "mariadb"}:
            from orchestration.extract.connectors.sql_mysql import open_mysql  # noqa: PLC0415

            return open_mysql(url)
        url.get_dialect().import_dbapi()
        return open_alchemy(url)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError, ValueError) as error:
        # Its message could hold the password: name its kind, and the URL as the profile writes it.
        raise ValueError(
            f"{type(error).__name__} for {source.template}; expected a SQLAlchemy URL such as "
            "postgresql://user:password@host:5432/database, mysql://… or sqlite:///folder/crm.sqlite, of a database "
            "whose driver is installed; an @ in the password is written %40"
        ) from None


@dataclass(frozen=True)
class SqlConnector:
    """Reads one database, in a session that its feeds share."""

    source: SqlSource

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Bring each binding's rows: all of them, those from its cursor (less the lookback) on, or a window's.

        TransientError where the database may soon be well, SourceError where the profile or a right is missing. After
        a failure the source is opened anew at its next use.
        """
        readings = [_Reading(self.source, con, request, index) for index in range(len(request.bindings))]
        # Two bindings may read one place; it is read as a whole only if both do.
        partial = {reading.place for reading in readings if not reading.is_whole}
        parts: list[Part] = []
        present: list[Part] = []
        for reading in readings:
            try:
                parts.append(reading.rows())
                if reading.place in partial and reading.binding.compare_keys and not request.limit_rows:
                    present.append(reading.keys())
            except BaseException as error:
                # Whatever it was: a statement may still run, and the transaction may be spent.
                request.sessions.drop(self.source.name)
                raise reading.explained(error) from None
        return Delivery(
            parts=tuple(parts),
            note=", ".join(reading.note for reading in readings),
            reread=tuple(dict.fromkeys(reading.place for reading in readings if reading.place not in partial)),
            cursors=tuple(reading.cursor for reading in readings if reading.cursor),
            present=tuple(present),
            notices=tuple(notice for reading in readings for notice in reading.notices),
        )


class _Reading:
    """One binding's reading: `cursor` is how far it came, before and then after."""

    def __init__(self, source: SqlSource, con: duckdb.DuckDBPyConnection, request: Request, index: int) -> None:
        self.binding: Binding = request.bindings[index]
        self.place = self.binding.table or f"query {index + 1}"
        self.note = f"all of {self.place}"
        self.notices: tuple[Notice, ...] = ()
        self.cursor = request.cursors.get(request.fingerprints[index]) if self.binding.cursor else None
        self.is_whole = self.cursor is None and request.window is None
        self._source, self._con, self._request, self._index = source, con, request, index

    def rows(self) -> Part:
        """Bring the rows, and move the cursor to the last of them."""
        window = self._request.window
        if window and not self.binding.cursor:
            raise ValueError(
                f"{self.place} has no `cursor`, the column that says when a row changed: a part of its history cannot "
                "be read again; write one, or land the feed without a window, which reads all of it"
            )
        session, place = self._found()
        statement = read_rows(session, place, self.binding, self.cursor, window, self._request.zone)
        limit = self._request.limit_rows
        # A look at the first rows has no need of an order, for which the database would read all of them.
        statement = session.limited(statement, limit) if limit else statement + in_order(session, place, self.binding)
        part = self._read(session, statement, place.fields, "delivered")
        if window:
            self.note = f"{self.place} from {window.start} until before {window.end}"
        elif self.cursor:
            self.note = f"{self.place} from {self.cursor.value} on"
        if self.binding.cursor and not window:
            self.cursor = self._reached(part, self.binding.cursor) or self.cursor
        return part

    def keys(self) -> Part:
        """Bring the columns of compare_keys of every row that the place holds."""
        session, place = self._found()
        statement, fields = read_keys(session, place, self.binding.compare_keys)
        self.note += f", the keys of all of {self.place}"
        return self._read(session, statement, fields, "present")

    def explained(self, error: BaseException) -> BaseException:
        """Return what to raise for `error`: where it happened, what the driver said, and never the password."""
        who = describe(self._request, self._source, self.binding)
        if isinstance(error, DatabaseError):
            kind = TransientError if error.may_pass else SourceError
            return kind(f"{who}: cannot read {self.place} of {self._source.template}: {self._redacted(str(error))}")
        if isinstance(error, LookupError | ValueError | FileNotFoundError):
            return SourceError(f"{who}: {error.args[0]}")
        if isinstance(error, OSError | duckdb.IOException | duckdb.OutOfMemoryException):
            return SourceError(f"{who}: what was read of {self.place} cannot be kept: {str(error).splitlines()[0]}")
        return error

    def _found(self) -> tuple[Session, Place]:
        session = self._request.sessions.get(self._source.name, lambda: open_session(self._source))
        place = find_place(session, self.binding)
        check_names(self.place, [one.name for one in place.fields])
        return session, place

    def _read(self, session: Session, statement: str, fields: Sequence[Field], what: str) -> Part:
        relation = f"{what}_{self._source.name}_{self._index}"
        target = Target(self._con, relation, self.place, self._request.scratch, self._request.progress)
        self.notices += session.read(statement, fields, target)
        return Part(self.binding, relation, tuple(one.name for one in fields))

    def _reached(self, part: Part, cursor: Cursor) -> CursorState | None:
        """Find how far was read; None if nothing was."""
        column = quote(cursor.column)
        # One unreadable date among dates must not become the cursor, nor one that says no more than "never".
        instant = f"try_cast(cast({column} as varchar) as timestamp)"
        is_date = f"isfinite({instant}) and {instant} < {_CURSOR_END}"
        row = self._con.execute(
            f"""
            select cast(max({column}) filter (where {is_date}) as varchar), cast(max({column}) as varchar),
                any_value(typeof({column}))
            from {quote(part.relation)}
            """
        ).fetchone()
        assert row is not None  # an aggregate without grouping always returns one row
        last_date, last, kind = row
        value = last_date if last_date or kind == "DATE" or (kind or "").startswith("TIMESTAMP") else last
        if value is None:
            return None
        state = CursorState(self._request.fingerprints[self._index], value, kind)
        return reached(state, self._request.landed_at, self._request.zone, cursor.lookback_days)

    def _redacted(self, message: str) -> str:
        """Take the password out, should a driver have quoted it."""
        password = sa.make_url(self._source.url.get_secret_value()).password
        return message.replace(password, "***") if password else message
