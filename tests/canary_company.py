"""The sample company with planted identifiers: what names a person is a canary that must be found in no output."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.extract.contract import Feed, read_contract
from tests.company import ROOT, Company

# Unlike anything else in the company, so that one hit is one leak. Free texts hold all of them.
CANARIES = {
    "customer_name": "Zoraida Quxley",
    "phone": "+49 171 5550199",
    "email": "zoraida.quxley@canary.example",
    "address": "Quxburger Allee 7, 10115 Quxburg",
    "serial_number": "SNQUX77001",
    "technician_name": "Wilhelmina Vogelsang",
}
FREE_TEXT = "Sagte am Telefon: " + ", ".join(CANARIES.values())
# What the rejected rows were delivered with, in a column where it does not belong.
MISPLACED = "Quirin Verrutscht 0171 5550188"
# The numbers that the sample company gives its customers and its people.
KEYS = r"\b(C1\d{5}|[AT]1\d{3})\b"

# Columns of which a few rows get what does not belong there: (feed, column).
_SHIFTED = [
    ("calls", "queue_seconds"),
    ("survey_answers", "raw_score"),
    ("visits", "travel_minutes"),
    ("purchases", "quantity"),
    ("ticket_events", "status"),
]


def write_profile(path: Path, more: dict[str, Any]) -> Path:
    """Write a profile that extends the sample company's, with canaries in every column of personal data, and `more`."""
    base = yaml.safe_load((ROOT / "orchestration" / "profiles" / "sample.yml").read_text(encoding="utf-8"))
    contract = read_contract()
    feeds = {
        name: [{"source": binding["source"], "columns": _planted(contract[name], binding["columns"])}]
        for name, (binding,) in base["feeds"].items()
    }
    # What no column takes is kept beside the row: it must not get further.
    feeds["customers"][0]["overflow"] = "true"
    for feed, bindings in more.pop("feeds", {}).items():
        feeds[feed] += bindings
    profile = {"extends": "sample", "name": path.stem, "feeds": feeds, **more}
    path.write_text(yaml.safe_dump(profile, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _planted(feed: Feed, columns: dict[str, Any]) -> dict[str, Any]:
    planted = {}
    for column in feed.columns:
        if column.type == "varchar" and column.pii and not column.identifier:
            text = FREE_TEXT if column.pii == "free_text" else CANARIES[column.name]
            planted[column.name] = {"expr": f"'{text}'"}
        elif (feed.name, column.name) in _SHIFTED:
            mapping = columns[column.name]
            written = mapping if isinstance(mapping, dict) else {"expr": mapping}
            hit = f"hash(cast(({columns[feed.key[0]]}) as varchar)) % 150 = 0"
            shifted = f"case when {hit} then '{MISPLACED}' else cast(({written['expr']}) as varchar) end"
            planted[column.name] = {**written, "expr": shifted}
    return planted


def outputs_of(company: Company) -> list[Path]:
    """Every file that a build leaves, but for the sources, what is landed from them, and the archive of that."""
    private = {company.root / name for name in ("sources", "ingest", "archive")}
    files = [path for path in company.root.rglob("*") if path.is_file() and not private & set(path.parents)]
    assert {path.suffix for path in files} >= {".duckdb", ".log", ".db"}, files
    return files


def found_in_files(company: Company, needles: list[str]) -> list[str]:
    """Where one of `needles` stands in an output: in its bytes, or in what it holds when it is unpacked."""
    hits = []
    for path in outputs_of(company):
        content = b"\n".join([path.read_bytes(), *_unpacked(path)])
        hits += [f"{path.name}: {needle}" for needle in needles if needle.encode() in content]
    return hits


def _unpacked(path: Path) -> Iterator[bytes]:
    """What a packed file holds: texts of tables, which lie compressed or in pieces in the file."""
    head = path.read_bytes()[:16]
    if head[:2] == b"\x1f\x8b":
        yield gzip.decompress(path.read_bytes())
    elif head.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(path)) as con:
            for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in con.execute(f'select * from "{table}"'):
                    yield "\n".join(str(value) for value in row).encode()
    elif head[8:12] == b"DUCK":
        with duckdb.connect() as con:
            con.execute(f"attach '{path}' as known (read_only)")
            columns = con.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "semi join (select * from duckdb_tables()) as tables using (database_name, schema_name, table_name) "
                "where database_name = 'known' and data_type like 'VARCHAR%'"
            ).fetchall()
            for schema, table, column in columns:
                values = con.execute(f'select distinct cast("{column}" as varchar) from known."{schema}"."{table}"')
                yield "\n".join(str(value) for (value,) in values.fetchall()).encode()


def found_in_tables(database: Path, pattern: str) -> Iterator[str]:
    """Which text columns of a DuckDB file hold a value that `pattern` matches."""
    with duckdb.connect(str(database.resolve()), read_only=True) as con:
        columns = con.execute(
            """
            select schema_name, table_name, column_name
            from duckdb_columns()
            where not internal and (data_type like 'VARCHAR%' or data_type like '%JSON%')
            order by all
            """
        ).fetchall()
        assert len(columns) > 300
        for schema, table, column in columns:
            ((count,),) = con.execute(
                f'select count(*) from "{schema}"."{table}" where regexp_matches(cast("{column}" as varchar), ?)',
                [pattern],
            ).fetchall()
            if count:
                yield f"{schema}.{table}.{column}: {count} rows"
