"""Every connection of a process keeps to the limits that its settings give."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.engine import EngineLimits, clear_spills, connect, engine_config, limit_engine
from tests.company import ROOT, Company

ASKED = "select current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory')"


@pytest.fixture
def limits(tmp_path: Path) -> EngineLimits:
    limits = EngineLimits("300MB", 1, tmp_path / "spill")
    limit_engine(limits)
    return limits


def test_connections_keep_to_the_limits(limits: EngineLimits, tmp_path: Path) -> None:
    with connect() as one, connect() as other, connect(tmp_path / "some.duckdb") as file:
        (memory, threads, spill), (_, _, other_spill), (file_memory, _, file_spill) = (
            con.execute(ASKED).fetchone() for con in (one, other, file)
        )
    assert (memory, threads, file_memory) == ("286.1 MiB", 1, "286.1 MiB")
    assert {Path(spill).parent, Path(other_spill).parent} == {limits.spill_dir}
    assert spill != other_spill
    assert file_spill == f"{tmp_path / 'some.duckdb'}.tmp"


def test_what_does_not_fit_is_spilled_and_gone_afterwards(limits: EngineLimits) -> None:
    with connect() as con:
        con.execute("create table t as select range as n, md5(range::varchar) as text from range(12_000_000)")
        assert any(limits.spill_dir.rglob("*.tmp"))
        assert con.execute("select count(distinct text) from t").fetchone() == (12_000_000,)
    assert not any(limits.spill_dir.rglob("*.tmp"))


def test_without_limits_the_engine_has_its_own(tmp_path: Path) -> None:
    assert engine_config() == {}
    with connect(tmp_path / "some.duckdb") as con, duckdb.connect() as plain:
        assert con.execute(ASKED).fetchone()[:2] == plain.execute(ASKED).fetchone()[:2]


def test_spills_of_the_dead_are_removed_and_of_the_living_kept(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getpid()):
        (tmp_path / f"{pid}_0").mkdir()
    clear_spills(tmp_path)
    assert [left.name for left in tmp_path.iterdir()] == [f"{os.getpid()}_0"]
    clear_spills(tmp_path / "nowhere")


def test_dbt_keeps_to_the_memory_of_the_build(sample_company: Company, tmp_path: Path) -> None:
    build_file = sample_company.unpublish(tmp_path)
    project = ROOT / "dbt_project"
    shown = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "--log-level-file", "none", "show"),
            *("--inline", "select current_setting('memory_limit') as held", "--output", "json"),
            *("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(tmp_path)),
        ],
        env={
            **os.environ,
            **EngineLimits("300MB", 1, tmp_path).as_variables(),
            "AFTERSALES_BUILD_FILE": str(build_file),
            "AFTERSALES_INGEST_FILE": str(sample_company.root / "ingest" / "ingest.duckdb"),
            "AFTERSALES_TIME_ZONE": "Asia/Shanghai",
            "AFTERSALES_PRIVACY": "direct=hidden",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(shown.stdout)["show"] == [{"held": "286.1 MiB"}]
