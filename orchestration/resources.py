"""The build as a Dagster resource: opened once for a run of the in-process executor, so the lock covers every step."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import dagster as dg
from pydantic import Field, PrivateAttr

from orchestration.attending import Verdict, Watch
from orchestration.backfill import Backfill, plan_backfill
from orchestration.build import Build, open_build
from orchestration.dead_runs import fail_dead_runs
from orchestration.extract.connectors.delivery import Sessions
from orchestration.inputs import Inputs, record_inputs
from orchestration.run_reasons import TELLING, verdict_of
from orchestration.settings import read_settings


class BuildResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # it yields itself, not nameable yet
    """Gives the steps of a run their Build, and the sources' sessions that they share.

    A run that is given a backfill reads that part of one feed's history again before anything new.
    """

    backfill_feed: str = Field(default="", description="Feed to read again; empty for none.")
    backfill_from: str = Field(default="", description="ISO day or instant from which to read again.")
    force: bool = Field(default=False, description="Build and publish also where nothing is new.")
    backfill_until: str = Field(default="", description="ISO day or instant before which to stop.")

    _build: Build | None = PrivateAttr(default=None)
    _backfill: Backfill | None = PrivateAttr(default=None)
    _inputs: Inputs | None = PrivateAttr(default=None)
    _sessions: Sessions = PrivateAttr(default_factory=Sessions)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[BuildResource]:
        """Open the build for the run; whatever a dead run left in Dagster's storage is closed first."""
        run_id = context.run.run_id if context.run else ""
        if _is_over(context.instance, run_id):
            # `dagster job execute` opens resources again to hand out the results of the run: that is no build.
            yield self
            return
        with open_build(read_settings(), run_id) as build, self._sessions, _quiet_where_nothing_is_new(build.watch):
            if context.instance is not None:
                fail_dead_runs(context.instance, run_id)
                build.watch.find_out = partial(_verdict, context.instance, run_id)
            self._build = build
            if self.backfill_feed:
                self._backfill = plan_backfill(
                    build.profile, self.backfill_feed, self.backfill_from, self.backfill_until
                )
            yield self

    @property
    def build(self) -> Build:
        """The open build."""
        if self._build is None:
            raise RuntimeError("the build is open only while a run executes")
        return self._build

    @property
    def backfill(self) -> Backfill | None:
        """What the run reads again, if anything."""
        return self._backfill

    @property
    def sessions(self) -> Sessions:
        """The open sources, each seen at one moment by every feed of the run."""
        return self._sessions

    @property
    def inputs(self) -> Inputs:
        """What was landed, written into the build's file when first asked for: no feed is read after this."""
        if self._inputs is None:
            self._sessions.close()  # a source's transaction need not last through the models
            self._inputs = record_inputs(self.build, self._backfill, force=self.force)
        return self._inputs


@contextmanager
def _quiet_where_nothing_is_new(watch: Watch) -> Iterator[None]:
    """Keep Dagster from warning that skipped steps have checked nothing: what they would check is skipped too."""
    logger = logging.getLogger("dagster._core.execution.plan.active")

    def is_told(record: logging.LogRecord) -> bool:
        return watch.standing is None or "emitted no result" not in record.getMessage()

    logger.addFilter(is_told)
    try:
        yield
    finally:
        logger.removeFilter(is_told)


def _is_over(instance: dg.DagsterInstance | None, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id) if instance is not None else None
    return run is not None and run.is_finished


def _verdict(instance: dg.DagsterInstance, run_id: str) -> Verdict:
    entries = instance.all_logs(run_id, of_type=TELLING)
    return verdict_of(entry.dagster_event for entry in entries if entry.dagster_event)
