"""What a run read from the live systems and landed, as the ingest file tells it, beside what the systems hold."""

# ruff: noqa: S608 - names are those of the sample's own tables
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from orchestration.engine import connect
from orchestration.sample.live.crm_database import CURSORS
from orchestration.sample.live.systems import Systems

# As profile `live` declares it for every cursor.
LOOKBACK = timedelta(days=3)
CRM_TABLES = {
    "sites": "site",
    "technicians": "staff",
    "products": "product",
    "customers": "customer",
    "assets": "installed_base",
    "purchases": "sales_line",
    "tickets": "service_order",
    "ticket_events": "service_log",
    "complaints": "complaint",
    "visits": "work_visit",
    "part_lines": "part_line",
    "part_stock": "part_stock",
}
SURVEY_KINDS = {"survey_invitations": "invitations", "survey_answers": "answers", "reviews": "reviews"}


@dataclass(frozen=True)
class Landed:
    """The last landing of a feed: rows read, keys inserted, replaced and deleted."""

    read: int
    inserted: int
    replaced: int
    deleted: int


@dataclass(frozen=True)
class Held:
    """Rows that a system holds for a feed, and how many of them the next run has to read."""

    rows: int
    due: int


def last_landings(ingest_file: Path) -> dict[str, Landed]:
    """Read what the last landing of each feed did."""
    with connect(ingest_file, read_only=True) as con:
        rows = con.execute(
            """
            select feed, sum(delivered)::bigint, sum(inserted)::bigint, sum(replaced)::bigint, sum(deleted)::bigint
            from raw.batches
            where (feed, landed_at) in (select (feed, max(landed_at)) from raw.batches group by feed)
            group by feed
            """
        ).fetchall()
    return {feed: Landed(*counts) for feed, *counts in rows}


def held_rows(systems: Systems, ingest_file: Path) -> dict[str, Held]:
    """Ask each system how many rows it holds, and how many lie behind the cursors that `ingest_file` remembers."""
    with connect(ingest_file, read_only=True) as con:
        cursors = dict(con.execute("select feed, value from raw.cursors").fetchall())
    held = {}
    with systems.crm.connect() as crm:
        for feed, table in CRM_TABLES.items():
            held[feed] = _held_by_crm(crm, table, cursors.get(feed))
    with systems.calls.connect() as connection, connection.cursor() as cursor:
        since = datetime.fromisoformat(cursors["calls"]) - LOOKBACK
        cursor.execute("select count(*), coalesce(sum(ModTime >= %s), 0) from call_leg", (since,))
        found = cursor.fetchone()
        assert found is not None  # an aggregate without grouping always returns one row
        held["calls"] = Held(int(found[0]), int(found[1]))
    for feed, kind in SURVEY_KINDS.items():
        received = (datetime.fromisoformat(cursors[feed]) - LOOKBACK).isoformat()
        surveys = systems.surveys
        held[feed] = Held(surveys.count(kind), surveys.count(kind, received))
    return held


def _held_by_crm(crm: psycopg.Connection[tuple[int, int]], table: str, cursor: str | None) -> Held:
    if table not in CURSORS:
        row = crm.execute(f"select count(*), count(*) from {table}".encode()).fetchone()
    else:
        column = CURSORS[table]
        statement = f"select count(*), count(*) filter (where {column} >= %s) from {table}"
        since = datetime.fromisoformat(str(cursor)) - LOOKBACK
        row = crm.execute(statement.encode(), (since,)).fetchone()
    assert row is not None  # an aggregate without grouping always returns one row
    return Held(*row)
