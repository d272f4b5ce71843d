"""The whole path, from source files to the published file, at growing sizes, beside what it cannot be faster than.

    python -m bench.whole_path [TICKETS …]

For each size, one after the other and each in a process of its own: the sample company's sources are written (not
counted), `aftersales build` extracts, checks, models, checks again and publishes; then bare DuckDB executes the same
compiled SQL of the models and their tests, in the same order, with as many threads; then a simple monthly mart is made
from Parquet in SQL, in pandas and in polars. Prints a table, compares the ratios with those of docs/performance.json
and writes them anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from bench.measure import ROOT, Measured, measure, peak_kilobytes

SIZES = (20_000, 100_000)
STORED = ROOT / "docs" / "performance.json"
FEEDS = ("tickets", "ticket_events", "survey_answers", "part_lines")
# A ratio that grows by more than this is a regression.
_TOLERANCE = 1.15


@dataclass(frozen=True)
class Part:
    """A part of the path: wall and processor seconds, of all processes that took part."""

    name: str
    seconds: float
    cpu_seconds: float | None


@dataclass(frozen=True)
class Run:
    """One build: its parts, the whole, and what lies on disk."""

    parts: list[Part]
    whole: Part
    peak_megabytes: float
    bytes_of: dict[str, int]


def build(folder: Path) -> Run:
    """Build the company of `folder` as a user does, and read in its log what each step took."""
    environment = {**os.environ, "AFTERSALES_PROFILE": "sample", "AFTERSALES_DATA_DIR": str(folder)}
    started = time.perf_counter()
    process = subprocess.Popen([_command(), "build"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the build of {folder} failed")
    root = folder / "sample"
    (log,) = (root / "logs").glob("*.jsonl")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    steps = [(line["step"], line["fields"]) for line in lines if line["event"] == "step_ended"]
    extracted = [fields for _, fields in steps if fields["kind"] == "extract"]
    parts = [Part("extract", sum(f["seconds"] for f in extracted), sum(f["cpu_seconds"] for f in extracted))]
    (results_file,) = (root / "build").glob("*/dbt/run_results.json")
    elapsed = json.loads(results_file.read_text(encoding="utf-8"))["elapsed_time"]
    for step, fields in steps:
        if fields["kind"] == "models":
            parts.append(Part("dbt: start, parse", fields["seconds"] - elapsed, None))
            parts.append(Part("dbt: models and tests", elapsed, None))
        elif fields["kind"] != "extract":
            parts.append(Part(step.replace("_", " "), fields["seconds"], fields["cpu_seconds"]))
    cpu = usage.ru_utime + usage.ru_stime
    parts.append(Part("start, orchestration", wall - sum(part.seconds for part in parts), None))
    published = (root / "published" / "current.duckdb").resolve()
    with duckdb.connect(str(published), read_only=True) as con:
        ((own, models),) = con.execute(
            "select peak_memory_bytes, models_peak_memory_bytes from meta.builds order by started_at desc limit 1"
        ).fetchall()
    sizes = {
        "sources": _bytes(root / "sources"),
        "landed": _bytes(root / "ingest"),
        "build file": _bytes(root / "build"),
        "published": published.stat().st_size,
    }
    return Run(parts, Part("whole path", wall, cpu), max(own, models) / 1e6, sizes)


def execute_bare(root: Path) -> dict[str, int]:
    """Execute the compiled SQL of the last build of `root` on bare DuckDB; milliseconds of models and of tests."""
    (built,) = (root / "build").glob("*/")
    results = json.loads((built / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((built / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    spent = {"models": 0.0, "tests": 0.0}
    with tempfile.TemporaryDirectory(dir=root) as folder, duckdb.connect(f"{folder}/build.duckdb") as con:
        con.execute("set timezone = 'UTC'; set threads = 2")
        con.execute(f"attach '{built}/build.duckdb' as made (read_only)")
        con.execute(f"attach '{root}/ingest/ingest.duckdb' as ingest (read_only)")
        for schema in ("meta", "staging", "intermediate", "marts"):
            con.execute(f"create schema {schema}")
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'made' and schema_name = 'meta'"
        ).fetchall():
            con.execute(f"create table meta.{name} as from made.meta.{name}")
        con.execute("detach made")
        for result in results:
            node = nodes.get(result["unique_id"], {})
            sql, started = result.get("compiled_code"), time.perf_counter()
            if node.get("resource_type") == "model":
                con.execute(f"create {node['config']['materialized']} {node['relation_name']} as {sql}")
                spent["models"] += time.perf_counter() - started
            elif node.get("resource_type") == "test":
                con.execute(f"select count(*) from ({sql})").fetchall()
                spent["tests"] += time.perf_counter() - started
        con.execute("checkpoint")
    return {name: round(seconds * 1000) for name, seconds in spent.items()}


def simple_marts(root: Path) -> dict[str, Measured]:
    """The simple mart, each way in a process of its own; RuntimeError where two ways differ."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        with duckdb.connect(f"{root}/ingest/ingest.duckdb", read_only=True) as con:
            for feed in FEEDS:
                con.execute(f"copy raw.{feed} to '{folder}/{feed}.parquet'")
        found = {way: measure("bench.simple_marts", [way, folder], {}) for way in ("duckdb", "pandas", "polars")}
    for way, measured in found.items():
        differing = {
            name: (value, measured.said[name])
            for name, value in found["duckdb"].said.items()
            if abs(value - measured.said[name]) > 1 + 1e-9 * abs(value)
        }
        if differing:
            raise RuntimeError(f"{way} gives other numbers than duckdb: {differing}")
    return found


def measure_size(tickets: int) -> dict[str, float]:
    """Print the table of one size, and return what is compared between runs."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), Path(name) / "sample"
        environment = {**os.environ, "AFTERSALES_PROFILE": "sample", "AFTERSALES_DATA_DIR": name}
        subprocess.run(
            [_command(), "sample", "--tickets", str(tickets)],
            env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        run = build(folder)
        bare = measure("bench.whole_path", ["bare", str(root)], {})
        simple = simple_marts(root)
    floor = (bare.said["models"] + bare.said["tests"]) / 1000
    print(f"\n## {tickets:,} tickets\n\n| part | wall s | processor s | of the whole |\n|---|---|---|---|")
    for part in [*run.parts, run.whole]:
        cpu = "" if part.cpu_seconds is None else f"{part.cpu_seconds:.1f}"
        print(f"| {part.name} | {part.seconds:.1f} | {cpu} | {part.seconds / run.whole.seconds:.0%} |")
    print(f"| the same SQL, bare DuckDB | {floor:.1f} | {bare.cpu_seconds:.1f} | {floor / run.whole.seconds:.0%} |")
    for way, measured in simple.items():
        print(f"| a simple mart, {way} | {measured.wall_seconds:.2f} | {measured.cpu_seconds:.1f} | |")
    sizes = ", ".join(f"{what} {size / 1e6:,.0f} MB" for what, size in run.bytes_of.items())
    print(
        f"\nPeak memory: {run.peak_megabytes:,.0f} MB (bare {bare.peak_megabytes:,.0f} MB); {sizes}. "
        f"The whole path: {run.whole.seconds / floor:.2f} × bare, {(run.whole.seconds - 15) / floor:.2f} × and 15 s.",
        flush=True,
    )
    return {
        "whole_over_bare": round(run.whole.seconds / floor, 3),
        "bare_cpu_per_ticket_ms": round(1000 * bare.cpu_seconds / tickets, 4),
        "pandas_over_duckdb": round(simple["pandas"].wall_seconds / simple["duckdb"].wall_seconds, 3),
        "polars_over_duckdb": round(simple["polars"].wall_seconds / simple["duckdb"].wall_seconds, 3),
    }


def main(sizes: list[int]) -> None:
    """Measure every size, and compare with the stored run."""
    stored: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}", end="")
    print("".join(f", {name} {version(name)}" for name in ("duckdb", "dbt-core", "dagster", "pandas", "polars")))
    found = {str(size): measure_size(size) for size in sizes}
    for size, ratios in found.items():
        for name, ratio in ratios.items():
            before = stored.get(size, {}).get(name)
            if name == "whole_over_bare" and before and ratio > before * _TOLERANCE:
                print(f"REGRESSION at {size} tickets: {name} {before} -> {ratio}")
    STORED.write_text(json.dumps(stored | found, indent=2) + "\n", encoding="utf-8")


def _command() -> str:
    return str(Path(sys.executable).with_name("aftersales"))


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        print(json.dumps({**execute_bare(Path(sys.argv[2])), "peak_kilobytes": peak_kilobytes()}))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
