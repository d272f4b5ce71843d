"""The sensor asks for a build when files have come to rest, once for each state of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from orchestration.new_files import new_files_sensor

PROFILE = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: UTC
currency: CNY
sources:
  drops: {connector: files, root: "${PROFILE_DATA}/drops"}
feeds:
  calls:
    - {source: drops, path: "*.csv"}
"""

Look = Callable[[], dg.SensorResult]


@pytest.fixture
def drops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "desk.yml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AFTERSALES_PROFILE", str(tmp_path / "desk.yml"))
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(tmp_path))
    drops = tmp_path / "desk" / "drops"
    drops.mkdir(parents=True)
    (drops / "monday.csv").write_text("a\n1\n")
    return drops


@pytest.fixture
def look(drops: Path) -> Look:  # noqa: ARG001 - it looks there
    sensor = new_files_sensor(dg.define_asset_job("build_warehouse"))
    cursor: list[str | None] = [None]

    def look() -> dg.SensorResult:
        result = sensor(dg.build_sensor_context(cursor=cursor[0]))
        assert isinstance(result, dg.SensorResult)
        cursor[0] = result.cursor or cursor[0]
        return result

    return look


def _is_asked(result: dg.SensorResult) -> bool:
    return bool(result.run_requests)


def test_what_lies_there_at_first_is_left_to_the_schedule(look: Look) -> None:
    assert not _is_asked(look())
    assert not _is_asked(look())


def test_a_new_file_is_built_once_it_no_longer_grows(drops: Path, look: Look) -> None:
    look()
    with (drops / "tuesday.csv").open("w") as file:
        file.write("a\n")
        file.flush()
        assert not _is_asked(look())
        file.write("2\n")
    assert not _is_asked(look())
    assert _is_asked(look())
    assert not _is_asked(look())


@pytest.mark.parametrize("change", ["corrected", "gone"])
def test_a_changed_or_removed_file_is_built(drops: Path, look: Look, change: str) -> None:
    look()
    monday = drops / "monday.csv"
    if change == "gone":
        (drops / "tuesday.csv").write_text("a\n2\n")
        look(), look()
        monday.unlink()
    else:
        monday.write_text("a\n9\n")
        os.utime(monday, (1, 1))  # another date with the same size
    assert not _is_asked(look())
    assert _is_asked(look())


def test_files_of_no_binding_are_nobody_s_business(drops: Path, look: Look) -> None:
    look()
    (drops / "notes.txt").write_text("x")
    assert not _is_asked(look())
    assert not _is_asked(look())


def test_a_folder_that_cannot_be_listed_is_said_and_forgotten_when_it_is_back(drops: Path, look: Look) -> None:
    look()
    drops.rename(drops.with_name("away"))
    said = look()
    assert "there is no folder" in str(said.skip_reason)
    drops.with_name("away").rename(drops)
    assert not _is_asked(look())
