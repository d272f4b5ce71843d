"""What each step of a build took: seconds, processor time, memory, rows. Kept in meta.steps and the build's log."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from orchestration.build_log import BuildLog
from orchestration.duckdb_files import attach, insert_rows, quote_identifier, scratch_of
from orchestration.engine import connect
from orchestration.instants import now, stored

StepKind = Literal["prepare", "extract", "inputs", "gate", "models", "model", "lineage", "publish"]

# Builds whose steps a version remembers, itself included.
KEPT_BUILDS = 30

_BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Step:
    """One row of meta.steps after its build_id, in the order of its columns; started_at is aware.

    cpu_seconds are those of this process and of children that ended in the step; peak_memory_bytes the most that this
    process had held by its end (kind `models`: the largest of its children, dbt).
    """

    step: str
    kind: StepKind
    started_at: datetime
    seconds: float
    cpu_seconds: float | None
    peak_memory_bytes: int | None
    rows_in: int | None
    rows_out: int | None
    rejected_count: int | None


@dataclass
class Rows:
    """What the step says of its rows, where it has any."""

    rows_in: int | None = None
    rows_out: int | None = None
    rejected_count: int | None = None


def cpu_seconds() -> float:
    """Processor time of this process and of its children that ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_memory_bytes(*, children: bool = False) -> int:
    """The most memory that this process has held, or the largest of its children that ended."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss * _BYTES_PER_MAXRSS


@dataclass
class Steps:
    """The steps of a build so far; each is told to its log."""

    log: BuildLog
    finished: list[Step] = field(default_factory=list)
    _cpu_before: float = field(default_factory=cpu_seconds)

    @contextmanager
    def measure(self, step: str, kind: StepKind) -> Iterator[Rows]:
        """Measure the block as `step`; a block that raises is told, and not kept."""
        rows = Rows()
        outer, self.log.step = self.log.step, step
        started_at, clock, cpu = now(), time.monotonic(), cpu_seconds()
        self.log.note("step_started", f"{step} started", kind=kind)
        try:
            yield rows
        except BaseException as error:
            seconds = time.monotonic() - clock
            # What it says may quote rows; the step's own message, cleaned, tells it.
            self.log.note("step_failed", f"{step} failed", kind=kind, error=type(error).__name__, seconds=seconds)
            raise
        else:
            done = Step(
                step,
                kind,
                started_at,
                time.monotonic() - clock,
                cpu_seconds() - cpu,
                peak_memory_bytes(children=kind == "models"),
                rows.rows_in,
                rows.rows_out,
                rows.rejected_count,
            )
            self.finished.append(done)
            self.log.note(
                "step_ended",
                f"{step} ended after {done.seconds:.1f} s",
                kind=kind,
                seconds=done.seconds,
                cpu_seconds=done.cpu_seconds,
                peak_memory_bytes=done.peak_memory_bytes,
                rows_in=done.rows_in,
                rows_out=done.rows_out,
                rejected=done.rejected_count,
            )
        finally:
            self.log.step = outer

    def add_models(self, results: Sequence[Mapping[str, Any]], row_counts: Mapping[str, int]) -> None:
        """Keep what dbt's run_results.json says of each model; `row_counts` knows the rows of tables."""
        for result in results:
            kind, _, name = result["unique_id"].split(".", 2)
            executed = [each for each in result["timing"] if each["name"] == "execute"]
            if kind != "model" or not executed:
                continue
            started_at = datetime.fromisoformat(executed[0]["started_at"].replace("Z", "+00:00")).astimezone(UTC)
            seconds, rows = result["execution_time"], row_counts.get(name)
            self.finished.append(Step(name, "model", started_at, seconds, None, None, None, rows, None))
            self.log.note("model_built", f"{name} built in {seconds:.2f} s", model=name, seconds=seconds, rows=rows)

    def last(self, step: str) -> Step:
        """The newest finished run of `step`."""
        return next(each for each in reversed(self.finished) if each.step == step)

    @property
    def totals(self) -> dict[str, float | int]:
        """What meta.builds says of the build so far."""
        extracted = [each for each in self.finished if each.kind == "extract"]
        return {
            "cpu_seconds": cpu_seconds() - self._cpu_before,
            "peak_memory_bytes": peak_memory_bytes(),
            "models_peak_memory_bytes": peak_memory_bytes(children=True),
            "delivered_count": sum(each.rows_in or 0 for each in extracted),
            "rejected_count": sum(each.rejected_count or 0 for each in extracted),
        }


def metadata_of(step: Step) -> dict[str, float | int]:
    """What Dagster's metadata says of a step, beside what its asset says itself."""
    found = {
        "seconds": step.seconds,
        "cpu_seconds": step.cpu_seconds,
        "peak_memory_bytes": step.peak_memory_bytes,
    }
    return {name: round(value, 3) for name, value in found.items() if value is not None}


def count_rows(build_file: Path) -> dict[str, int]:
    """Rows of every table that dbt made in the files of a build, by name; nobody may have them open."""
    with connect() as con:
        attach(con, build_file, "build", read_only=True)
        attach(con, scratch_of(build_file), "scratch", read_only=True)
        tables = con.execute(
            "select database_name, schema_name, table_name from duckdb_tables() "
            "where database_name in ('build', 'scratch') and schema_name != 'meta' order by all"
        ).fetchall()
        counts = {}
        for names in tables:
            relation = ".".join(map(quote_identifier, names))
            counts[names[-1]] = con.execute(f"select count(*) from {relation}").fetchall()[0][0]  # noqa: S608 - quoted
        return counts


def write_steps(build_file: Path, build_id: str, steps: Steps, previous: Path | None) -> None:
    """Write meta.steps, with those of the newest builds of `previous`, and the totals into meta.builds."""
    with connect() as con:
        attach(con, build_file, "build")
        con.begin()
        con.execute("delete from build.meta.steps")
        if previous is not None:
            attach(con, previous, "previous", read_only=True)
            _carry_over(con)
        rows = [(build_id, *astuple(each)[:2], stored(each.started_at), *astuple(each)[3:]) for each in steps.finished]
        insert_rows(con, "build.meta.steps", rows)
        con.execute(
            """
            update build.meta.builds
            set
                cpu_seconds = $cpu_seconds, peak_memory_bytes = $peak_memory_bytes,
                models_peak_memory_bytes = $models_peak_memory_bytes, delivered_count = $delivered_count,
                rejected_count = $rejected_count
            where build_id = $build_id
            """,
            {"build_id": build_id, **steps.totals},
        )
        con.commit()
        con.execute("checkpoint build")


def _carry_over(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = 'previous' and schema_name = 'meta' and table_name = 'steps'"
    ).fetchall()
    if found[0][0]:
        con.execute(
            """
            insert into build.meta.steps by name
            from previous.meta.steps
            where build_id in (
                select distinct build_id from previous.meta.steps order by build_id desc limit ?
            )
            """,
            [KEPT_BUILDS - 1],
        )
