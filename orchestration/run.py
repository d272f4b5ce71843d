"""Run the whole job in this process and say, in words, why it stopped if it did."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import sqlalchemy as sa

from orchestration.definitions import JOB_NAME, defs
from orchestration.run_reasons import is_interrupted, reasons_of

log = logging.getLogger("aftersales")
_LITTLE_SPACE = 10_000_000  # bytes


def run_build(dbt_log: Path, config: Mapping[str, str | bool]) -> str | None:
    """Execute the job; None if it published or nothing is new, else what stopped it. `config` is BuildResource's.

    KeyboardInterrupt if the process was asked to end; the steps have closed what they held.

    DAGSTER_HOME must be set: the web interface then shows the run. dbt's own words, two lines per model and test, go to
    `dbt_log`.
    """
    start = time.monotonic()
    job = defs.resolve_job_def(JOB_NAME)
    try:
        result = _execute(job, dbt_log, config)
    except (OSError, sa.exc.OperationalError) as error:
        # A full disk stops Dagster's own book-keeping too: then no event says why.
        return f"not published.\n{_unwritten(error, os.environ['DAGSTER_HOME'])}"
    if is_interrupted(result.all_events):
        raise KeyboardInterrupt
    log.info("%s after %.1f s", "done" if result.success else "stopped", time.monotonic() - start)
    return None if result.success else "not published.\n" + "\n".join(reasons_of(result.all_events))


def _unwritten(error: OSError | sa.exc.OperationalError, folder: str) -> str:
    said = f"{getattr(error, 'orig', error)}, while writing to {folder}"
    # SQLite calls some writes to a full disk an I/O error.
    free = shutil.disk_usage(folder).free
    return f"{said}: the disk is full, {free:,} bytes are free" if free < _LITTLE_SPACE else said


def _execute(job: dg.JobDefinition, dbt_log: Path, config: Mapping[str, str | bool]) -> dg.ExecuteInProcessResult:
    with (
        dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance,
        dbt_log.open("w", encoding="utf-8") as words,
        contextlib.redirect_stdout(words),
    ):
        return job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {"build": {"config": dict(config)}},
            },
        )
