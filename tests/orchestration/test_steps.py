"""What each step took is measured, kept for the next versions, and bounded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.build_log import BuildLog, write_build_log
from orchestration.duckdb_files import scratch_of
from orchestration.extract.secret_texts import SecretTexts
from orchestration.instants import now
from orchestration.steps import KEPT_BUILDS, Steps, count_rows, write_steps


@pytest.fixture
def build_log(tmp_path: Path) -> Iterator[BuildLog]:
    with write_build_log(tmp_path / "logs", "b1", SecretTexts(), keep=5) as handler:
        yield handler


def build_file(path: Path, build_id: str, previous: Path | None = None) -> Path:
    record = BuildRecord(build_id, now(), now(), "1", "code", "sample", "hash")
    create_build_file(path, record, CompanyRecord("", "", "UTC", "EUR"), previous=previous)
    return path


def test_a_step_is_measured_with_its_rows(build_log: BuildLog) -> None:
    steps = Steps(build_log)
    with steps.measure("extract:calls", "extract") as rows:
        rows.rows_in, rows.rows_out, rows.rejected_count = 10, 8, 2
        assert build_log.step == "extract:calls"
        sum(number * number for number in range(2_000_000))
    step = steps.last("extract:calls")
    assert build_log.step is None
    assert (step.rows_in, step.rows_out, step.rejected_count) == (10, 8, 2)
    assert step.cpu_seconds is not None
    assert step.cpu_seconds > 0.01
    assert step.seconds > 0.01
    assert step.peak_memory_bytes is not None
    assert 1e7 < step.peak_memory_bytes < 1e11
    assert steps.totals["delivered_count"] == 10
    assert steps.totals["rejected_count"] == 2


def test_the_processor_time_of_children_counts_and_their_memory_is_their_own(build_log: BuildLog) -> None:
    steps = Steps(build_log)
    work = "x = bytearray(300_000_000); sum(n * n for n in range(3_000_000))"
    with steps.measure("models", "models"):
        subprocess.run([sys.executable, "-c", work], check=True)
    step = steps.last("models")
    assert step.cpu_seconds is not None
    assert step.cpu_seconds > 0.05
    assert step.peak_memory_bytes is not None
    assert step.peak_memory_bytes > 3e8


def test_a_step_that_fails_is_told_and_not_kept(build_log: BuildLog) -> None:
    steps = Steps(build_log)
    with pytest.raises(RuntimeError), steps.measure("gate_1", "gate"):
        raise RuntimeError("row: Zoraida")
    assert steps.finished == []
    assert build_log.step is None
    text = build_log.path.read_text()
    assert '"step_failed"' in text
    assert '"error": "RuntimeError"' in text
    assert "Zoraida" not in text


def test_steps_are_carried_from_version_to_version_and_bounded(build_log: BuildLog, tmp_path: Path) -> None:
    previous = None
    for number in range(KEPT_BUILDS + 3):
        build_id = f"b{number:03}"
        steps = Steps(build_log)
        with steps.measure("gate_1", "gate"):
            pass
        path = build_file(tmp_path / f"{build_id}.duckdb", build_id, previous)
        write_steps(path, build_id, steps, previous)
        before, previous = previous, path
    assert previous is not None
    write_steps(previous, build_id, steps, before)  # again: no row twice
    with duckdb.connect(str(previous)) as con:
        kept = con.execute("select build_id, count(*) from meta.steps group by all order by all").fetchall()
        assert kept == [(f"b{number:03}", 1) for number in range(3, KEPT_BUILDS + 3)]
        (cpu, memory) = con.execute(
            "select cpu_seconds, peak_memory_bytes from meta.builds order by build_id desc limit 1"
        ).fetchall()[0]
    assert cpu is not None
    assert memory > 1e7


def test_a_version_of_an_older_release_has_no_steps_to_carry(build_log: BuildLog, tmp_path: Path) -> None:
    older = build_file(tmp_path / "older.duckdb", "b0")
    with duckdb.connect(str(older)) as con:
        con.execute("drop table meta.steps")
        con.execute("alter table meta.builds drop column cpu_seconds")
    steps = Steps(build_log)
    with steps.measure("gate_1", "gate"):
        pass
    path = build_file(tmp_path / "newer.duckdb", "b1", older)
    write_steps(path, "b1", steps, older)
    with duckdb.connect(str(path)) as con:
        assert con.execute("select build_id, step from meta.steps").fetchall() == [("b1", "gate_1")]
        assert con.execute("select build_id, cpu_seconds is null from meta.builds order by all").fetchall() == [
            ("b0", True),
            ("b1", False),
        ]


def test_models_come_from_what_dbt_says_and_rows_from_the_file(build_log: BuildLog, tmp_path: Path) -> None:
    path = build_file(tmp_path / "b1.duckdb", "b1")
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create table marts.fct_a as from range(7); create view marts.v as select 1")
    with duckdb.connect(str(scratch_of(path))) as con:
        con.execute("create schema staging; create table staging.stg_a as from range(9)")
    rows = count_rows(path)
    assert rows == {"fct_a": 7, "stg_a": 9}
    timing = [{"name": "execute", "started_at": "2026-07-01T02:00:00.5Z"}]
    results = [
        {"unique_id": "model.aftersales.fct_a", "execution_time": 1.5, "timing": timing},
        {"unique_id": "model.aftersales.v", "execution_time": 0.1, "timing": timing},
        {"unique_id": "test.aftersales.assert_a", "execution_time": 9.0, "timing": timing},
        {"unique_id": "model.aftersales.skipped", "execution_time": 0.0, "timing": []},
    ]
    steps = Steps(build_log)
    steps.add_models(results, rows)
    assert [(each.step, each.kind, each.seconds, each.rows_out) for each in steps.finished] == [
        ("fct_a", "model", 1.5, 7),
        ("v", "model", 0.1, None),
    ]
    assert steps.finished[0].started_at == datetime(2026, 7, 1, 2, 0, 0, 500000, tzinfo=UTC)
