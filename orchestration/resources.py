"""The build as a Dagster resource: opened once for a run of the in-process executor, so the lock covers every step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from orchestration.build import Build, open_build
from orchestration.settings import read_settings


class BuildResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # it yields itself, not nameable yet
    """Gives the steps of a run their Build."""

    _build: Build | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[BuildResource]:
        """Open the build for the run; whatever a dead run left in Dagster's storage is closed first."""
        run_id = context.run_id or ""
        with open_build(read_settings(), run_id) as build:
            if context.instance is not None:
                _fail_dead_runs(context.instance, run_id)
            self._build = build
            yield self

    @property
    def build(self) -> Build:
        """The open build."""
        if self._build is None:
            raise RuntimeError("the build is open only while a run executes")
        return self._build


def _fail_dead_runs(instance: dg.DagsterInstance, run_id: str) -> None:
    """We hold the build lock, so any other run that claims to be executing died without a word."""
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        if run.run_id != run_id:
            instance.report_run_failed(
                run, "The process of this run ended without reporting; the next build found out."
            )
