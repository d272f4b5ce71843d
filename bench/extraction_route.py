"""One way of bringing the bench's tickets into a DuckDB file, in a process of its own; prints what it brought as JSON.

python -m bench.extraction_route ROUTE SOURCE TARGET, where SOURCE is a file, a URL or a profile.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.measure import peak_kilobytes

# What a hand-written script would declare of orders.csv.
_TYPES = """{
    'order_no': 'varchar', 'cust_no': 'varchar', 'site_code': 'varchar', 'handler': 'varchar', 'channel': 'varchar',
    'prio': 'varchar', 'state': 'varchar', 'fault_desc': 'varchar', 'rev': 'bigint', 'fee': 'decimal(12, 2)',
    'opened_at': 'timestamp', 'first_reply_at': 'timestamp', 'solved_at': 'timestamp', 'modified_at': 'timestamp'
}"""


def land(profile_file: str, target: Path) -> dict[str, int]:
    """Land the feed tickets as a build does: connector, mapping, checks of every value, ledger."""
    from orchestration.extract.contract import read_contract
    from orchestration.extract.landing import land_feed, prepare_ingest
    from orchestration.extract.profile import load_profile

    contract = read_contract()
    profile = load_profile(Path(profile_file), os.environ, profile_data=target.parent)
    prepare_ingest(target, contract)
    result = land_feed(
        target,
        contract["tickets"],
        profile,
        batch_id=f"batch_{datetime.now(UTC):%H%M%S%f}",
        landed_at=datetime.now(UTC),
        log=lambda _: None,
    )
    return {
        "delivered": result.delivered,
        "inserted": result.inserted,
        "replaced": result.replaced,
        "rejected": result.rejected,
        "rows": result.row_count,
    }


def read(kind: str, source: str, target: Path) -> dict[str, int]:
    """DuckDB's own reader into a table, and nothing else: no key, no check, no ledger."""
    reader = {
        "parquet": "read_parquet(?)",
        "csv": f"read_csv(?, header = true, auto_detect = false, columns = {_TYPES}, strict_mode = true)",
        "sniffed": "read_csv(?)",
    }[kind]
    with duckdb.connect(str(target)) as con:
        con.execute(f"create table orders as select * from {reader}", [source])
        row = con.execute("select count(*) from orders").fetchone()
    assert row is not None  # an aggregate always returns one row
    return {"rows": row[0]}


def copy(url: str, target: Path) -> dict[str, int]:
    """PostgreSQL's COPY into a file, and nothing else."""
    import psycopg

    from bench.extraction_sources import TABLE, plain_url

    with psycopg.connect(plain_url(url)) as con, con.cursor() as cursor, target.open("wb") as out:
        with cursor.copy(f"copy {TABLE} to stdout (format csv, header)") as stream:
            for block in stream:
                out.write(block)
        return {"rows": cursor.rowcount}


def main() -> None:
    """Take the route that the command line names."""
    route, source, target = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if route == "land":
        said = land(source, target)
    elif route == "copy":
        said = copy(source, target)
    elif route == "copy_read":
        copy(source, target.with_suffix(".csv"))
        said = read("csv", str(target.with_suffix(".csv")), target)
    else:
        said = read(route, source, target)
    print(json.dumps({**said, "peak_kilobytes": peak_kilobytes()}))


if __name__ == "__main__":
    main()
