"""What a restart of the machine leaves in Dagster's storage is closed by whoever comes first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.dead_runs import fail_dead_runs, fail_runs_of_dead_processes
from orchestration.lock import hold_build_lock
from orchestration.workspace import Workspace
from tests.company import ROOT

POOL = "warehouse"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def instance(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Dagster as a company has it, with a pool of one slot that a user added."""
    workspace.dagster_home.mkdir()
    monkeypatch.setenv("DAGSTER_HOME", str(workspace.dagster_home))
    shutil.copy(ROOT / "orchestration" / "dagster.yaml", workspace.dagster_home)
    with dg.DagsterInstance.from_config(str(workspace.dagster_home)) as instance:
        instance.event_log_storage.set_concurrency_slots(POOL, 1)
        yield instance


def _run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    @dg.job
    def build() -> None: ...

    return instance.create_run_for_job(build, status=status).run_id


def _status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


@pytest.mark.parametrize("status", ["STARTING", "STARTED", "CANCELING"])
def test_a_dead_run_fails_and_gives_back_its_slot(
    workspace: Workspace, instance: dg.DagsterInstance, status: str
) -> None:
    """The next one gets the slot; runs that wait or have ended stay what they are."""
    dead = _run(instance, dg.DagsterRunStatus(status))
    waiting, ended = _run(instance, dg.DagsterRunStatus.NOT_STARTED), _run(instance, dg.DagsterRunStatus.SUCCESS)
    storage = instance.event_log_storage
    assert storage.claim_concurrency_slot(POOL, dead, "models").is_claimed
    assert not storage.claim_concurrency_slot(POOL, waiting, "models").is_claimed

    assert fail_runs_of_dead_processes(workspace, instance) == [dead]

    assert _status(instance, dead) == dg.DagsterRunStatus.FAILURE
    assert _status(instance, waiting) == dg.DagsterRunStatus.NOT_STARTED
    assert _status(instance, ended) == dg.DagsterRunStatus.SUCCESS
    assert storage.get_concurrency_info(POOL).active_run_ids == set()
    assert storage.claim_concurrency_slot(POOL, waiting, "models").is_claimed
    assert fail_runs_of_dead_processes(workspace, instance) == []


def test_who_lives_is_let_live(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    """Nothing is called dead while a build holds the lock; a build does not call itself dead."""
    alive = _run(instance, dg.DagsterRunStatus.STARTED)
    with hold_build_lock(workspace.lock_file, {"run": alive}):
        assert fail_runs_of_dead_processes(workspace, instance) == []
    assert fail_dead_runs(instance, alive) == []
    assert _status(instance, alive) == dg.DagsterRunStatus.STARTED
