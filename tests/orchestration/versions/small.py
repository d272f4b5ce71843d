"""Small published versions: a company of a few tickets, with the meta tables that a real build writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.publish import publish
from orchestration.versions.store import Version

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
LATER = datetime(2026, 8, 1, tzinfo=UTC)

_TABLES = """
create schema marts;
create table marts.kpi_values (
    kpi_id varchar, period_grain varchar, period_start_date date, segment varchar, site_id varchar, region varchar,
    product_family varchar, channel varchar, priority varchar, unit varchar, definition_version varchar, value double,
    target double, immature_count bigint, censored_count bigint, is_complete boolean, period_end_date date
);
create table marts.dim_kpis (
    kpi_id varchar, kind varchar, unit varchar, definition_version varchar, is_available boolean, valid_from_date date
);
create table marts.fct_tickets (
    ticket_id varchar, site_id varchar, channel varchar, life_seconds bigint, created_date date, created_at timestamp,
    accepted_at timestamp, resolved_at timestamp
);
create table marts.fct_sla_outcomes (ticket_id varchar, outcome varchar);
create table marts.dim_sites (site_id varchar, region varchar);
insert into marts.dim_sites values ('S1', 'North'), ('S2', 'South');
create table meta.kpi_lineage (kpi_id varchar, schema_name varchar, table_name varchar, is_direct boolean);
create table meta.kpi_models (kpi_id varchar, models_hash varchar);
create table meta.record_columns (
    table_name varchar, feed varchar, column_name varchar, is_key boolean, is_event boolean, is_settling boolean
);
insert into meta.record_columns values
    ('fct_tickets', 'tickets', 'ticket_id', true, false, false),
    ('fct_tickets', 'tickets', 'site_id', false, false, false),
    ('fct_tickets', 'tickets', 'channel', false, false, false),
    ('fct_tickets', 'tickets', 'created_at', false, true, false),
    ('fct_tickets', 'tickets', 'accepted_at', false, false, false),
    ('fct_tickets', 'tickets', 'resolved_at', false, false, true);
create table meta.input_slices (
    schema_name varchar, table_name varchar, from_date date, is_open_ended boolean, row_count bigint,
    content_hash varchar
);
insert into meta.kpi_lineage values
    ('speed', 'marts', 'fct_tickets', true), ('speed', 'policy', 'calendars', false),
    ('promises', 'marts', 'fct_tickets', true), ('promises', 'policy', 'sla_policies', true),
    ('training', 'raw', 'labor_costs', true), ('training', 'marts', 'fct_tickets', false);
insert into meta.kpi_models values ('speed', 'a'), ('promises', 'a'), ('training', 'a');
"""


@dataclass(frozen=True)
class Ticket:
    """A ticket; instants as ISO text, UTC."""

    ticket_id: str
    created_at: str
    resolved_at: str | None = None
    site_id: str = "S1"
    channel: str = "phone"
    life_seconds: int = 0
    accepted_at: str | None = None


@dataclass(frozen=True)
class Cell:
    """A KPI value of a month, of the whole company or of one site."""

    kpi_id: str
    value: float | None
    month: date = date(2026, 5, 1)
    grain: str = "month"
    site_id: str = "all"
    target: float | None = 0.9
    definition_version: str = "1"
    immature: int = 0
    is_complete: bool = True
    end: date = date(2026, 5, 31)


@dataclass(frozen=True)
class Content:
    """What a version holds. `slices` are rows of meta.input_slices, `sql` is run at the end."""

    cells: Sequence[Cell] = (Cell("speed", 1.0), Cell("promises", 0.5), Cell("training", 2.0))
    tickets: Sequence[Ticket] = (Ticket("T1", "2026-05-03 08:00", "2026-05-04 08:00"), Ticket("T2", "2026-05-05 08:00"))
    slices: Sequence[tuple[Any, ...]] = (
        ("policy", "sla_policies", date(1990, 1, 1), True, 4, "a"),
        ("policy", "calendars", None, False, 1, "a"),
        ("raw", "labor_costs", date(2026, 5, 1), False, 10, "a"),
    )
    as_of: datetime = AS_OF
    code_version: str = "1"
    profile_hash: str = "hash"
    kpis: Mapping[str, str] = field(default_factory=lambda: {"speed": "mean", "promises": "ratio", "training": "mean"})
    sql: str = ""

    def but(self, **changes: Any) -> Content:
        """The same with other values."""
        return replace(self, **changes)


def build_file(folder: Path, build_id: str, content: Content) -> Path:
    """A finished build file with `content`."""
    path = folder / f"build_{build_id}.duckdb"
    record = BuildRecord(
        build_id,
        content.as_of,
        datetime(2026, 8, 2, tzinfo=UTC),
        content.code_version,
        "code",
        "small",
        content.profile_hash,
    )
    create_build_file(path, record, CompanyRecord("Small", "小", "Asia/Shanghai", "CNY"), previous=None)
    with duckdb.connect(str(path)) as con:
        con.execute(_TABLES)
        fill(con, content)
    return path


def fill(con: duckdb.DuckDBPyConnection, content: Content) -> None:
    """Write the rows of `content` into the current database."""
    for cell in content.cells:
        con.execute(
            "insert into marts.kpi_values values "
            "(?, ?, ?, ?, ?, 'all', 'all', 'all', 'all', 'share', ?, ?, ?, ?, 0, ?, ?)",
            [
                cell.kpi_id,
                cell.grain,
                cell.month,
                "all" if cell.site_id == "all" else "site",
                cell.site_id,
                cell.definition_version,
                cell.value,
                cell.target,
                cell.immature,
                cell.is_complete,
                cell.end,
            ],
        )
    for ticket in content.tickets:
        con.execute(
            "insert into marts.fct_tickets values ($1, $2, $3, $4, cast(cast($5 as timestamp) as date), $5, $6, $7)",
            [
                ticket.ticket_id,
                ticket.site_id,
                ticket.channel,
                ticket.life_seconds,
                ticket.created_at,
                ticket.accepted_at,
                ticket.resolved_at,
            ],
        )
    for each in content.slices:
        con.execute("insert into meta.input_slices values (?, ?, ?, ?, ?, ?)", list(each))
    for kpi, kind in content.kpis.items():
        con.execute("insert into marts.dim_kpis values (?, ?, 'share', '1', true, '1990-01-01')", [kpi, kind])
    if content.sql:
        con.execute(content.sql)


def publish_small(folder: Path, build_id: str, content: Content | None = None, keep: int = 10) -> Version:
    """Publish a small version into folder / published."""
    path = build_file(folder, build_id, content or Content())
    return publish(path, folder / "published", build_id, published_at=datetime(2026, 8, 2, 1, tzinfo=UTC), keep=keep)
