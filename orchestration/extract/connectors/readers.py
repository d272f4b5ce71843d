"""DuckDB's readers over delivered files: each puts the rows of some files of one format into a temporary relation."""

# ruff: noqa: S608 - names come from the contract, the profile and headers, all through sql_text; values are parameters
from __future__ import annotations

import glob
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extract.connectors.staging import (
    MAX_RECORD_CHARACTERS,
    Staged,
    check_names,
    stage_lines,
    stage_tables,
)
from orchestration.extract.sql_text import literal, literals, quote, quote_all

# Name below the source's folder, and path.
File = tuple[str, Path]

# Room for the lines of one file in `_row`, which numbers the rows of all files in order of delivery.
_LINES_PER_FILE = 10**10
# No sound JSON line holds this control character.
_LINE_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Reading:
    """What to read: a name for the relation, the files (all of one format), and a folder for staged files."""

    relation: str
    files: Sequence[File]
    scratch: Path

    @property
    def unreadable(self) -> str:
        """The relation of the lines that are no rows: _file, _line, text, reason."""
        return f"{self.relation}_unreadable"


def read_tables(con: duckdb.DuckDBPyConnection, reading: Reading, delimiter: str) -> tuple[str, ...]:
    """Read CSV or TSV files, every column as text; return the columns (none where all files are empty).

    Files may differ in their columns: a column that a file lacks is null in its rows.
    """
    _create_unreadable(con, reading)
    groups = stage_tables(reading.files, delimiter, reading.scratch)
    names = [f"{reading.relation}_{number}" for number in range(len(groups))]
    for name, staged in zip(names, groups, strict=True):
        _read_staged(con, reading, staged, name, delimiter, '"')
    if groups:
        union = " union all by name ".join(f"select * from {quote(name)}" for name in names)
        con.execute(f"create temp view {quote(reading.relation)} as {union}")
    return tuple(dict.fromkeys(column for staged in groups for column in staged.header))


def read_ndjson(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read files of one JSON object per line, every top-level key as a text column; return the columns."""
    _create_unreadable(con, reading)
    lines = f"{reading.relation}_lines"
    staged = stage_lines(reading.files, _LINE_SEPARATOR, reading.scratch)
    _read_staged(con, reading, staged, lines, _LINE_SEPARATOR)
    is_object = "case when json_valid(text) then json_type(text) = 'OBJECT' else false end"
    con.execute(
        f"insert into {quote(reading.unreadable)} "
        f"select _file, _line, text, 'is not a JSON object' from {quote(lines)} where not ({is_object})"
    )
    con.execute(f"delete from {quote(lines)} where not ({is_object})")
    distinct = con.execute(f"select distinct unnest(json_keys(text)) as key from {quote(lines)} order by key")
    keys = tuple(key for (key,) in distinct.fetchall())
    check_names(reading.files[0][0], keys)
    structure = literal(json.dumps(dict.fromkeys(keys, "VARCHAR")))
    columns = f", unnest(from_json(text, {structure}))" if keys else ""
    con.execute(
        f"create temp table {quote(reading.relation)} as select _file, _line, _row{columns} from {quote(lines)}"
    )
    return keys


def read_parquet(con: duckdb.DuckDBPyConnection, reading: Reading) -> tuple[str, ...]:
    """Read Parquet files with their types; return the columns. `_line` counts the rows of each file from 1."""
    _create_unreadable(con, reading)
    paths = [str(path) for _, path in reading.files]
    reader = (
        f"read_parquet([{literals(glob.escape(path) for path in paths)}], "
        "union_by_name = true, filename = '_path', file_row_number = true)"
    )
    described = con.execute(f"describe select * from {reader}").fetchall()
    columns = tuple(row[0] for row in described if row[0] not in {"_path", "file_row_number"})
    check_names(reading.files[0][0], columns)
    con.execute(
        f"""
        create temp table {quote(reading.relation)} as
        with placed as (
            select *, list_position(cast(? as varchar[]), _path) - 1 as _number, file_row_number + 1 as _line
            from {reader}
        )
        select
            {quote_all(columns)},
            list_extract(cast(? as varchar[]), _number + 1) as _file,
            _line,
            _number * {_LINES_PER_FILE} + _line as _row
        from placed
        """,
        [paths, [name for name, _ in reading.files]],
    )
    return columns


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
    names = [name for name, _ in reading.files]
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
        [names],
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
        [names],
    )
    if row_count + refused_count != staged.record_count:
        raise ValueError(
            f"{staged.record_count} records were delivered, but {row_count} were read and {refused_count} refused; "
            "look for unusual quoting near the last good row"
        )
    if staged.unreadable:
        con.executemany(
            f"insert into {quote(reading.unreadable)} values (?, ?, ?, ?)",
            [(line.file, line.line, line.text, line.reason) for line in staged.unreadable],
        )


def _count(con: duckdb.DuckDBPyConnection, sql: str, parameters: list[list[str]]) -> int:
    row = con.execute(sql, parameters).fetchone()
    assert row is not None  # a statement that writes rows returns their number
    return int(row[0])
