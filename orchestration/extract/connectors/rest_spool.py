"""Records on their way from a service's pages into DuckDB: a file on disk, so that memory holds one page at a time."""

# ruff: noqa: S608 - names go through sql_text, values are parameters
from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import duckdb

from orchestration.extract.connectors.delivery import Part
from orchestration.extract.connectors.rest_json import Json, line_of
from orchestration.extract.connectors.staging import check_names
from orchestration.extract.profile_model import Binding
from orchestration.extract.sql_text import literal, quote, quote_all

# A longer record is refused, as no field of a service system is this long; of it, this much is kept.
MAX_RECORD_BYTES = 4_000_000
_KEPT_BYTES = 10_000


class Spool:
    """A file that takes records and is then read into a relation; `place` is what the records are landed as from."""

    def __init__(self, path: Path, place: str) -> None:
        self._path = path
        self._place = place
        self._file = path.open("wb")
        self._columns: dict[str, None] = {}
        self._too_long: list[tuple[str, int, str, str]] = []
        self.record_count = 0
        self.replaced_count = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, records: Iterable[dict[str, Json]]) -> bytes:
        """Write `records` and return a digest of them; ValueError where one cannot be written."""
        digest = hashlib.blake2b()
        for record in records:
            self.record_count += 1
            line, is_replaced = line_of(record)
            digest.update(line)
            self.replaced_count += is_replaced
            if len(line) > MAX_RECORD_BYTES:
                text = line[:_KEPT_BYTES].decode(errors="ignore")
                reason = f"is a record of {len(line):,} bytes, more than {MAX_RECORD_BYTES:,}"
                self._too_long.append((self._place, self.record_count, text, reason))
                continue
            # Where the record stands goes first; an empty one has no comma behind it.
            separator = b"," if record else b""
            self._file.write(b'{"_line":%d%s%s' % (self.record_count, separator, line[1:]))
            self._columns.update(dict.fromkeys(record))
        return digest.digest()

    def load(self, con: duckdb.DuckDBPyConnection, binding: Binding, relation: str) -> Part | None:
        """Read the records into the temporary `relation`, every top-level key as text; None where there are none.

        ValueError where keys clash with each other or with ours.
        """
        self._file.close()
        if not self.record_count:
            return None
        columns = tuple(self._columns)
        check_names(self._place, columns)
        types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
        listed = f"{quote_all(columns)}, " if columns else ""
        con.execute(
            f"""
            create temp table {quote(relation)} as
            select {listed}cast(? as varchar) as _file, _line, _line as _row
            from read_json(
                {literal(glob.escape(str(self._path)))},
                columns = {{'_line': 'BIGINT'{", " if types else ""}{types}}},
                format = 'newline_delimited', maximum_object_size = {2 * MAX_RECORD_BYTES}
            )
            """,
            [self._place],
        )
        unreadable = f"{relation}_unreadable"
        con.execute(
            f"create temp table {quote(unreadable)} (_file varchar, _line bigint, text varchar, reason varchar)"
        )
        if self._too_long:
            con.executemany(f"insert into {quote(unreadable)} values (?, ?, ?, ?)", self._too_long)
        return Part(binding, relation, columns, unreadable)
