"""The ingest file and the archive without a person: finished copies, and the steps that put them in place."""

# ruff: noqa: S608 - names come from the contract and from files' own columns, all quoted; values are parameters
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.archive.files import GONE_COLUMN, Header, read_header, write_query
from orchestration.archive.layout import (
    BASES,
    Part,
    base_name,
    digest_of,
    digest_of_names,
    file_name,
    list_parts,
)
from orchestration.duckdb_files import attach, fsync_directory, quote_identifier, quote_literal
from orchestration.extract.ingest_file import LEDGER
from orchestration.forget.erasing import Column, Erasure
from orchestration.forget.journal import Step
from orchestration.versions.store import fsync_file


def columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[Column]:
    """The columns of what can be selected from."""
    return [Column(row[0], row[1]) for row in con.execute(f"describe select * from {relation}").fetchall()]


def copy_ingest(
    con: duckdb.DuckDBPyConnection, erasure: Erasure, draft: Path, parts: Mapping[str, tuple[str, int]]
) -> Counter[str]:
    """Write the ingest file attached as `ingest` anew, without the person; return changed rows by table.

    A new file, because the blocks that a change frees keep what they held. `parts` are the new path and size of each
    part of the archive that gets another name.
    """
    changed: Counter[str] = Counter()
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'ingest' order by all"
    ).fetchall()
    attach(con, draft, "forgetting")
    con.begin()
    for (schema,) in con.execute(
        "select schema_name from duckdb_schemas() where database_name = 'ingest' and not internal order by all"
    ).fetchall():
        con.execute(f"create schema if not exists forgetting.{quote_identifier(schema)}")
    for schema, table in tables:
        name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
        columns = columns_of(con, f"ingest.{name}")
        erased = erasure.of(table, columns, "kept.") if schema == "raw" else {}
        if erased:
            differs = " or ".join(
                f"kept.{quote_identifier(column)} is distinct from {sql}" for column, sql in erased.items()
            )
            changed[f"{schema}.{table}"] += _number(con, f"select count(*) from ingest.{name} as kept where {differs}")
        listed = ", ".join(
            f"{erased.get(column.name, 'kept.' + quote_identifier(column.name))} as {quote_identifier(column.name)}"
            for column in columns
        )
        rest = erasure.unless_known_anew(table, f"ingest.{name}") if schema == "raw" else ""
        con.execute(f"create table forgetting.{name} as select {listed} from ingest.{name} as kept{rest}")
    for old, (new, size) in parts.items():
        con.execute("update forgetting.raw.archive set path = ?, byte_count = ? where path = ?", [new, size, old])
    con.commit()
    con.execute("checkpoint forgetting")
    con.execute("detach forgetting")
    fsync_file(draft)
    return Counter({table: count for table, count in changed.items() if count})


def copy_parts(
    con: duckdb.DuckDBPyConnection, erasure: Erasure, archive: Path, staging: Path
) -> tuple[dict[str, tuple[str, int]], int]:
    """Write each part of the archive that knows the person anew.

    Return the new path and size by the old path, both below the archive, and how many rows changed. What is made lies
    below `staging` as it will lie below the archive.
    """
    renamed: dict[str, tuple[str, int]] = {}
    rows = 0
    for part in list_parts(archive):
        made, count = (_copy_base if part.is_base else _copy_file)(con, erasure, part, staging)
        if made is not None:
            size = sum(path.stat().st_size for path in ([made] if made.is_file() else made.iterdir()))
            renamed[part.path.relative_to(archive).as_posix()] = (made.relative_to(staging).as_posix(), size)
            rows += count
    return renamed, rows


def steps_of_parts(parts: Mapping[str, tuple[str, int]], archive: str, staging: str) -> list[Step]:
    """Put the new parts in place, then take the old ones away. Folders are named below the company's."""
    moves = [Step("move", f"{archive}/{new}", f"{staging}/{new}") for new, _ in parts.values()]
    return [*moves, *(Step("delete", f"{archive}/{old}") for old in parts)]


def _copy_file(con: duckdb.DuckDBPyConnection, erasure: Erasure, part: Part, staging: Path) -> tuple[Path | None, int]:
    folder = staging / part.path.parent.name
    draft = folder / f".{part.sequence:08d}.draft"
    header = read_header(con, part.path)
    count = _rewrite(con, erasure, header, part.path, draft)
    if not count:
        return None, 0
    final = folder / file_name(part.sequence, header.batch_id, digest_of(draft))
    draft.rename(final)
    fsync_directory(folder)
    return final, count


def _copy_base(con: duckdb.DuckDBPyConnection, erasure: Erasure, part: Part, staging: Path) -> tuple[Path | None, int]:
    draft = staging / BASES / f".{part.sequence:08d}.draft"
    draft.mkdir(parents=True)
    total = 0
    for path in part.files:
        header = read_header(con, path)
        written = draft / f"{header.feed}.parquet"
        count = _rewrite(con, erasure, header, path, written)
        if count:
            written.rename(draft / f"{header.feed}-{digest_of(written)}.parquet")
        else:
            # The same file under the same name; it never changes.
            os.link(path, draft / path.name)
        total += count
    if not total:
        return None, 0
    final = draft.with_name(base_name(part.sequence, digest_of_names(path.name for path in draft.iterdir())))
    fsync_directory(draft)
    draft.rename(final)
    fsync_directory(final.parent)
    return final, total


def _rewrite(con: duckdb.DuckDBPyConnection, erasure: Erasure, header: Header, path: Path, draft: Path) -> int:
    """Write a file of the archive without the person; return how many of its rows changed, 0 where none was written."""
    source = f"read_parquet({quote_literal(str(path))})"
    listed, differs = [], []
    for column in columns_of(con, source):
        name = quote_identifier(column.name)
        erased = _struct(con, erasure, header, source, column.name)
        listed.append(f"{erased or name} as {name}")
        if erased:
            differs.append(f"{name} is distinct from {erased}")
    if not differs:
        return 0
    count = _number(con, f"select count(*) from {source} where {' or '.join(differs)}")
    if count:
        write_query(con, f"select {', '.join(listed)} from {source}", header, draft)
    return count


def _struct(con: duckdb.DuckDBPyConnection, erasure: Erasure, header: Header, source: str, column: str) -> str | None:
    """The erased rows of one table in a file, as an expression; None where the table cannot know a person."""
    is_gone = column == GONE_COLUMN
    table = header.feed if is_gone else column
    if not is_gone and column not in header.counts:
        return None
    if table not in LEDGER and header.schema != "raw":
        return None
    name = quote_identifier(column)
    fields = columns_of(con, f"(select unnest({name}) from {source})")
    erased = erasure.of(table, fields, f"{name}.")
    if not erased:
        return None
    packed = ", ".join(
        f"{quote_identifier(each.name)} := {erased.get(each.name, f'{name}.{quote_identifier(each.name)}')}"
        for each in fields
    )
    return f"case when {name} is not null then struct_pack({packed}) end"


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    assert row is not None  # an aggregate always returns one row
    return int(row[0])
