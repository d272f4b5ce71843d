"""Time and peak memory of both gates at a given number of tickets.

    python -m bench.gates INGEST_FILE PUBLISHED_FILE [gate_1 | gate_2] [TICKETS …]

The feeds and facts of a built sample company are repeated with new keys inside DuckDB until they are so many; what does
not grow with tickets (dimensions of the organisation, policies, rollups) is taken as it is. Each gate runs in a process
of its own, its start and the import of Great Expectations (about 3 s) included.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.measure import measure, peak_kilobytes
from expectations.sql import identifier
from expectations.tables import TableSpec
from orchestration.extract.contract import read_contract
from orchestration.extract.privacy import Privacy
from orchestration.gate_checks import feed_table_spec
from orchestration.gate_limits import read_kpi_ids, read_limits
from orchestration.manifest import mart_specs, read_manifest

GATES = ("gate_1", "gate_2")
SIZES = (1_500, 100_000)
# What a company has more of when it has more tickets.
GROWING = frozenset(
    {
        *("customers", "assets", "purchases", "tickets", "ticket_events", "complaints", "visits", "part_lines"),
        *("part_stock", "calls", "survey_invitations", "survey_answers", "reviews", "audits"),
    }
)
# Parts of a key that are no case's own: every copy has them.
SHARED = frozenset({"site_id", "technician_id", "product_id", "agent_id", "author_id"}) | {
    *("kpi_id", "subject_kind", "product_family", "state"),
}


def feed_tables() -> list[TableSpec]:
    """What gate 1 looks at, all connected."""
    return [feed_table_spec(feed, Privacy(), is_connected=True) for feed in read_contract().values()]


def repeat(source: Path, target: Path, tables: list[TableSpec], growing: frozenset[str], times: int) -> int:
    """Write `target` with every table of `source`, those that grow repeated so many times; return the rows."""
    contract = read_contract()
    with duckdb.connect() as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(f"attach '{source}' as source (read_only)")
        con.execute(f"attach '{target}' as target")
        others = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'source' order by all"
        ).fetchall()
        known = {(table.schema_name, table.table_name): table for table in tables}
        rows = 0
        for schema, name in others:
            con.execute(f"create schema if not exists target.{identifier(schema)}")
            path = f"{identifier(schema)}.{identifier(name)}"
            table = known.get((schema, name))
            if table is None or name not in growing:
                con.execute(f"create table target.{path} as from source.{path}")
            else:
                references = {c.name for c in table.columns if c.references in growing}
                if schema == "raw":
                    references |= {c.name for c in contract[name].columns if c.identifier and c.type == "varchar"}
                keys = {c.name for c in table.columns if c.type == "varchar" and c.name in table.key} | references
                changed = [f"{identifier(key)} || '~' || copy as {identifier(key)}" for key in sorted(keys - SHARED)]
                replaced = f" replace ({', '.join(changed)})" if changed else ""
                con.execute(
                    f"create table target.{path} as select * exclude (copy){replaced} "
                    f"from source.{path}, (select unnest(range({times})) as copy)"
                )
            if table is not None:
                rows += con.execute(f"select count(*) from target.{path}").fetchall()[0][0]
    return rows


def one(gate: str, database: str, ingest: str, previous: str) -> None:
    """Run one gate and print what it took, as JSON."""
    from expectations.gate import run_gate

    tables = feed_tables() if gate == "gate_1" else mart_specs(read_manifest())
    limits, kpi_ids = read_limits(Path(ingest)), read_kpi_ids(Path(ingest))
    with duckdb.connect(previous, read_only=True) as con:
        ((as_of,),) = con.execute("select as_of_at from meta.settings").fetchall()
    report = run_gate(
        "gate_1" if gate == "gate_1" else "gate_2",
        Path(database),
        tables,
        limits=limits,
        as_of=as_of,
        previous=Path(previous),
        kpi_ids=kpi_ids,
    )
    unable = [o.message for o in report.outcomes if "could not be evaluated" in o.message]
    if unable:
        raise RuntimeError("\n".join(unable))
    said = {
        "expectations": len(report.outcomes),
        "failed": len(report.failed),
        "milliseconds": round(report.seconds * 1000),
        "peak_kilobytes": peak_kilobytes(),
    }
    print(json.dumps(said))


def main(ingest: Path, published: Path, gates: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Print one line for each gate and size."""
    with duckdb.connect(str(ingest), read_only=True) as con:
        ((tickets,),) = con.execute("select count(*) from raw.tickets").fetchall()
    marts = mart_specs(read_manifest())
    facts = {mart.table_name for mart in marts if mart.table_name.startswith("fct_")} - {"fct_shifts"}
    grown = frozenset(facts | {"dim_customers", "kpi_items"})
    print("| gate | tickets | rows | expectations | s in the gate | s processor | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        times = max(1, round(size / tickets))
        for gate, source, tables, growing in (
            ("gate_1", ingest, feed_tables(), GROWING),
            ("gate_2", published, marts, grown),
        ):
            if gate not in gates:
                continue
            with tempfile.TemporaryDirectory() as folder:
                database = Path(folder) / f"{gate}.duckdb"
                rows = repeat(source, database, tables, growing, times)
                took = measure("bench.gates", ["--one", gate, str(database), str(ingest), str(published)], {})
                print(
                    f"| {gate[-1]} | {tickets * times:,} | {rows:,} | {took.said['expectations']:,} "
                    f"| {took.said['milliseconds'] / 1000:.1f} | {took.cpu_seconds:.1f} | {took.peak_megabytes:,.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(*sys.argv[2:])
    else:
        chosen = tuple(word for word in sys.argv[3:] if word in GATES)
        many = tuple(int(word) for word in sys.argv[3:] if word not in GATES)
        main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), chosen or GATES, many or SIZES)
