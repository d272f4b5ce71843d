"""Throughput and peak memory of the extraction, beside DuckDB's readers and PostgreSQL's COPY, all in one run.

python -m bench.extraction [TICKETS] prints a Markdown table; ratios compare with the bare route of the same source.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlalchemy as sa

from bench.extraction_sources import TABLE, fill_mariadb, fill_postgres, write_files
from bench.measure import Measured, measure
from orchestration.duckdb_files import attach, content_of
from orchestration.sample.servers import mariadb_server, postgres_server

TICKETS = 1_000_000
CHANGED = 15_000

_PROFILE = """\
name: bench
title: {{en: Bench, zh: 测试}}
time_zone: Asia/Shanghai
currency: CNY
sources:
  crm: {source}
feeds:
  tickets:
    - source: crm
      {place}
      columns:
        ticket_id: order_no
        customer_id: cust_no
        site_id: site_code
        technician_id: handler
        channel: {{expr: channel, values: {{TEL: phone, APP: app, WEB: web, IM: chat}}}}
        priority: {{expr: prio, values: {{P1: urgent, P2: high, P3: normal, P4: low}}}}
        status: {{expr: state, values: {{NEW: new, OPEN: open, DONE: resolved, CLOSED: closed}}}}
        symptom: fault_desc
        version_number: rev
        fee_amount: fee
        created_at: opened_at
        first_response_at: first_reply_at
        resolved_at: solved_at
        updated_at: modified_at
"""
_SQL_PLACE = f"table: {TABLE}\n      cursor: {{column: modified_at, lookback_days: 3}}"


@dataclass(frozen=True)
class _Row:
    """One line of the table; `bare` is the source's bare route."""

    source: str
    route: str
    measured: Measured
    bare: Measured | None


@dataclass(frozen=True)
class _Source:
    """Where a profile reads the tickets from, and the database to change between landings."""

    name: str
    declared: str
    place: str
    url: str = ""


def main() -> None:
    """Measure every route and print the table."""
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS
    with (
        tempfile.TemporaryDirectory(prefix="bench") as name,
        postgres_server(Path(name) / "pg") as postgres,
        mariadb_server(Path(name) / "my") as mariadb,
    ):
        folder = Path(name)
        write_files(folder, tickets)
        csv, parquet = folder / "csv" / "orders.csv", folder / "parquet" / "orders.parquet"
        fill_postgres(postgres.url, csv)
        fill_mariadb(mariadb.url, csv)
        rows = _bare_rows(folder, csv, parquet, postgres.url)
        bare = {row.source: row.measured for row in reversed(rows)}
        sources = [
            _Source("Parquet", f"{{connector: files, root: '{parquet.parent}'}}", "path: orders.parquet"),
            _Source("CSV", f"{{connector: files, root: '{csv.parent}'}}", "path: orders.csv"),
            _Source("PostgreSQL", '{connector: sql, url: "${BENCH_URL}"}', _SQL_PLACE, postgres.url),
            _Source("MariaDB", '{connector: sql, url: "${BENCH_URL}"}', _SQL_PLACE, mariadb.url),
        ]
        contents = {}
        for source in sources:
            contents[source.name], landed = _landing_rows(folder, source, bare.get(source.name))
            rows += landed
        if len(set(contents.values())) != 1:
            raise RuntimeError(f"the routes landed different rows: {contents}")
        _print(tickets, rows)


def _bare_rows(folder: Path, csv: Path, parquet: Path, postgres: str) -> list[_Row]:
    """Measure the routes without us; the first of each source is its bare one."""
    rows: list[_Row] = []
    for source, route, said, place in (
        ("Parquet", "parquet", "DuckDB read_parquet", str(parquet)),
        ("CSV", "csv", "DuckDB read_csv, types declared", str(csv)),
        ("CSV", "sniffed", "DuckDB read_csv, types sniffed", str(csv)),
        ("PostgreSQL", "copy", "COPY to a CSV file", postgres),
        ("PostgreSQL", "copy_read", "COPY, then read_csv", postgres),
    ):
        measured = measure("bench.extraction_route", [route, place, str(folder / f"bare_{route}.duckdb")], {})
        bare = next((row.measured for row in rows if row.source == source), measured)
        rows.append(_Row(source, said, measured, bare))
    return rows


def _landing_rows(folder: Path, source: _Source, bare: Measured | None) -> tuple[tuple[int, str], list[_Row]]:
    """Land a source for the first time, again, and (a database) after changes; with the first landing's content."""
    profile, target = folder / f"{source.name}.yml", folder / f"{source.name}.duckdb"
    profile.write_text(_PROFILE.format(source=source.declared, place=source.place), encoding="utf-8")

    def land(what: str) -> _Row:
        arguments = ["land", str(profile), str(target)]
        measured = measure("bench.extraction_route", arguments, {"BENCH_URL": source.url})
        return _Row(source.name, f"aftersales, {what}", measured, bare)

    rows = [land("first landing")]
    content = _content(target)
    rows.append(land("nothing new"))
    if source.url:
        _change(source.url)
        rows.append(land(f"{CHANGED:,} rows changed"))
    return content, rows


def _content(target: Path) -> tuple[int, str]:
    with duckdb.connect() as con:
        attach(con, target, "ingest", read_only=True)
        return content_of(con, "ingest", "raw", "tickets", without=("_batch_id", "_file", "_line"))


def _change(url: str) -> None:
    engine = sa.create_engine(sa.make_url(url))
    with engine.begin() as con:
        # The newest rows: what a night brings.
        con.execute(
            sa.text(
                f"update {TABLE} set rev = rev + 1, modified_at = timestamp '2026-06-30 12:00:00' "
                "where order_no < :until"
            ),
            {"until": f"T{CHANGED:09d}"},
        )
    engine.dispose()


def _print(tickets: int, rows: list[_Row]) -> None:
    lines = [
        f"{tickets:,} tickets of 14 columns; DuckDB {duckdb.__version__}, Python {platform.python_version()}. "
        "Wall and processor seconds with the start of the process; × compares wall with the source's bare route.",
        "",
        "| source | route | wall s | cpu s | peak MB | × | brought |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        measured = row.measured
        ratio = f"{measured.wall_seconds / row.bare.wall_seconds:.1f}" if row.bare else ""
        said = ", ".join(f"{value:,} {key}" for key, value in measured.said.items() if value)
        lines.append(
            f"| {row.source} | {row.route} | {measured.wall_seconds:.2f} | {measured.cpu_seconds:.2f} "
            f"| {measured.peak_megabytes:,.0f} | {ratio} | {said} |"
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
