"""Run the whole job in this process and say, in words, why it stopped if it did."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from orchestration.definitions import JOB_NAME, defs

log = logging.getLogger("aftersales")


def run_build(dbt_log: Path, backfill: Mapping[str, str] | None = None) -> str | None:
    """Execute the job; None if it published, else what stopped it. `backfill` is configuration of BuildResource.

    KeyboardInterrupt if the process was asked to end; the steps have closed what they held.

    DAGSTER_HOME must be set: the web interface then shows the run. dbt's own words, two lines per model and test, go to
    `dbt_log`.
    """
    start = time.monotonic()
    job = defs.resolve_job_def(JOB_NAME)
    with (
        dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance,
        dbt_log.open("w", encoding="utf-8") as words,
        contextlib.redirect_stdout(words),
    ):
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {"build": {"config": dict(backfill or {})}},
            },
        )
    if _is_interrupted(result):
        raise KeyboardInterrupt
    log.info("%s after %.1f s", "done" if result.success else "stopped", time.monotonic() - start)
    return None if result.success else _reasons(result)


def _is_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    interruption = dg.DagsterExecutionInterruptedError.__name__
    errors = [
        event.step_failure_data.error
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.STEP_FAILURE
    ]
    return any(error is not None and error.cls_name == interruption for error in errors)


def _reasons(result: dg.ExecuteInProcessResult) -> str:
    gates: list[str] = []
    steps: list[str] = []
    for event in result.all_events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
                name = evaluation.asset_key.to_user_string()
                gates.append(f"{evaluation.check_name} on {name}:\n{evaluation.description or 'failed'}")
        elif event.event_type == dg.DagsterEventType.STEP_FAILURE:
            steps.append(f"{event.step_key}: {_root_message(event.step_failure_data.error)}")
    # A red gate fails its step too, with fewer words; only a run that never reached a step says so by its last event.
    reasons = gates or steps or [_failure(event) for event in result.all_events if event.is_failure]
    return "not published.\n" + "\n".join(reasons)


def _failure(event: dg.DagsterEvent) -> str:
    error = getattr(event.event_specific_data, "error", None)
    return _root_message(error) if error else event.message or "the run failed without a word"


def _root_message(error: object) -> str:
    # Dagster wraps the error of a step; its innermost cause is what the user can act on.
    while (cause := getattr(error, "cause", None)) is not None:
        error = cause
    return str(getattr(error, "message", error)).strip()
