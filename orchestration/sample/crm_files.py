"""The CRM of the sample company as an export: a file for each of its tables, with every row as the CRM delivers it."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

# The great tables leave as Parquet, with numbers typed and all else as text; the others as CSV.
_PARQUET = ("service_order", "service_log", "work_visit")
_CHUNK = 50_000


def export_crm(sources: Path) -> dict[str, int]:
    """Write every table of `sources`/crm.sqlite to a file in `sources`/crm; return the row counts."""
    folder = sources / "crm"
    folder.mkdir(exist_ok=True)
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(f"file:{sources / 'crm.sqlite'}?mode=ro", uri=True)) as con:
        for (table,) in con.execute("select name from sqlite_master where type = 'table' order by name").fetchall():
            declared = [(row[1], row[2]) for row in con.execute(f"pragma table_info({table})") if row[1] != "row_no"]
            rows = con.execute(f"select {', '.join(name for name, _ in declared)} from {table} order by row_no")  # noqa: S608 - names are the file's own
            if table in _PARQUET:
                counts[table] = _write_parquet(folder / f"{table}.parquet", declared, rows)
            else:
                counts[table] = _write_csv(folder / f"{table}.csv", declared, rows)
    return counts


def _write_parquet(path: Path, declared: list[tuple[str, str]], rows: sqlite3.Cursor) -> int:
    types = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string()}
    schema = pa.schema([(name, types[type_.lower()]) for name, type_ in declared])
    count = 0
    with parquet.ParquetWriter(path, schema) as writer:
        while chunk := rows.fetchmany(_CHUNK):
            columns = [
                pa.array(values, field.type) for values, field in zip(zip(*chunk, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(chunk)
    return count


def _write_csv(path: Path, declared: list[tuple[str, str]], rows: sqlite3.Cursor) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([name for name, _ in declared])
        while chunk := rows.fetchmany(_CHUNK):
            writer.writerows(chunk)
            count += len(chunk)
    return count
