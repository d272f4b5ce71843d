"""Large CSV files that need no staging: DuckDB reads them as they lie, many times faster than line by line.

Compressed files, other encodings and line ends are unpacked into a plain copy first. What was read counts only if
nothing was refused and the rows and the line breaks in their values take up exactly the lines of the file: then each
row's line is known. With any doubt, the file is staged like the others, record by record.
"""

# ruff: noqa: S608 - names come from headers, all through sql_text
from __future__ import annotations

import codecs
import glob
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extract.connectors.compression import compression_of
from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.encodings import decoded, find_encoding
from orchestration.extract.connectors.staging import (
    MAX_RECORD_CHARACTERS,
    NumberedFile,
    Quoting,
    Text,
    check_delimiter,
    check_names,
    parse_header,
)
from orchestration.extract.encoding_names import codec_of
from orchestration.extract.sql_text import literal, quote

# Smaller files are staged together, which is faster than a reader for each.
MIN_BYTES = 4 << 20
MIN_COMPRESSED_BYTES = 1 << 19
_BLOCK = 1 << 20


@dataclass(frozen=True)
class _Plain:
    """A file in UTF-8 with line feeds: where it lies, its first line, and its lines without blank last ones."""

    path: Path
    first_line: str
    line_count: int


def read_direct(
    con: duckdb.DuckDBPyConnection,
    file: NumberedFile,
    form: Text,
    table: str,
    scratch: Path,
    notice: Callable[[Notice], None],
) -> tuple[str, ...] | None:
    """Read `file` into the temporary relation `table`, with `_line` behind its columns; return the columns.

    None, and no relation, if it is not large, or anything in it is unsound.
    """
    kind = compression_of(file.path)
    if file.path.stat().st_size < (MIN_COMPRESSED_BYTES if kind else MIN_BYTES):
        return None
    if form.skip_rows or form.limit is not None:
        return None
    plain = None if kind else _as_it_lies(file.path, form)
    if plain is not None:
        return _read(con, file.name, plain, form, table)
    encoding = find_encoding(file.name, file.path, form.encoding)
    copy = scratch / f"plain_{file.number}.csv"
    try:
        plain = _copied(decoded(encoding, file.name, file.path), copy)
        columns = _read(con, file.name, plain, form, table) if plain is not None else None
    finally:
        copy.unlink(missing_ok=True)
    if columns is not None and encoding.notice:
        notice(Notice("encoding", encoding.notice, file.name))
    return columns


class _Lines:
    """Counts the lines of text that comes in pieces, but the blank ones at its end."""

    def __init__(self) -> None:
        self._feeds = self._trailing = 0

    def add(self, data: bytes) -> None:
        """Count the lines of the next piece."""
        self._feeds += data.count(b"\n")
        if not data.endswith(b"\n"):
            self._trailing = 0
        else:
            text = data.rstrip(b"\n")
            self._trailing = len(data) - len(text) + (0 if text else self._trailing)

    @property
    def count(self) -> int:
        """The number of the last line that is not blank."""
        return self._feeds - self._trailing + 1


def _as_it_lies(path: Path, form: Text) -> _Plain | None:
    """Look through a file that DuckDB may read as it is; None if it needs another encoding or line ends.

    Whether all of it is UTF-8, DuckDB's reader says.
    """
    if form.encoding and codec_of(form.encoding) != "utf-8":
        return None
    lines = _Lines()
    first = b""
    with path.open("rb") as stream:
        while data := stream.read(_BLOCK):
            if not first:
                first = data
                if not _begins_as_utf8(first):
                    return None
            if b"\r" in data or b"\0" in data:
                return None
            lines.add(data)
    header = first.removeprefix(codecs.BOM_UTF8).partition(b"\n")[0]
    return _Plain(path, header.decode(errors="replace"), lines.count)


def _begins_as_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _copied(blocks: Iterable[str], copy: Path) -> _Plain | None:
    """Write text as a plain file; None where a byte does not fit its encoding, or is NUL."""
    lines = _Lines()
    header = None
    with copy.open("wb") as out:
        for text in blocks:
            if not text:
                continue
            if header is None:
                header = text.partition("\n")[0]
            try:
                data = text.encode()
            except UnicodeEncodeError:
                return None
            if b"\0" in data:
                return None
            lines.add(data)
            out.write(data)
    return None if header is None else _Plain(copy, header, lines.count)


def _read(con: duckdb.DuckDBPyConnection, name: str, plain: _Plain, form: Text, table: str) -> tuple[str, ...] | None:
    header = plain.first_line
    if not form.header:
        # A header of several lines, or an unsound one, is for staging to judge.
        if not header or ('"' in header and not Quoting(form.delimiter).is_record(header)):
            return None
        check_delimiter(name, header, form.delimiter)
    columns = form.header or parse_header(header, form.delimiter)
    check_names(name, columns)
    if len(columns) == 1:
        # A blank line would be a row.
        return None
    first_line = 1 if form.header else 2
    _load(con, plain.path, form, table, columns)
    (refused_count,) = _one(con, f"select count(*) from {quote(f'{table}_errors')}")
    if refused_count or not _number(con, table, columns, first_line, plain.line_count):
        con.execute(f"drop table {quote(table)}")
        return None
    return columns


def _load(con: duckdb.DuckDBPyConnection, path: Path, form: Text, table: str, columns: tuple[str, ...]) -> None:
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    con.execute(
        f"""
        create temp table {quote(table)} as
        select *
        from read_csv(
            {literal(glob.escape(str(path)))},
            columns = {{{types}}}, header = {not form.header}, auto_detect = false, strict_mode = true,
            delim = {literal(form.delimiter)}, quote = '"', escape = '"', new_line = '\\n',
            max_line_size = {MAX_RECORD_CHARACTERS},
            store_rejects = true,
            rejects_table = {literal(f"{table}_errors")}, rejects_scan = {literal(f"{table}_scans")}
        )
        """
    )


def _number(
    con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], first_line: int, line_count: int
) -> bool:
    """Add `_line` to the rows; False if they and the line breaks in their values are not all of the lines.

    A row takes at least one line, and one more for each line break within: with as many of both as lines, there is no
    other place where any of them can stand. `rowid` is the order of the file.
    """
    relation = quote(table)
    (row_count,) = _one(con, f"select count(*) from {relation}")
    expected = line_count - first_line + 1
    con.execute(f"alter table {relation} add column _line bigint")
    if row_count == expected:
        con.execute(f"update {relation} set _line = rowid + {first_line}")
        return True
    has_break = " or ".join(f"contains({name}, chr(10))" for name in map(quote, columns))
    breaks = " + ".join(
        f"coalesce(length({name}) - length(replace({name}, chr(10), '')), 0)" for name in map(quote, columns)
    )
    places = f"{table}_breaks"
    con.execute(
        f"""
        create temp table {quote(places)} as
        select _place, sum(_count) over (order by _place) as _count
        from (select rowid as _place, {breaks} as _count from {relation} where {has_break})
        """
    )
    (break_count,) = _one(con, f"select coalesce(max(_count), 0) from {quote(places)}")
    if row_count + break_count == expected:
        con.execute(
            f"""
            update {relation}
            set _line = rowid + {first_line} + numbered._count
            from (
                select own.rowid as _place, coalesce(before._count, 0) as _count
                from {relation} as own
                asof left join {quote(places)} as before on own.rowid > before._place
            ) as numbered
            where {relation}.rowid = numbered._place
            """
        )
    con.execute(f"drop table {quote(places)}")
    return row_count + break_count == expected


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None  # asked only of aggregates, which always return one row
    return tuple(row)
