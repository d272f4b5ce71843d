"""What is worked out once is found again; what it depends on, and damage, are noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.versions.remembered import Row, code_hash, remembered

ROWS: list[Row] = [["k", "raw", None]]


class Work:
    """Gives rows, and counts how often it was asked."""

    def __init__(self, rows: list[Row] = ROWS) -> None:
        self.rows, self.times = rows, 0

    def __call__(self) -> list[Row]:
        self.times += 1
        return self.rows


def test_work_is_done_once_for_what_is_given(tmp_path: Path) -> None:
    work = Work()
    for _ in range(3):
        assert remembered(tmp_path / "new", "rows", {"sql": "select 1"}, work) == ROWS
    assert work.times == 1
    other = Work([["other", None]])
    assert remembered(tmp_path / "new", "rows", {"sql": "select 2"}, other) == other.rows
    assert (work.times, other.times) == (1, 1)


@pytest.mark.parametrize("damage", ["", "{", '{"key": "another", "rows": []}', "[]", "null"])
def test_a_damaged_file_is_not_believed(damage: str, tmp_path: Path) -> None:
    remembered(tmp_path, "rows", 1, Work())
    (file,) = tmp_path.iterdir()
    file.write_text(damage)
    work = Work()
    assert remembered(tmp_path, "rows", 1, work) == ROWS
    assert work.times == 1
    assert json.loads(file.read_text())["rows"] == ROWS


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert remembered(tmp_path / "file", "rows", 1, Work()) == ROWS


def test_old_ones_are_deleted(tmp_path: Path) -> None:
    for given in range(40):
        remembered(tmp_path, "rows", given, Work())
    assert len(list(tmp_path.iterdir())) == 16


def test_the_hash_follows_the_code(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1")
    before = code_hash(file)
    file.write_text("x = 2")
    assert code_hash(file) != before
