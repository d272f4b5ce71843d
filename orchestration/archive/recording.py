"""Recording a landing: what its transaction changed is in a finished draft on disk before it commits.

The draft's name is in raw.archive, committed with the landing. After the commit the draft gets its final name. A kill
before the commit leaves a draft that nothing names, to be deleted; a kill after it leaves one that raw.archive names,
which the next run gives its name before it lands anything. So the archive never lacks what the file has.
"""

# ruff: noqa: S608 - names are quoted by duckdb_files
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.archive.files import Header, Rows, count_rows, write_file
from orchestration.archive.layout import RUNS, digest_of, draft_of, file_name, rename_durably
from orchestration.duckdb_files import quote_identifier
from orchestration.engine import connect
from orchestration.extract.batch import Batch
from orchestration.extract.ingest_file import LEDGER
from orchestration.extract.judging import list_written

# Of these a file says what came and what went. raw.batches is only added to; raw.archive lists the files themselves.
WATCHED = tuple(name for name in LEDGER if name not in {"batches", "archive"})


class Archive:
    """Writes what each landing changed to the archive in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def before(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
        """Remember what the ledger says of the feed."""
        for table in WATCHED:
            con.execute(
                f"create temp table {_before(table)} as select * from raw.{table} where feed = ?", [batch.feed.name]
            )

    def after(self, con: duckdb.DuckDBPyConnection, batch: Batch) -> Callable[[], None]:
        """Write a draft of what changed; a landing that changed nothing is counted with its run."""
        rows = [*_rows_of_feed(con, batch), *_rows_of_ledger(con, batch.feed.name)]
        if not rows:
            return _nothing_to_keep
        sequence = next_sequence(con)
        con.execute(
            "update raw.batches set archive_sequence = ? where feed = ? and archive_sequence is null",
            [sequence, batch.feed.name],
        )
        rows.append(rows_of_batches(con, sequence))
        header = Header(
            kind="batch",
            sequence=sequence,
            feed=batch.feed.name,
            schema=batch.feed.schema,
            key=batch.feed.key,
            batch_id=batch.batch_id,
            landed_at=batch.landed_at.isoformat(),
            counts=count_rows(rows),
        )
        return draft_file(con, self.folder, self.folder / batch.feed.name, rows, header)

    def close_run(self, ingest_file: Path) -> None:
        """Write down the landings that changed nothing, of all feeds together: their counts are part of the story."""
        with connect(ingest_file) as con:
            con.begin()
            found = con.execute(
                "select batch_id, landed_at from raw.batches where archive_sequence is null "
                "order by landed_at desc, batch_id desc limit 1"
            ).fetchone()
            if found is None:
                con.rollback()
                return
            sequence = next_sequence(con)
            con.execute("update raw.batches set archive_sequence = ? where archive_sequence is null", [sequence])
            rows = [rows_of_batches(con, sequence)]
            header = Header("run", sequence, "", "", (), found[0], found[1].isoformat(), count_rows(rows))
            keep = draft_file(con, self.folder, self.folder / RUNS, rows, header)
            con.commit()
        keep()


def next_sequence(con: duckdb.DuckDBPyConnection) -> int:
    """The sequence of the next part."""
    row = con.execute("select coalesce(max(sequence), 0) + 1 from raw.archive").fetchone()
    assert row is not None  # an aggregate always returns one row
    return int(row[0])


def draft_file(
    con: duckdb.DuckDBPyConnection, folder: Path, place: Path, rows: Sequence[Rows], header: Header
) -> Callable[[], None]:
    """Write a file's draft and note it in raw.archive; return what gives it its name."""
    draft = draft_of(place, header.sequence)
    write_file(con, rows, header, draft)
    final = place / file_name(header.sequence, header.batch_id, digest_of(draft))
    note(con, header, final.relative_to(folder), draft.stat().st_size)
    return lambda: rename_durably(draft, final)


def note(
    con: duckdb.DuckDBPyConnection, header: Header, path: Path, byte_count: int, row_count: int | None = None
) -> None:
    """Note a part in raw.archive; `path` is below the archive."""
    con.execute(
        f"insert into raw.archive ({', '.join(LEDGER['archive'])}) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            header.sequence,
            header.kind,
            "" if header.kind == "base" else header.feed,
            header.batch_id,
            header.instant,
            path.as_posix(),
            header.row_count if row_count is None else row_count,
            byte_count,
        ],
    )


def rows_of_batches(con: duckdb.DuckDBPyConnection, sequence: int) -> Rows:
    """The counts that the part of this sequence keeps."""
    relation = f"(select * from raw.batches where archive_sequence = {sequence}) as kept"
    return Rows("batches", False, relation, count(con, relation))


def last_landing(con: duckdb.DuckDBPyConnection) -> tuple[str, datetime] | None:
    """Batch and instant (naive UTC) of the last landing, None before the first."""
    return con.execute(
        "select batch_id, landed_at from raw.batches order by landed_at desc, batch_id desc limit 1"
    ).fetchone()


def _rows_of_feed(con: duckdb.DuckDBPyConnection, batch: Batch) -> list[Rows]:
    list_written(con, batch.feed)
    same_key = " and ".join(
        f"kept.{quote_identifier(name)} = written.{quote_identifier(name)}" for name in batch.feed.key
    )
    keys = ", ".join(quote_identifier(name) for name in batch.feed.key)
    name = batch.feed.name
    rows = [
        Rows(name, True, f"(select distinct {keys} from gone) as kept", count(con, "gone"), is_key=True),
        Rows(name, False, f"{batch.table} as kept semi join written on {same_key}", count(con, "written")),
    ]
    return [each for each in rows if each.count]


def _rows_of_ledger(con: duckdb.DuckDBPyConnection, feed: str) -> list[Rows]:
    rows = []
    for table in WATCHED:
        con.execute(
            f"create temp table {_after(table)} as select * from raw.{table} where feed = ?",
            [feed],
        )
        for is_gone, pair in ((True, (_before(table), _after(table))), (False, (_after(table), _before(table)))):
            relation = f"(select * from {pair[0]} except all select * from {pair[1]}) as kept"
            if found := count(con, relation):
                rows.append(Rows(table, is_gone, relation, found))
    return rows


def count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    """The rows of a relation."""
    row = con.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None  # an aggregate always returns one row
    return int(row[0])


def _before(table: str) -> str:
    return f"_{table}_before"


def _after(table: str) -> str:
    return f"_{table}_after"


def _nothing_to_keep() -> None:
    pass
