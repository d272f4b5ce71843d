"""Dagster's log of events, kept open: the same files, the same content."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import psutil
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration import workspace
from orchestration.event_storage import OpenEventLogStorage


@dg.asset
def answer() -> int:
    return 42


def run_once(home: Path) -> str:
    """Materialize one asset with the shipped configuration; the run's id."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert isinstance(instance.event_log_storage, OpenEventLogStorage)
        result = dg.materialize([answer], instance=instance)
        assert result.success
        return result.run_id


def open_files(folder: Path) -> list[str]:
    return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(folder))]


def make_home(folder: Path, monkeypatch: object) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(folder))  # type: ignore[attr-defined]
    shutil.copyfile(Path(workspace.__file__).with_name("dagster.yaml"), folder / "dagster.yaml")
    return folder


def test_the_stock_storage_reads_what_was_kept_open(tmp_path: Path, monkeypatch: object) -> None:
    home = make_home(tmp_path, monkeypatch)
    run_id = run_once(home)
    stock = SqliteEventLogStorage(str(home / "history" / "runs"))
    kinds = [entry.dagster_event_type for entry in stock.get_logs_for_run(run_id)]
    assert dg.DagsterEventType.ASSET_MATERIALIZATION in kinds
    assert kinds[-1] == dg.DagsterEventType.RUN_SUCCESS
    (record,) = stock.get_asset_records([answer.key])
    materialization = record.asset_entry.last_materialization
    assert materialization is not None
    assert materialization.run_id == run_id


def test_nothing_stays_open_after_the_run(tmp_path: Path, monkeypatch: object) -> None:
    home = make_home(tmp_path, monkeypatch)
    run_once(home)
    assert open_files(home) == []
    assert list(home.glob("history/runs/*-wal")) == []


def test_old_runs_are_closed_and_still_read(tmp_path: Path, monkeypatch: object) -> None:
    home = make_home(tmp_path, monkeypatch)
    runs = [run_once(home) for _ in range(6)]
    storage = OpenEventLogStorage(str(home))
    try:
        for run_id in [*runs, *runs]:
            assert len(storage.get_logs_for_run(run_id)) > 5
            assert len({path for path in open_files(home) if path.endswith(".db")}) <= 4
    finally:
        storage.dispose()
    assert open_files(home) == []
