"""The history of the gates: what earlier builds found, published or not, is in the file of the next one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.results import GateReport
from orchestration.build import open_build
from orchestration.build_file import write_gate
from orchestration.gate_history import carry_gates
from orchestration.settings import read_settings
from tests.orchestration.gate_files import build_file, outcome


def builds(path: Path) -> list[tuple[str, bool]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("select build_id, is_success from meta.gates order by rowid").fetchall()


def never(message: str) -> None:
    pytest.fail(message)


def test_each_build_is_carried_once_from_the_first_that_knows_it(tmp_path: Path) -> None:
    served = build_file(tmp_path / "served.duckdb", "b1", outcome())
    failed = build_file(tmp_path / "failed.duckdb", "b1", outcome(is_success=False))
    write_gate(failed, "b2", GateReport("gate_1", (outcome(is_success=False, example_rows='[{"a": "***"}]'),), 1.0))
    new = build_file(tmp_path / "new.duckdb", "b3")
    carry_gates(new, [served, failed, tmp_path / "none.duckdb"], keep=9, warn=never)
    assert builds(new) == [("b1", True), ("b2", False)]
    with duckdb.connect(str(new), read_only=True) as con, duckdb.connect(str(failed), read_only=True) as old:
        row = "select * from meta.gates where build_id = 'b2'"
        assert con.execute(row).fetchall() == old.execute(row).fetchall()


@pytest.mark.parametrize(("keep", "left"), [(0, []), (1, ["b5"]), (3, ["b3", "b4", "b5"]), (9, ["b3", "b4", "b5"])])
def test_the_newest_builds_are_kept(keep: int, left: list[str], tmp_path: Path) -> None:
    old = build_file(tmp_path / "old.duckdb", "b3", outcome())
    for build_id in ("b5", "b4"):
        write_gate(old, build_id, GateReport("gate_1", (outcome(),), 1.0))
    new = build_file(tmp_path / "new.duckdb", "b6")
    carry_gates(new, [old], keep=keep, warn=never)
    assert [build_id for build_id, _ in builds(new)] == left


def test_a_file_of_another_release_gives_what_it_has(tmp_path: Path) -> None:
    old = build_file(tmp_path / "old.duckdb", "b1", outcome())
    with duckdb.connect(str(old)) as con:
        con.execute("alter table meta.gates drop column observed")
        con.execute("alter table meta.gates add column newer varchar")
    new = build_file(tmp_path / "new.duckdb", "b2")
    carry_gates(new, [old], keep=9, warn=never)
    assert builds(new) == [("b1", True)]


@pytest.mark.parametrize(("change", "is_kept"), [("", True), ("profile_hash", False), ("code_version", False)])
def test_examples_are_not_carried_past_a_change_of_what_is_masked(change: str, is_kept: bool, tmp_path: Path) -> None:
    """A column that the profile has since marked as personal was shown in the builds before."""
    old = build_file(tmp_path / "old.duckdb", "b1", outcome(is_success=False, example_rows='[{"a": "Zhang San"}]'))
    if change:
        with duckdb.connect(str(old)) as con:
            con.execute(f"update meta.builds set {change} = 'other'")
    new = build_file(tmp_path / "new.duckdb", "b2")
    carry_gates(new, [old], keep=9, warn=never)
    with duckdb.connect(str(new), read_only=True) as con:
        ((examples, observed),) = con.execute("select example_rows, observed from meta.gates").fetchall()
    assert (examples is not None) == is_kept
    assert observed == "1 of 3 rows"


def test_a_file_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_text("no database")
    sound = build_file(tmp_path / "sound.duckdb", "b1", outcome())
    new = build_file(tmp_path / "new.duckdb", "b2")
    told: list[str] = []
    carry_gates(new, [damaged, sound], keep=9, warn=told.append)
    assert builds(new) == [("b1", True)]
    assert len(told) == 1
    assert str(damaged) in told[0]


def test_the_file_of_a_killed_build_is_read(tmp_path: Path) -> None:
    """A build killed while dbt writes leaves a log beside its file."""
    killed = build_file(tmp_path / "killed.duckdb", "b1", outcome(is_success=False))
    script = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table t (a int)'); os._exit(9)"
    subprocess.run([sys.executable, "-c", script, str(killed)], check=False)
    assert killed.with_name("killed.duckdb.wal").exists()
    new = build_file(tmp_path / "new.duckdb", "b2")
    carry_gates(new, [killed], keep=9, warn=never)
    assert builds(new) == [("b1", False)]


def test_a_build_that_failed_is_in_the_history_of_the_next(tmp_path: Path) -> None:
    """Nothing was ever published here: three builds, each stopped by gate 1, and the history is bounded."""
    names = []
    for number in range(4):
        settings = read_settings({"AFTERSALES_DATA_DIR": str(tmp_path), "AFTERSALES_KEEP_GATE_BUILDS": "3"})
        with open_build(settings, f"{number:08}") as build:
            assert [build_id for build_id, _ in builds(build.file)] == names[-2:]
            assert [folder.name for folder in build.workspace.builds_dir.iterdir()] == [build.build_id]
            write_gate(build.file, build.build_id, GateReport("gate_1", (outcome(is_success=False),), 1.0))
            names.append(build.build_id)
