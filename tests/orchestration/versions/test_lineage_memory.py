"""Which KPIs each view names is remembered, and worked out anew when what it depends on changes."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from orchestration.extract.contract import read_contract
from orchestration.manifest import read_manifest
from orchestration.versions.lineage import write_lineage
from tests.company import Company


def lineage(build_file: Path, ingest_file: Path, memory: Path) -> list[list[tuple[object, ...]]]:
    write_lineage(build_file, ingest_file, read_manifest(), read_contract(), "settings", memory)
    with duckdb.connect(str(build_file), read_only=True) as con:
        return [con.execute(f"from meta.{table} order by all").fetchall() for table in ("kpi_lineage", "kpi_models")]


def test_what_is_remembered_is_used_until_another_feed_is_connected(sample_company: Company, tmp_path: Path) -> None:
    build_file, ingest_file = sample_company.unpublish(tmp_path), sample_company.root / "ingest" / "ingest.duckdb"
    memory = tmp_path / "memory"
    first = lineage(build_file, ingest_file, memory)
    (kept,) = memory.iterdir()
    assert lineage(build_file, ingest_file, memory) == first

    remembered = json.loads(kept.read_text(encoding="utf-8"))
    rows = [row for row in remembered["rows"] if "int_kpi_call_items" not in row[0]]
    assert rows != remembered["rows"]
    kept.write_text(json.dumps({**remembered, "rows": rows}), encoding="utf-8")
    assert lineage(build_file, ingest_file, memory) != first

    with duckdb.connect(str(build_file)) as con:
        con.execute("update meta.feeds set is_connected = not is_connected where feed = 'calls'")
    assert lineage(build_file, ingest_file, memory) == first
    assert len(list(memory.iterdir())) == 2
