"""The whole path, from source files to the published file, at growing sizes, beside what it cannot be faster than.

    python -m bench.whole_path [TICKETS …]

For each size, one after the other and each in a process of its own: the files of the sample company are written (not
counted), `aftersales build` extracts, checks, models, checks again and publishes; then bare DuckDB executes the same
compiled SQL of the models and their tests, in the same order, with as many threads; then a second build finds nothing
new; then a simple monthly mart is made from Parquet in SQL, in pandas and in polars. Prints a table, compares the
ratios with those of docs/performance.json, and writes that and docs/performance.svg anew.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import altair as alt
import duckdb
import pandas as pd

from bench.measure import ROOT, Measured, measure, peak_kilobytes
from orchestration.dbt_comment_scores import register
from orchestration.duckdb_files import STORAGE_VERSION

SIZES = (20_000, 100_000)
STORED = ROOT / "docs" / "performance.json"
PLOT = ROOT / "docs" / "performance.svg"
_PROFILE = "sample_files"
FEEDS = ("tickets", "ticket_events", "survey_answers", "part_lines")
# A ratio that grows by more than this is a regression.
_TOLERANCE = 1.15


@dataclass(frozen=True)
class Part:
    """A part of the path: wall and processor seconds of all processes that took part, and the most memory that the
    build's process, or dbt's, had taken by its end."""

    name: str
    seconds: float
    cpu_seconds: float | None = None
    peak_megabytes: float | None = None


@dataclass(frozen=True)
class Run:
    """One build: its parts, the whole, what lies on disk, and dbt's seconds by kind, of all its threads together."""

    parts: list[Part]
    whole: Part
    bytes_of: dict[str, int]
    dbt_seconds: dict[str, float]


def build(folder: Path) -> Run:
    """Build the company of `folder` as a user does, and read in its log what each step took."""
    wall, cpu = _build(folder)
    root = folder / _PROFILE
    (log,) = (root / "logs").glob("*.jsonl")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    steps = [(line["step"], line["fields"]) for line in lines if line["event"] == "step_ended"]
    extracted = [fields for _, fields in steps if fields["kind"] == "extract"]
    parts = [
        Part(
            "extract",
            sum(f["seconds"] for f in extracted),
            sum(f["cpu_seconds"] for f in extracted),
            extracted[-1]["peak_memory_bytes"] / 1e6,
        )
    ]
    (results_file,) = (root / "build").glob("*/dbt/run_results.json")
    results = json.loads(results_file.read_text(encoding="utf-8"))
    elapsed = results["elapsed_time"]
    for step, fields in steps:
        if fields["kind"] == "models":
            parts.append(Part("dbt: start, parse", fields["seconds"] - elapsed))
            parts.append(
                Part("dbt: models and tests", elapsed, fields["cpu_seconds"], fields["peak_memory_bytes"] / 1e6)
            )
        elif fields["kind"] != "extract":
            peak = fields["peak_memory_bytes"] / 1e6
            parts.append(Part(step.replace("_", " "), fields["seconds"], fields["cpu_seconds"], peak))
    parts.append(Part("start, orchestration", wall - sum(part.seconds for part in parts)))
    published = (root / "published" / "current.duckdb").resolve()
    sizes = {
        "sources": _bytes(root / "sources"),
        "landed": _bytes(root / "ingest"),
        "build folder": _bytes(root / "build"),
        "published": published.stat().st_size,
    }
    peaks = [part.peak_megabytes for part in parts if part.peak_megabytes is not None]
    return Run(parts, Part("whole path", wall, cpu, max(peaks)), sizes, _dbt_seconds(results["results"]))


def _build(folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of `aftersales build`."""
    environment = {**os.environ, "AFTERSALES_PROFILE": _PROFILE, "AFTERSALES_DATA_DIR": str(folder)}
    started = time.perf_counter()
    process = subprocess.Popen([_command(), "build"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the build of {folder} failed")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime


def _dbt_seconds(results: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds of compiling all nodes, and of executing models and tests."""
    spent = {"compile": 0.0, "model": 0.0, "test": 0.0}
    for result in results:
        kind = result["unique_id"].split(".")[0]
        for timing in result["timing"]:
            begun, ended = (datetime.fromisoformat(timing[name]) for name in ("started_at", "completed_at"))
            name = "compile" if timing["name"] == "compile" else kind
            spent[name] = spent.get(name, 0.0) + (ended - begun).total_seconds()
    return spent


def execute_bare(root: Path) -> dict[str, int]:
    """Execute the compiled SQL of the last build of `root` on bare DuckDB; milliseconds of models and of tests."""
    (built,) = (root / "build").glob("*/")
    results = json.loads((built / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((built / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    spent = {"models": 0.0, "tests": 0.0}
    with tempfile.TemporaryDirectory(dir=root) as folder, duckdb.connect(f"{folder}/build.duckdb") as con:
        con.execute("set timezone = 'UTC'; set threads = 2")
        con.execute(f"attach '{root}/published/current.duckdb' as made (read_only)")
        con.execute(f"attach '{root}/ingest/ingest.duckdb' as ingest (read_only)")
        con.execute(f"attach '{folder}/scratch.duckdb' as scratch (storage_version '{STORAGE_VERSION}')")
        for schema in ("build.meta", "build.marts", "scratch.staging", "scratch.intermediate"):
            con.execute(f"create schema {schema}")
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'made' and schema_name = 'meta'"
        ).fetchall():
            con.execute(f"create table meta.{name} as from made.meta.{name}")
        con.execute("detach made")
        register(con)
        for result in results:
            node = nodes.get(result["unique_id"], {})
            sql, started = result.get("compiled_code"), time.perf_counter()
            if node.get("resource_type") == "model":
                if node["language"] == "python":
                    sql = _made_in_python(con, node, nodes)
                con.execute(f"create {node['config']['materialized']} {node['relation_name']} as {sql}")
                spent["models"] += time.perf_counter() - started
            elif node.get("resource_type") == "test":
                con.execute(f"select count(*) from ({sql})").fetchall()
                spent["tests"] += time.perf_counter() - started
        con.execute("checkpoint")
    return {name: round(seconds * 1000) for name, seconds in spent.items()}


def _made_in_python(con: duckdb.DuckDBPyConnection, node: dict[str, Any], nodes: dict[str, Any]) -> str:
    """Run a model in Python as dbt does; a query of what it returns."""
    relations = {each["name"]: each["relation_name"] for each in nodes.values() if each["resource_type"] == "model"}
    given = SimpleNamespace(config=lambda **_: None, ref=lambda name: con.sql(f"from {relations[name]}"))
    made = runpy.run_path(str(ROOT / "dbt_project" / node["original_file_path"]))["model"](given, con)
    con.register("made_in_python", made)
    return "select * from made_in_python"


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


def measure_size(tickets: int) -> dict[str, Any]:
    """Print the table of one size, and return it with what is compared between runs."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), Path(name) / _PROFILE
        environment = {**os.environ, "AFTERSALES_PROFILE": _PROFILE, "AFTERSALES_DATA_DIR": name}
        subprocess.run(
            [_command(), "sample", "--tickets", str(tickets)],
            env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        run = build(folder)
        bare = measure("bench.whole_path", ["bare", str(root)], {})
        again, _ = _build(folder)
        simple = simple_marts(root)
    floor = (bare.said["models"] + bare.said["tests"]) / 1000
    rows = [
        *run.parts,
        run.whole,
        Part("the same SQL, bare DuckDB", floor, bare.cpu_seconds, bare.peak_megabytes),
        Part("a build with nothing new", again),
        *(
            Part(f"a simple mart, {way}", each.wall_seconds, each.cpu_seconds, each.peak_megabytes)
            for way, each in simple.items()
        ),
    ]
    print(
        f"\n## {tickets:,} tickets\n\n| part | wall s | processor s | peak MB | of the whole |\n|---|---|---|---|---|"
    )
    for row in rows:
        cpu = "" if row.cpu_seconds is None else f"{row.cpu_seconds:.1f}"
        peak = "" if row.peak_megabytes is None else f"{row.peak_megabytes:,.0f}"
        print(f"| {row.name} | {row.seconds:.1f} | {cpu} | {peak} | {row.seconds / run.whole.seconds:.0%} |")
    sizes = ", ".join(f"{what} {size / 1e6:,.0f} MB" for what, size in run.bytes_of.items())
    spent = ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in run.dbt_seconds.items())
    print(
        f"\nOn disk: {sizes}. dbt's seconds, all threads together: {spent}. The whole path: "
        f"{run.whole.seconds / floor:.2f} × bare, {(run.whole.seconds - 15) / floor:.2f} × and 15 s.",
        flush=True,
    )
    return {
        "parts": [asdict(row) for row in rows],
        "bytes_of": run.bytes_of,
        "whole_over_bare": round(run.whole.seconds / floor, 3),
        "bare_cpu_per_ticket_ms": round(1000 * bare.cpu_seconds / tickets, 4),
        "pandas_over_duckdb": round(simple["pandas"].wall_seconds / simple["duckdb"].wall_seconds, 3),
        "polars_over_duckdb": round(simple["polars"].wall_seconds / simple["duckdb"].wall_seconds, 3),
    }


def main(sizes: list[int]) -> None:
    """Measure every size, and compare with the stored run."""
    stored: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    machine = f"{os.cpu_count()} cores, Python {sys.version.split()[0]}" + "".join(
        f", {name} {version(name)}" for name in ("duckdb", "dbt-core", "dagster", "pandas", "polars")
    )
    print(machine)
    for size in sizes:
        found = measure_size(size) | {"machine": machine}
        ratio, before = found["whole_over_bare"], stored.get(str(size), {}).get("whole_over_bare")
        if before and ratio > before * _TOLERANCE:
            print(f"REGRESSION at {size} tickets: whole_over_bare {before} -> {ratio}")
        stored[str(size)] = found
        STORED.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    plot(stored)


def plot(stored: dict[str, Any]) -> None:
    """Draw how long each part takes per ticket, by the number of tickets, beside the same SQL on bare DuckDB."""
    bars = [
        {
            "tickets": f"{int(size):,}",
            "size": int(size),
            "what": "bare DuckDB" if part["name"].startswith("the same SQL") else "whole path",
            "part": part["name"],
            "milliseconds": 1000 * part["seconds"] / int(size),
            "place": place,
        }
        for size, of_size in stored.items()
        for place, part in enumerate(of_size["parts"])
        if not part["name"].startswith(("whole path", "a "))
    ]
    names = list(dict.fromkeys(bar["part"] for bar in bars))
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            x=alt.X("milliseconds:Q", title="milliseconds per ticket", stack="zero"),
            y=alt.Y("what:N", title=None, sort=["whole path", "bare DuckDB"]),
            color=alt.Color("part:N", title=None, sort=names, scale=alt.Scale(scheme="tableau20")),
            order=alt.Order("place:Q"),
            row=alt.Row("tickets:N", title="tickets", sort=alt.EncodingSortField("size")),
        )
        .properties(width=620, height=50)
    )
    chart.save(PLOT)


def _command() -> str:
    return str(Path(sys.executable).with_name("aftersales"))


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        print(json.dumps({**execute_bare(Path(sys.argv[2])), "peak_kilobytes": peak_kilobytes()}))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
