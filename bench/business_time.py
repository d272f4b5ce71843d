"""How long business time takes: elapsed time and due times of a million tickets, on DuckDB alone, by the project's SQL.

    python -m bench.business_time [tickets]

Calendars are those that ship, over a horizon of ten years; instants are random. Each figure is the best of three.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime

import duckdb

from orchestration.extract.batch import POLICIES_DIR
from tests.dbt_project.calendars.engine import MODEL, connect, render

AS_OF = datetime(2026, 6, 30, 16)

ELAPSED = render(
    """
    create or replace table elapsed as
    select
        ticket_id,
        calendar_id,
        end_at,
        start_at,
        {{ open_us_at('opening', 'start_at') }} as start_us,
        {{ business_seconds('opening', 'start_at', 'ending', 'end_at') }} as seconds
    from tickets
    {{ join_open_hours('opening', 'tickets.calendar_id', 'tickets.start_at') }}
    {{ join_open_hours('ending', 'tickets.calendar_id', 'tickets.end_at') }}
    """.replace("calendar_id,\n", "tickets.calendar_id,\n", 1)
)
DUE = render(
    """
    create or replace table due as
    select elapsed.ticket_id, {{ due_at('due', '(elapsed.start_us + 86400000000)') }} as due_at
    from elapsed
    {{ join_due_hours('due', 'elapsed.calendar_id', '(elapsed.start_us + 86400000000)') }}
    """
)


def main(tickets: int) -> None:
    """Measure, and print a line per step."""
    with connect() as con:
        for name in ("calendars", "calendar_hours", "calendar_days"):
            path = POLICIES_DIR / f"{name}.csv"
            con.execute(f"create table stg_{name} as select * from read_csv('{path}', all_varchar = true)")
        con.execute("alter table stg_calendar_hours alter iso_weekday type bigint")
        for table, column in (
            ("hours", "valid_from_date"),
            ("hours", "valid_to_date"),
            ("days", "day_date"),
        ):
            con.execute(f"alter table stg_calendar_{table} alter {column} type date")
        con.execute("alter table stg_calendar_days alter works_like_weekday type bigint")
        con.execute(f"create table stg_build_settings as select timestamp '{AS_OF}' as as_of_at, 'UTC' as time_zone")
        con.execute("create table stg_ticket_events (occurred_at timestamp)")
        con.execute("create table stg_calls (offered_at timestamp)")
        con.execute("create table stg_visits (requested_at timestamp)")
        con.execute(
            f"""
            create table tickets as
            select
                range as ticket_id,
                ['24x7', 'cn_office', 'cn_extended', 'de_office', 'us_office'][1 + range % 5] as calendar_id,
                timestamp '2016-07-01' + to_microseconds((hash(range) % 315000000000000)::bigint) as start_at,
                start_at + to_microseconds((hash(range + 7) % 864000000000)::bigint) as end_at
            from range({tickets})
            """
        )
        con.execute("create table stg_tickets as select start_at as created_at from tickets")
        hours = f"create or replace table int_calendar_hours as {render(MODEL.read_text(encoding='utf-8'))}"
        for name, statement in (("hours of all calendars", hours), ("elapsed", ELAPSED), ("due", DUE)):
            print(f"{name}: {_best(con, statement):.2f} s")
        print(con.execute("select count(*) as openings from int_calendar_hours").fetchall())
        print(con.execute("select count(*), count(seconds), avg(seconds) from elapsed").fetchall())
        print(con.execute("select count(*), count(due_at) from due").fetchall())


def _best(con: duckdb.DuckDBPyConnection, statement: str) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        con.execute(statement)
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
