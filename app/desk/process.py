"""The process that runs one statement of a visitor and ends: `python -m app.desk.process`, asked by app/desk/desk.py.

It gets a question as JSON on its standard input and writes one line of JSON, then the rows in Arrow's stream format.
Whatever the statement does to its memory or processor, the report's own process and its connections are not concerned,
and whoever waits can end it at once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO

import duckdb
import pyarrow as pa

from app import door

# What reads; everything else has no business here, even where the database would refuse it by itself.
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_BATCH_ROWS = 1024


class RefusedError(ValueError):
    """What was asked is not one statement that reads; the first argument says which: empty, several or not_reading."""


def checked(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one reading statement of `sql`. RefusedError where it is no such, duckdb.Error where it is no SQL."""
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise RefusedError("several" if statements else "empty")
    if statements[0].type not in _READING:
        raise RefusedError("not_reading")
    return statements[0]


def read(con: duckdb.DuckDBPyConnection, sql: str, most_rows: int, most_bytes: int) -> tuple[pa.Table, bool]:
    """The first rows of `sql`, no more than `most_rows` and about `most_bytes`, and whether there are more."""
    reader = con.execute(checked(con, sql)).to_arrow_reader(_BATCH_ROWS)
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in reader:
        batches.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > most_rows or size > most_bytes:
            break
    table = pa.Table.from_batches(batches, reader.schema)
    is_cut = rows > most_rows or size > most_bytes
    return table.slice(0, most_rows).rename_columns(distinct(table.column_names)), is_cut


def distinct(names: Sequence[str]) -> list[str]:
    """The names, each once: a join may well have two columns of one name, and a table on a page may not."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return told if len(set(told)) == len(told) else distinct(told)


def confine(seconds: int) -> None:
    """Have the operating system hold this process to so much of a processor, to no file that it writes, and no dump."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(question: dict[str, object], out: BinaryIO) -> None:
    """Answer one question: path, sql, most_rows, most_bytes."""
    begun = time.monotonic()
    try:
        with door.connect(str(question["path"]), door.EVERYTHING) as con:
            table, is_cut = read(
                con, str(question["sql"]), int(str(question["most_rows"])), int(str(question["most_bytes"]))
            )
    except RefusedError as refused:
        _head(out, refused=str(refused))
    except duckdb.Error as error:
        _head(out, error=str(error))
    else:
        _head(out, seconds=time.monotonic() - begun, is_cut=is_cut)
        with pa.ipc.new_stream(out, table.schema) as stream:
            stream.write_table(table)


def _head(out: BinaryIO, **values: object) -> None:
    out.write(json.dumps(values).encode() + b"\n")


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    confine(int(asked["most_cpu_seconds"]))
    answer(asked, sys.stdout.buffer)
