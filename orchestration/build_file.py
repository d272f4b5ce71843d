"""The private file of one build: made empty for dbt, with schema meta saying what is built and from what.

It holds what is published, and becomes the version. What only leads there is built in the scratch file beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from expectations.results import ExpectationOutcome, GateReport
from orchestration.duckdb_files import attach
from orchestration.engine import connect
from orchestration.instants import stored

_META = """
create schema build.meta;
create table build.meta.settings (
    company_name_en varchar not null, company_name_zh varchar not null, time_zone varchar not null,
    currency varchar not null, as_of_at timestamp not null
);
create table build.meta.builds (
    build_id varchar not null, as_of_at timestamp not null, started_at timestamp not null, published_at timestamp,
    duration_seconds double, code_version varchar not null, code_fingerprint varchar, profile_name varchar not null,
    profile_hash varchar not null, input_fingerprint varchar, duckdb_version varchar not null,
    cpu_seconds double, peak_memory_bytes bigint, models_peak_memory_bytes bigint, delivered_count bigint,
    rejected_count bigint
);
create table build.meta.steps (
    build_id varchar not null, step varchar not null, kind varchar not null, started_at timestamp not null,
    seconds double not null, cpu_seconds double, peak_memory_bytes bigint, rows_in bigint, rows_out bigint,
    rejected_count bigint
);
create table build.meta.feeds (
    feed varchar not null, is_connected boolean not null, sources varchar, row_count bigint not null,
    delivered_count bigint not null, superseded_count bigint not null, filtered_count bigint not null,
    rejected_count bigint not null, last_landed_at timestamp
);
create table build.meta.gates (
    build_id varchar not null, gate varchar not null, schema_name varchar not null, table_name varchar not null,
    column_name varchar, expectation varchar not null, severity varchar not null, is_success boolean not null,
    observed varchar, element_count bigint, unexpected_count bigint, example_rows varchar, message varchar not null,
    guards varchar[]
);
create table build.meta.kpi_trust (
    build_id varchar not null, kpi_id varchar not null, split_by varchar[] not null, trust varchar not null,
    gate varchar not null, schema_name varchar not null, table_name varchar not null, column_name varchar,
    expectation varchar not null, message varchar not null
);
create table build.meta.rejects_summary (
    feed varchar not null, source varchar not null, column_name varchar, reason_kind varchar not null,
    row_count bigint not null, example varchar
);
create table build.meta.notices (
    feed varchar not null, source varchar not null, kind varchar not null, place varchar, column_name varchar,
    message varchar not null, build_id varchar not null, noticed_at timestamp not null
);
"""


@dataclass(frozen=True)
class BuildRecord:
    """What meta.builds says of a build from its start; instants are aware."""

    build_id: str
    as_of: datetime
    started_at: datetime
    code_version: str
    code_fingerprint: str
    profile_name: str
    profile_hash: str


@dataclass(frozen=True)
class CompanyRecord:
    """What meta.settings says of the company."""

    name_en: str
    name_zh: str
    time_zone: str
    currency: str


@dataclass(frozen=True)
class FeedRecord:
    """One row of meta.feeds, in the order of its columns; last_landed_at is naive UTC."""

    feed: str
    is_connected: bool
    sources: str | None
    row_count: int
    delivered_count: int
    superseded_count: int
    filtered_count: int
    rejected_count: int
    last_landed_at: datetime | None


def create_build_file(path: Path, build: BuildRecord, company: CompanyRecord, previous: Path | None) -> None:
    """Create the file with its meta tables; the history of builds is carried over from `previous`, a published file."""
    with connect() as con:
        attach(con, path, "build")
        con.execute(_META)
        con.execute(
            "insert into build.meta.settings values (?, ?, ?, ?, ?)",
            [company.name_en, company.name_zh, company.time_zone, company.currency, stored(build.as_of)],
        )
        if previous is not None:
            attach(con, previous, "previous", read_only=True)
            con.execute("insert into build.meta.builds by name from previous.meta.builds")
        con.execute(
            "insert into build.meta.builds (build_id, as_of_at, started_at, code_version, code_fingerprint, "
            "profile_name, profile_hash, duckdb_version) values (?, ?, ?, ?, ?, ?, ?, version())",
            [
                build.build_id,
                stored(build.as_of),
                stored(build.started_at),
                build.code_version,
                build.code_fingerprint,
                build.profile_name,
                build.profile_hash,
            ],
        )


def write_inputs(
    path: Path,
    build_id: str,
    feeds: Sequence[FeedRecord],
    rejects: Iterable[tuple[str, str, str | None, str, int, str | None]],
    notices: Iterable[Sequence[object]],
    fingerprint: str,
) -> None:
    """Replace meta.feeds, meta.rejects_summary and meta.notices, and note the fingerprint of what the build reads."""
    with connect(path) as con, _transaction(con):
        con.execute("delete from meta.feeds")
        con.executemany("insert into meta.feeds values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [astuple(feed) for feed in feeds])
        _replace(con, "meta.rejects_summary", rejects)
        _replace(con, "meta.notices", notices)
        con.execute("update meta.builds set input_fingerprint = ? where build_id = ?", [fingerprint, build_id])


def _replace(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    con.execute(f"delete from {table}")  # noqa: S608 - one of our own names
    for row in rows:
        con.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))  # noqa: S608


def write_gate(path: Path, build_id: str, report: GateReport) -> None:
    """Write every outcome of a gate to meta.gates, passed or not."""
    with connect(path) as con, _transaction(con):
        con.execute("delete from meta.gates where build_id = ? and gate = ?", [build_id, report.gate])
        con.executemany(
            "insert into meta.gates values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(build_id, *astuple(outcome)[:-1], list(outcome.guards)) for outcome in report.outcomes],
        )


def read_gate(path: Path, gate: str, build_id: str) -> list[ExpectationOutcome]:
    """The outcomes that write_gate wrote of a gate of `build_id`; `path` may be the published version too."""
    with connect(path, read_only=True) as con:
        rows = con.execute(
            "select * exclude (build_id) from meta.gates where gate = ? and build_id = ? order by all", [gate, build_id]
        ).fetchall()
    return [ExpectationOutcome(*(*row[:-1], tuple(row[-1]))) for row in rows]


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit on leaving, roll back on an error: a crash leaves all of it or none."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
