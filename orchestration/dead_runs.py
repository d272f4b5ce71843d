"""Runs that Dagster believes to be executing, but whose process died without a word: by a kill, or with the machine."""

from __future__ import annotations

import dagster as dg

from orchestration.lock import BuildLockedError, hold_build_lock
from orchestration.workspace import Workspace

_CLAIMS_TO_EXECUTE = (
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


def fail_dead_runs(instance: dg.DagsterInstance, own_run_id: str = "") -> list[str]:
    """Say of every run that claims to execute that it failed, and free its slots in pools; return their ids.

    Call it while holding the build lock, as the run `own_run_id` or as none: then no other run executes. Dagster itself
    lets such a run stand for ever after a restart of the machine, and whoever waits for its slot with it.
    """
    dead = [
        run for run in instance.get_runs(dg.RunsFilter(statuses=list(_CLAIMS_TO_EXECUTE))) if run.run_id != own_run_id
    ]
    for run in dead:
        instance.report_run_failed(run, "The process of this run ended without reporting; found out afterwards.")
        if instance.event_log_storage.supports_global_concurrency_limits:
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]


def fail_runs_of_dead_processes(workspace: Workspace, instance: dg.DagsterInstance) -> list[str]:
    """The same before anything runs, as when Dagster's services start; nothing is done while a build holds the lock."""
    try:
        with hold_build_lock(workspace.lock_file, {"doing": "closing runs of processes that died"}):
            return fail_dead_runs(instance)
    except BuildLockedError:
        return []
