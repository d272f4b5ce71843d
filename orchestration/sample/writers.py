"""Writes rows to SQLite, CSV and NDJSON so that equal rows give equal bytes."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from orchestration.sample.rows import Rows, length

_CHUNK = 50_000
_REAL = {"lat", "lng", "list_price", "price", "fee", "labor_fee", "parts_fee", "unit_cost", "recovered"}
_INTEGER = {
    "rev", "reopen_times", "reply_times", "seq", "visible", "crew", "travel_min", "work_min", "phone_min", "admin_min",
}  # fmt: skip
_CURSORS = {"service_order": "modified_at", "service_log": "logged_at", "work_visit": "modified_at"}


def write_sqlite(path: Path, tables: Iterable[tuple[str, Rows]]) -> dict[str, int]:
    """Write each table as it comes, with a running row number as primary key; return the row counts."""
    counts: dict[str, int] = {}
    con = sqlite3.connect(path, isolation_level=None)
    try:
        con.execute("pragma page_size = 4096")
        con.execute("pragma journal_mode = off")
        con.execute("pragma synchronous = off")
        con.execute("begin")
        for table, rows in tables:
            _write_table(con, table, rows)
            counts[table] = length(rows)
            if table in _CURSORS:
                con.execute(f"create index {table}_{_CURSORS[table]} on {table} ({_CURSORS[table]})")
        con.execute("commit")
    finally:
        con.close()
    return counts


def _write_table(con: sqlite3.Connection, table: str, rows: Rows) -> None:
    declared = ", ".join(f"{name} {_type_of(name)}" for name in rows)
    con.execute(f"create table {table} (row_no integer primary key, {declared})")
    marks = ", ".join("?" for _ in range(len(rows) + 1))
    con.executemany(f"insert into {table} values ({marks})", _numbered(rows))  # noqa: S608 - names are this module's own


def _numbered(rows: Rows) -> Iterator[tuple[object, ...]]:
    for first in range(0, length(rows), _CHUNK):
        columns = [values[first : first + _CHUNK].tolist() for values in rows.values()]
        yield from zip(range(first + 1, first + 1 + len(columns[0])), *columns, strict=True)


def _type_of(name: str) -> str:
    if name in _REAL:
        return "real"
    return "integer" if name in _INTEGER else "text"


def write_csv(path: Path, rows: Rows) -> int:
    """Write one CSV file with a header; a missing value is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(rows.keys())
        writer.writerows(zip(*(values.tolist() for values in rows.values()), strict=True))
    return length(rows)


def write_ndjson(path: Path, rows: Rows) -> int:
    """Write one object per line; a missing value is left out, as the survey tool does."""
    names = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        for values in zip(*(column.tolist() for column in rows.values()), strict=True):
            record = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
    return length(rows)


def write_files(folder: Path, files: Mapping[str, Rows]) -> dict[str, int]:
    """Write CSV and NDJSON files by the ending of their names; return rows per kind of file."""
    counts: dict[str, int] = {}
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written = write_csv(path, rows) if name.endswith(".csv") else write_ndjson(path, rows)
        kind = _kind_of(name)
        counts[kind] = counts.get(kind, 0) + written
    return counts


def _kind_of(name: str) -> str:
    """Kind of a file: calls of calls/2025-01-31.csv, costs/labor of costs/labor_2025-01.csv, audits of audits.csv."""
    stem = name.rsplit(".", 1)[0]
    folder, _, last = stem.rpartition("/")
    if folder and last[:4].isdigit():
        return folder
    return f"{folder}/{last.split('_')[0]}" if folder else last
