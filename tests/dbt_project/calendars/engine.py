"""The SQL of business time on DuckDB alone: the model and its macros as dbt would render them, on tables of a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

PROJECT = Path(__file__).parents[3] / "dbt_project"
MODEL = PROJECT / "models" / "intermediate" / "calendars" / "int_calendar_hours.sql"
MACROS = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("macros", "macros/business_time")
    for path in sorted((PROJECT / folder).glob("*.sql"))
    if "{% test " not in path.read_text(encoding="utf-8")
)
ALWAYS = date(1900, 1, 1)


class _Adapter:
    @staticmethod
    @pass_context
    def dispatch(context: Context, name: str) -> Callable[..., str]:
        found: Callable[..., str] = context[f"default__{name}"]
        return found


def render(sql: str) -> str:
    """The SQL with our macros expanded; `ref` gives the bare name of the model."""
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.globals.update(
        {
            "ref": lambda name: name,
            "return": lambda value: value,
            "adapter": _Adapter,
            "env_var": lambda _name, default: default,
        }
    )
    return environment.from_string(MACROS + sql).render()


@dataclass(frozen=True)
class Hours:
    """One row of calendar_hours, of the only calendar."""

    iso_weekday: int
    opens: str
    closes: str
    valid_from_date: date = ALWAYS
    valid_to_date: date | None = None


@dataclass(frozen=True)
class Day:
    """One row of calendar_days, of the only region."""

    day_date: date
    kind: str
    works_like_weekday: int | None = None
    opens: str | None = None
    closes: str | None = None


@dataclass(frozen=True)
class Calendar:
    """A calendar with its hours and special days."""

    time_zone: str
    hours: tuple[Hours, ...]
    days: tuple[Day, ...] = ()
    calendar_id: str = field(default="ours")


@dataclass(frozen=True)
class Span:
    """What the SQL says of two instants and a target: positions and elapsed time, and when the target is used up."""

    start_us: int | None
    end_us: int | None
    seconds: int | None
    due_at: datetime | None

    @property
    def elapsed_us(self) -> int:
        """Business time between the two; AssertionError where it is not known."""
        assert self.start_us is not None
        assert self.end_us is not None
        return self.end_us - self.start_us


def connect() -> duckdb.DuckDBPyConnection:
    """An empty database that reads and shows UTC."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    return con


def make_hours(con: duckdb.DuckDBPyConnection, calendars: Sequence[Calendar], first: datetime, as_of: datetime) -> None:
    """Build int_calendar_hours for data whose first ticket was raised at `first`."""
    con.execute(
        """
        create or replace table stg_build_settings as select ?::timestamp as as_of_at, 'UTC' as time_zone;
        create or replace table stg_calendars (calendar_id varchar, time_zone varchar, holiday_region varchar);
        create or replace table stg_calendar_hours (
            calendar_id varchar, iso_weekday bigint, opens varchar, closes varchar,
            valid_from_date date, valid_to_date date
        );
        create or replace table stg_calendar_days (
            holiday_region varchar, day_date date, kind varchar, works_like_weekday bigint,
            opens varchar, closes varchar
        );
        create or replace table stg_ticket_events (occurred_at timestamp);
        create or replace table stg_calls (offered_at timestamp);
        create or replace table stg_visits (requested_at timestamp);
        create or replace table stg_part_lines (requested_at timestamp);
        create or replace table stg_tickets as select ?::timestamp as created_at
        """.replace("?", "'{}'").format(as_of, first)
    )
    for each in calendars:
        con.execute(
            "insert into stg_calendars values (?, ?, ?)", [each.calendar_id, each.time_zone, f"{each.calendar_id} days"]
        )
        _insert(con, "stg_calendar_hours", [[each.calendar_id, *vars(row).values()] for row in each.hours])
        _insert(con, "stg_calendar_days", [[f"{each.calendar_id} days", *vars(row).values()] for row in each.days])
    con.execute(f"create or replace table int_calendar_hours as {render(MODEL.read_text(encoding='utf-8'))}")


SPANS = render(
    """
    with positions as (
        select
            spans.*,
            {{ open_us_at('opening', 'spans.start_at') }} as start_us,
            {{ open_us_at('ending', 'spans.end_at') }} as end_us,
            {{ business_seconds('opening', 'spans.start_at', 'ending', 'spans.end_at') }} as seconds
        from spans
        {{ join_open_hours('opening', 'spans.calendar_id', 'spans.start_at') }}
        {{ join_open_hours('ending', 'spans.calendar_id', 'spans.end_at') }}
    )

    select
        positions.start_us,
        positions.end_us,
        positions.seconds,
        {{ due_at('due', '(positions.start_us + positions.target_us)', 'positions.start_at') }} as due_at
    from positions
    {{ join_due_hours('due', 'positions.calendar_id', '(positions.start_us + positions.target_us)') }}
    order by positions.number
    """
)


def measure(con: duckdb.DuckDBPyConnection, spans: Sequence[tuple[str, datetime, datetime, int]]) -> list[Span]:
    """Read each (calendar, start, end, target in microseconds) off the hours that make_hours made, in order."""
    con.execute(
        "create or replace table spans "
        "(number bigint, calendar_id varchar, start_at timestamp, end_at timestamp, target_us bigint)"
    )
    _insert(con, "spans", [[number, *span] for number, span in enumerate(spans)])
    return [Span(*row) for row in con.execute(SPANS).fetchall()]


def openings(con: duckdb.DuckDBPyConnection) -> list[tuple[datetime, datetime | None]]:
    """The rows of int_calendar_hours that have a length."""
    return con.execute(
        "select opens_at, closes_at from int_calendar_hours where opens_at < closes_at order by calendar_id, opens_at"
    ).fetchall()


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    if not rows:
        return
    # One statement of many rows: a statement per row costs the most of a test.
    marks = ", ".join(f"({', '.join('?' for _ in row)})" for row in rows)
    con.execute(f"insert into {table} values {marks}", [value for row in rows for value in row])
