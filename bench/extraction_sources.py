"""The bench's tickets: the same rows as CSV, as Parquet, in PostgreSQL and in MariaDB."""

from __future__ import annotations

import subprocess
from pathlib import Path

import duckdb
import psycopg
import sqlalchemy as sa

TABLE = "service_order"

# Text with commas, quotes and Chinese in one row of eight; nulls where a real desk has them.
_ROWS = """
select
    'T' || lpad(cast(number as varchar), 9, '0') as order_no,
    'C' || cast(hash(number) % 200000 as varchar) as cust_no,
    'S' || cast(hash(number, 1) % 40 as varchar) as site_code,
    case when number % 11 > 0 then 'E' || cast(hash(number, 2) % 500 as varchar) end as handler,
    ['TEL', 'APP', 'WEB', 'IM'][cast(hash(number, 3) % 4 as bigint) + 1] as channel,
    ['P1', 'P2', 'P3', 'P4'][cast(hash(number, 4) % 4 as bigint) + 1] as prio,
    ['NEW', 'OPEN', 'DONE', 'CLOSED'][cast(hash(number, 5) % 4 as bigint) + 1] as state,
    case number % 8
        when 0 then '不制冷, "异响" 并漏水'
        when 1 then null
        else 'fault ' || cast(hash(number, 6) % 5000 as varchar)
    end as fault_desc,
    number % 7 as rev,
    cast(hash(number, 7) % 100000 / 100 as decimal(12, 2)) as fee,
    opened_at,
    case when number % 9 > 0 then opened_at + to_seconds(60 + cast(hash(number, 8) % 90000 as bigint)) end
        as first_reply_at,
    case when number % 5 > 0 then opened_at + to_seconds(90000 + cast(hash(number, 9) % 900000 as bigint)) end
        as solved_at,
    opened_at + to_seconds(cast(hash(number, 10) % 2000000 as bigint)) as modified_at
from (
    select
        range as number,
        timestamp '2024-01-01 00:00:00' + to_seconds(cast(hash(range, 11) % 70000000 as bigint)) as opened_at
    from range(cast(? as bigint))
)
order by number
"""

_COLUMNS = """
    order_no varchar(20) primary key, cust_no varchar(20), site_code varchar(10), handler varchar(10),
    channel varchar(10), prio varchar(4), state varchar(10), fault_desc {text}, rev integer, fee decimal(12, 2),
    opened_at {instant}, first_reply_at {instant}, solved_at {instant}, modified_at {instant}
"""


def write_files(folder: Path, tickets: int) -> None:
    """Write orders.csv and orders.parquet."""
    with duckdb.connect() as con:
        con.execute(f"create table orders as {_ROWS}", [tickets])
        for name, options in (("csv", "header"), ("parquet", "row_group_size 100000")):
            (folder / name).mkdir()
            con.execute(f"copy orders to '{folder / name / f'orders.{name}'}' (format {name}, {options})")


def fill_postgres(url: str, csv: Path) -> None:
    """Load the CSV into a new table of the database at `url`."""
    with psycopg.connect(plain_url(url)) as con, con.cursor() as cursor:
        cursor.execute(f"create table {TABLE} ({_COLUMNS.format(text='text', instant='timestamp')})")
        with cursor.copy(f"copy {TABLE} from stdin (format csv, header)") as copy, csv.open("rb") as stream:
            while block := stream.read(1 << 20):
                copy.write(block)
        cursor.execute(f"create index on {TABLE} (modified_at)")
    with psycopg.connect(plain_url(url), autocommit=True) as con:
        con.execute(f"vacuum analyze {TABLE}")


def fill_mariadb(url: str, csv: Path) -> None:
    """Load the CSV into a new table of the database at `url`."""
    parts = sa.make_url(url)
    columns = [line.split()[0] for line in _COLUMNS.replace("\n", " ").split(", ") if line.split()[0] != "2)"]
    variables = ", ".join(f"@{name}" for name in columns)
    values = ", ".join(f"{name} = nullif(@{name}, '')" for name in columns)
    script = f"""
        create table {TABLE} ({_COLUMNS.format(text="text", instant="datetime")}, key (modified_at));
        load data local infile '{csv}' into table {TABLE} character set utf8mb4
        fields terminated by ',' optionally enclosed by '"' escaped by '' ignore 1 lines ({variables}) set {values};
    """
    subprocess.run(
        [
            "mariadb",
            "--local-infile=1",
            f"--host={parts.host}",
            f"--port={parts.port}",
            f"--user={parts.username}",
            f"--password={parts.password}",
            str(parts.database),
        ],
        input=script,
        text=True,
        check=True,
    )


def plain_url(url: str) -> str:
    """Write a SQLAlchemy URL as PostgreSQL's own tools read it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
