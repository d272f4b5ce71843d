"""DuckDB's readers over delivered files: each puts the rows of some files of one format into a temporary relation."""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text; values are parameters
from __future__ import annotations

import glob
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.direct import read_direct
from orchestration.extract.connectors.encodings import decoded, find_encoding
from orchestration.extract.connectors.staging import (
    EMPTY,
    MAX_RECORD_CHARACTERS,
    NumberedFile,
    Sink,
    Staged,
    Text,
    Unreadable,
    check_names,
    stage_lines,
    stage_tables,
)
from orchestration.extract.connectors.workbooks import stage_sheets
from orchestration.extract.sql_text import literal, literals, quote, quote_all

# Room for the lines of one file in `_row`, which numbers the rows of all files in order of delivery.
_LINES_PER_FILE = 10**10
# No sound JSON line holds this control character.
_LINE_SEPARATOR = "\x1f"
# More large files than this are staged together: each that is read directly is a relation of its own.
_MAX_DIRECT_FILES = 64
_REFUSED_PER_INSERT = 10_000


@dataclass(frozen=True)
class Reading:
    """What to read: a name for the relation, the files (all of one format), how they are written, a scratch folder.

    `notices` takes what is noticed about the files.
    """

    relation: str
    files: Sequence[NumberedFile]
    scratch: Path
    form: Text
    sheet: str | None = None
    notices: list[Notice] = field(default_factory=list)

    @property
    def unreadable(self) -> str:
        """The relation of the lines that are no rows: _file, _line, text, reason."""
        return f"{self.relation}_unreadable"

    @property
    def names(self) -> list[str]:
        """The names of the files, by their numbers."""
        return [file.name for file in self.files]


@dataclass(frozen=True)
class _Piece:
    """Rows of some files: the number of the first, the query that gives them, their columns."""

    first_file: int
    query: str
    columns: tuple[str, ...]


class Refusals:
    """Puts refused lines into the unreadable ones of a reading, many at a time."""

    def __init__(self, con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
        self._con = con
        self._relation = reading.unreadable
        self._waiting: list[Unreadable] = []

    def add(self, line: Unreadable) -> None:
        """Take a refused line."""
        self._waiting.append(line)
        if len(self._waiting) >= _REFUSED_PER_INSERT:
            self.flush()

    def flush(self) -> None:
        """Write those that wait."""
        if not self._waiting:
            return
        columns = {
            "_file": [line.file for line in self._waiting],
            "_line": [line.line for line in self._waiting],
            "text": [line.text for line in self._waiting],
            "reason": [line.reason for line in self._waiting],
        }
        self._con.register("_refused", pa.table(columns))
        self._con.execute(f"insert into {quote(self._relation)} select * from _refused")
        self._con.unregister("_refused")
        self._waiting.clear()


def read_tables(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read CSV or TSV files, every column as text; return the columns (none where all files are empty).

    Files may differ in their columns: a column that a file lacks is null in its rows.
    """
    _create_unreadable(con, reading)
    pieces: list[_Piece] = []
    staged_files = []
    for file in reading.files:
        table = f"{reading.relation}_direct_{file.number}"
        columns = None
        if len(pieces) < _MAX_DIRECT_FILES:
            columns = read_direct(con, file, reading.form, table, reading.scratch, reading.notices.append)
        if columns is None:
            staged_files.append(file)
        else:
            pieces.append(_Piece(file.number, _placed(table, file, columns), columns))
    refusals = Refusals(con, reading)
    groups = stage_tables(staged_files, reading.form, reading.scratch, Sink(refusals.add, reading.notices.append))
    refusals.flush()
    return _unite(con, reading, pieces, groups)


def read_sheets(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read one sheet of each Excel workbook, every column as text; return the columns (none where all are empty)."""
    _create_unreadable(con, reading)
    # Every value is quoted: the delimiter is free.
    form = replace(reading.form, delimiter=",")
    refusals = Refusals(con, reading)
    sink = Sink(refusals.add, reading.notices.append)
    groups = stage_sheets(reading.files, reading.sheet, form, reading.scratch, sink)
    refusals.flush()
    return _unite(con, replace(reading, form=form), [], groups)


def read_ndjson(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read files of one JSON object per line, every top-level key as a text column; return the columns."""
    _create_unreadable(con, reading)
    lines = f"{reading.relation}_lines"
    form = replace(reading.form, delimiter=_LINE_SEPARATOR)
    refusals = Refusals(con, reading)
    staged = stage_lines(reading.files, form, reading.scratch, Sink(refusals.add, reading.notices.append))
    refusals.flush()
    _read_staged(con, reading, staged, lines, _LINE_SEPARATOR)
    return _unpack(con, reading, lines)


def read_json(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read files of one array of JSON objects, or of an object with one array in it; return the columns.

    `_line` counts the elements of the array from 1. Such a file is held in memory as a whole.
    """
    _create_unreadable(con, reading)
    lines = f"{reading.relation}_lines"
    con.execute(f"create temp table {quote(lines)} (text varchar, _file varchar, _line bigint, _row bigint)")
    for file in reading.files:
        encoding = find_encoding(file.name, file.path, reading.form.encoding)
        if encoding.notice:
            reading.notices.append(Notice("encoding", encoding.notice, file.name))
        text = "".join(decoded(encoding, file.name, file.path))
        if not text.strip():
            reading.notices.append(Notice("empty_file", EMPTY, file.name))
            continue
        con.execute(
            f"""
            insert into {quote(lines)}
            select cast(element as varchar), ?, _line, ? * {_LINES_PER_FILE} + _line
            from (
                select unnest(elements) as element, generate_subscripts(elements, 1) as _line
                from (select json_extract(?, ?) as elements)
            )
            where _line <= coalesce(?, _line)
            """,
            [file.name, file.number, text, _array_path(con, file.name, text), reading.form.limit],
        )
    return _unpack(con, reading, lines)


def _array_path(con: duckdb.DuckDBPyConnection, name: str, text: str) -> str:
    """Find the JSON path of the elements of the one array in `text`; ValueError if there is not exactly one."""
    row = con.execute("select case when json_valid(?) then json_type(?) end", [text, text]).fetchone()
    kind = row[0] if row else None
    if kind == "ARRAY":
        return "$[*]"
    if kind != "OBJECT":
        raise ValueError(
            f"{name}: {_json_problem(text) if kind is None else f'expected objects, found {kind.lower()}'}"
        )
    found = con.execute(
        "select key from (select unnest(json_keys(?)) as key) where json_type(?, '$.' || json_quote(key)) = 'ARRAY'",
        [text, text],
    ).fetchall()
    if len(found) != 1:
        arrays = ", ".join(key for (key,) in found) or "none"
        raise ValueError(
            f"{name}: expected an array of objects, or an object with one array in it; its arrays: {arrays}"
        )
    return f"$.{json.dumps(found[0][0], ensure_ascii=False)}[*]"


def _json_problem(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as error:
        return f"is not JSON, or cut: {error}; deliver it again, whole"
    return "is not JSON as the standard has it (a character that is half of a pair, perhaps); correct it in the source"


def read_parquet(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read Parquet files with their types; return the columns. `_line` counts the rows of each file from 1."""
    _create_unreadable(con, reading)
    paths = [str(file.path) for file in reading.files]
    reader = (
        f"read_parquet([{literals(glob.escape(path) for path in paths)}], "
        "union_by_name = true, filename = '_path', file_row_number = true)"
    )
    described = con.execute(f"describe select * from {reader}").fetchall()
    columns = tuple(row[0] for row in described if row[0] not in {"_path", "file_row_number"})
    check_names(reading.files[0].name, columns)
    con.execute(
        f"""
        create temp table {quote(reading.relation)} as
        with placed as (
            select *, list_position(cast(? as varchar[]), _path) - 1 as _number, file_row_number + 1 as _line
            from {reader}{"" if reading.form.limit is None else f" limit {reading.form.limit}"}
        )
        select
            {quote_all(columns)},
            list_extract(cast(? as varchar[]), _number + 1) as _file,
            _line,
            _number * {_LINES_PER_FILE} + _line as _row
        from placed
        """,
        [paths, reading.names],
    )
    return columns


def _unpack(con: duckdb.DuckDBPyConnection, reading: Reading, lines: str) -> tuple[str, ...]:
    """Make the relation from the temporary table `lines` of JSON texts; what is no object is unreadable."""
    is_object = "case when json_valid(text) then json_type(text) = 'OBJECT' else false end"
    con.execute(
        f"insert into {quote(reading.unreadable)} "
        f"select _file, _line, text, 'is not a JSON object' from {quote(lines)} where not ({is_object})"
    )
    con.execute(f"delete from {quote(lines)} where not ({is_object})")
    distinct = con.execute(f"select distinct unnest(json_keys(text)) as key from {quote(lines)} order by key")
    keys = tuple(key for (key,) in distinct.fetchall())
    check_names(reading.files[0].name, keys)
    structure = literal(json.dumps(dict.fromkeys(keys, "VARCHAR")))
    columns = f", unnest(from_json(text, {structure}))" if keys else ""
    con.execute(
        f"create temp table {quote(reading.relation)} as select _file, _line, _row{columns} from {quote(lines)}"
    )
    return keys


def _placed(table: str, file: NumberedFile, columns: tuple[str, ...]) -> str:
    """Write the query of a file that was read directly."""
    return (
        f"select {quote_all(columns)}, {literal(file.name)} as _file, _line, "
        f"{file.number * _LINES_PER_FILE} + _line as _row from {quote(table)}"
    )


def _unite(
    con: duckdb.DuckDBPyConnection, reading: Reading, direct: Sequence[_Piece], groups: Sequence[Staged]
) -> tuple[str, ...]:
    """Read the staged files, and put them and what was read directly together as the relation; return the columns."""
    pieces = list(direct)
    for number, staged in enumerate(groups):
        table = f"{reading.relation}_{number}"
        _read_staged(con, reading, staged, table, reading.form.delimiter, '"')
        pieces.append(_Piece(staged.first_file, f"select * from {quote(table)}", staged.header))
    # Whichever way a file was read, its columns have the same place.
    pieces.sort(key=lambda piece: piece.first_file)
    if pieces:
        union = " union all by name ".join(piece.query for piece in pieces)
        con.execute(f"create temp view {quote(reading.relation)} as {union}")
    return tuple(dict.fromkeys(column for piece in pieces for column in piece.columns))


def _create_unreadable(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    con.execute(
        f"create temp table {quote(reading.unreadable)} (_file varchar, _line bigint, text varchar, reason varchar)"
    )


def _read_staged(
    con: duckdb.DuckDBPyConnection, reading: Reading, staged: Staged, table: str, delimiter: str, quotation: str = ""
) -> None:
    """Read a staged file into the temporary `table`, and what cannot be a row into the unreadable lines."""
    types = {"_number": "BIGINT", "_line": "BIGINT", **dict.fromkeys(staged.header, "VARCHAR")}
    columns = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in types.items())
    errors = f"{table}_errors"
    row_count = _count(
        con,
        f"""
        create temp table {quote(table)} as
        select
            {quote_all(staged.header)},
            list_extract(cast(? as varchar[]), _number + 1) as _file,
            _line,
            _number * {_LINES_PER_FILE} + _line as _row
        from read_csv(
            {literal(glob.escape(str(staged.path)))},
            columns = {{{columns}}}, header = false, auto_detect = false, strict_mode = true,
            delim = {literal(delimiter)}, quote = {literal(quotation)}, escape = {literal(quotation)},
            max_line_size = {4 * MAX_RECORD_CHARACTERS},
            store_rejects = true, rejects_table = {literal(errors)}, rejects_scan = {literal(f"{table}_scans")}
        )
        """,
        [reading.names],
    )
    # The label at the head of each record says where it stood. One record may have several errors; DuckDB counts the
    # values with the label's two, and tells every value that is missing or too many by itself.
    refused_count = _count(
        con,
        f"""
        insert into {quote(reading.unreadable)}
        with refused as (
            select
                string_split(csv_line, {literal(delimiter)}) as labels,
                csv_line,
                lower(error_type) as error_type,
                cast(nullif(regexp_extract(error_message, 'Found: ([0-9]+)', 1), '') as bigint) - 2 as found_count
            from {quote(errors)}
        )
        select
            list_extract(cast(? as varchar[]), cast(labels[1] as bigint) + 1),
            cast(labels[2] as bigint),
            any_value(substr(csv_line, length(labels[1]) + length(labels[2]) + 3)),
            case
                when count(found_count) = 0 then 'has ' || string_agg(distinct error_type, ', ')
                else 'has '
                    || case when max(found_count) > {len(staged.header)} then max(found_count) else min(found_count) end
                    || ' values, its header {len(staged.header)}'
            end
        from refused
        group by labels[1], labels[2]
        """,
        [reading.names],
    )
    if row_count + refused_count != staged.record_count:
        raise ValueError(
            f"{staged.record_count} records were delivered, but {row_count} were read and {refused_count} refused; "
            "look for unusual quoting near the last good row"
        )


def _count(con: duckdb.DuckDBPyConnection, sql: str, parameters: list[list[str]]) -> int:
    row = con.execute(sql, parameters).fetchone()
    assert row is not None  # a statement that writes rows returns their number
    return int(row[0])
