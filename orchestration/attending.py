"""Who watches a build from taking the lock to letting it go: its log, its steps, how it ended, whom to alert."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from orchestration.alerts.raising import Ended, Raiser
from orchestration.build_log import ENDED, BuildLog, find_dead_build, said, write_build_log
from orchestration.extract.profile import Profile
from orchestration.extract.secret_texts import SecretTexts
from orchestration.settings import Settings
from orchestration.steps import Steps
from orchestration.versions.store import version_file
from orchestration.workspace import Workspace

log = logging.getLogger("aftersales")


@dataclass(frozen=True)
class Verdict:
    """How a build ended that published nothing; partial: somebody ran a part of the job, and none of it failed.

    `steps` failed, in order; `reason` is for people.
    """

    outcome: Literal["failed", "stopped", "partial"]
    reason: str
    steps: tuple[str, ...] = ()


@dataclass
class Watch:
    """What is known of a running build.

    late: each feed that was landed, and why its newest row is too old, or None where it is not. standing: the served
    version, where nothing is new. `find_out` tells why a build published nothing, where it was not an error of its own.
    """

    log: BuildLog
    steps: Steps
    late: dict[str, str | None] = field(default_factory=dict)
    standing: Path | None = None
    find_out: Callable[[], Verdict] | None = None


@contextmanager
def attend(
    build_id: str,
    started_at: datetime,
    settings: Settings,
    profile: Profile,
    workspace: Workspace,
    secrets: SecretTexts,
) -> Iterator[Watch]:
    """Watch the block, which is the whole build; call it while holding the build lock. It never fails the build."""
    dead, tick = find_dead_build(workspace.logs_dir), time.monotonic()
    if dead and version_file(workspace.published_dir, dead.build_id).exists():
        dead = None  # it had done its work
    with write_build_log(workspace.logs_dir, build_id, secrets, keep=settings.keep_logs) as build_log:
        # Nobody waits for the numbers of another day.
        alerts = None if settings.known_at else Raiser(profile, workspace.alert_ledger, secrets, build_id, started_at)
        if dead is not None:
            log.warning(
                "build %s before this one was killed; its log ends at %s in step %s",
                dead.build_id,
                dead.last_at,
                dead.step or "none",
                extra=said("previous_build_died", died=dead.build_id, last_at=dead.last_at, died_in=dead.step),
            )
            if alerts:
                alerts.died(dead)
        watch = Watch(build_log, Steps(build_log))
        failure: BaseException | None = None
        try:
            yield watch
        except BaseException as error:
            failure = error
            raise
        finally:
            ended = _how_it_ended(watch, build_id, version_file(workspace.published_dir, build_id), failure)
            try:
                if alerts:
                    alerts.ended(ended, workspace.builds_dir / build_id / "build.duckdb")
            finally:
                _tell_end(watch, ended, round(time.monotonic() - tick, 3))


def _tell_end(watch: Watch, ended: Ended, seconds: float) -> None:
    watch.log.note(
        ENDED,
        f"build {ended.outcome}",
        level=logging.ERROR if ended.outcome == "failed" else logging.INFO,
        outcome=ended.outcome,
        failed_steps=ended.steps,
        # The first line; meta.gates and Dagster have the rest.
        reason=ended.reason.partition("\n")[0] or None,
        seconds=seconds,
        version_bytes=ended.version.stat().st_size if ended.version else None,
        **watch.steps.totals,
    )


def _how_it_ended(watch: Watch, build_id: str, version: Path, failure: BaseException | None) -> Ended:
    if version.exists():
        return Ended(build_id, "published", (), "", version, watch.late)
    if failure is None and watch.standing:
        return Ended(build_id, "unchanged", (), "nothing is new", watch.standing, watch.late)
    if isinstance(failure, KeyboardInterrupt | GeneratorExit):
        return Ended(build_id, "stopped", (), "stopped on request", None, watch.late)
    if failure is not None:
        return Ended(build_id, "failed", (type(failure).__name__,), str(failure), None, watch.late)
    verdict = watch.find_out() if watch.find_out else Verdict("failed", "nothing was published")
    return Ended(build_id, verdict.outcome, verdict.steps, verdict.reason, None, watch.late)
