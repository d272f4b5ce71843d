"""One build of one company, from taking the lock to letting it go: who it is, its as-of, its private file."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from orchestration.archive.recording import last_landing
from orchestration.archive.settling import check_ingest, settle
from orchestration.attending import Watch, attend
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.build_ids import begin_of, build_id_of
from orchestration.build_log import said
from orchestration.code_fingerprint import code_fingerprint
from orchestration.engine import clear_spills, connect, limit_engine
from orchestration.extract.contract import Feed, read_contract
from orchestration.extract.landing import prepare_ingest
from orchestration.extract.profile import Profile, load_profile
from orchestration.extract.secret_texts import SecretTexts, secrets_of
from orchestration.forget.journal import finish
from orchestration.gate_history import carry_gates
from orchestration.instants import Clock, next_instant, now
from orchestration.lake.address import LakeAddress
from orchestration.lake.workshop import open_workshop
from orchestration.lock import hold_build_lock
from orchestration.orphans import end_orphans
from orchestration.settings import Settings
from orchestration.versions.store import list_versions, newest_sound_version
from orchestration.workspace import Workspace, find_profile, workspace_for

log = logging.getLogger("aftersales")


@dataclass(frozen=True)
class Build:
    """A build that holds the lock. `file` is private to it; dbt writes there, readers never open it. `previous` is the
    version that it is compared with: the served one, or the newest sound one where that is damaged. `clock` tells the
    instants of what it lands and publishes. `workshop` is the lake in which dbt builds, where the profile has one."""

    build_id: str
    as_of: datetime
    started_at: datetime
    settings: Settings
    profile: Profile
    workspace: Workspace
    contract: dict[str, Feed]
    file: Path
    previous: Path | None
    secrets: SecretTexts
    watch: Watch
    clock: Clock
    workshop: LakeAddress | None = None

    @property
    def is_restated(self) -> bool:
        """Whether it is built from what the archive knew at an instant: then nothing is landed."""
        return self.settings.known_at is not None

    @property
    def spark_dir(self) -> Path:
        """What Spark reads and writes, where it builds the models."""
        return self.file.parent / "spark"

    @property
    def dbt_environment(self) -> dict[str, str]:
        """What dbt_project/profiles.yml reads, and what marks a dbt process as this build's."""
        spark = self.settings.spark
        return {
            "AFTERSALES_BUILD_FILE": str(self.file),
            "AFTERSALES_INGEST_FILE": str(self.workspace.ingest_file),
            "AFTERSALES_TIME_ZONE": self.profile.time_zone,
            "AFTERSALES_PRIVACY": self.profile.privacy.as_setting(),
            **self.settings.engine.as_variables(),
            **({} if self.workshop is None else {"AFTERSALES_DBT_TARGET": "lake", **self.workshop.as_environment()}),
            **(spark.as_variables(self.spark_dir) if spark else {}),
        }

    @property
    def lake(self) -> LakeAddress | None:
        """The lake that the company's readers are given. What was known at an instant is no version of it."""
        return None if self.is_restated else lake_of(self.profile)


def lake_of(profile: Profile) -> LakeAddress | None:
    """Where the profile says that the company's lake is, if it has one."""
    lake = profile.warehouse.lake
    if lake is None:
        return None
    return LakeAddress(lake.catalog.get_secret_value(), lake.schema_name, Path(lake.data_path))


@contextmanager
def open_build(settings: Settings, run_id: str) -> Iterator[Build]:
    """Take the lock, clear what a killed build left, and make this build's file; let the lock go at the end.

    run_id: unique name of the run; its first eight characters end the build id. Build ids sort as the builds began,
    also where the clock was set back. Raises BuildLockedError, UnknownProfileError or ProfileError before anything is
    written.
    """
    limit_engine(settings.engine)
    profile_file = find_profile(settings.profile)
    workspace = workspace_for(profile_file, settings.data_dir)
    profile = load_profile(profile_file, settings.environment, profile_data=workspace.root)
    if settings.known_at:
        workspace = workspace.restated(settings.known_at)
    secrets = secrets_of(profile, settings.environment)
    with (
        hold_build_lock(workspace.lock_file, {"run": run_id, "since": now().isoformat(timespec="seconds")}),
        secrets.kept_out_of(log),
    ):
        started_at = _begin(workspace)
        build_id = build_id_of(started_at, run_id)
        with attend(build_id, started_at, settings, profile, workspace, secrets) as watch, ExitStack() as stack:
            with watch.steps.measure("prepare", "prepare"):
                build = _prepare(build_id, started_at, settings, profile, workspace, secrets, watch)
                # Spark builds beside both; what it built reaches the lake as a version.
                if build.lake is not None and settings.spark is None:
                    workshop = stack.enter_context(open_workshop(build.lake, build_id, log.warning))
                    build = replace(build, workshop=workshop)
            log.info(
                "build %s of %s, as of %s",
                build_id,
                profile.name,
                build.as_of.isoformat(),
                extra=said("build_started", profile=profile.name, as_of=build.as_of, previous=build.previous),
            )
            yield build


def _begin(workspace: Workspace) -> datetime:
    """When the build begins: the clock, unless that is behind the builds that were here already.

    Versions and landings are put in order by their instants, so a clock that was set back must not make new ones old.
    """
    names = [version.build_id for version in list_versions(workspace.published_dir)]
    names += [path.stem for path in workspace.logs_dir.glob("*.jsonl")]
    begins = [begin for begin in map(begin_of, names) if begin is not None]
    clock = now()
    if begins and clock < max(begins):
        log.warning(
            "the clock of this machine says %s, but a build began here at %s; this one counts from there. Set it right",
            clock.isoformat(timespec="seconds"),
            max(begins).isoformat(timespec="seconds"),
        )
    return next_instant(clock, begins)


def _prepare(
    build_id: str,
    started_at: datetime,
    settings: Settings,
    profile: Profile,
    workspace: Workspace,
    secrets: SecretTexts,
    watch: Watch,
) -> Build:
    """Clear what a killed build left, and make this build's file."""
    for pid in end_orphans(workspace.builds_dir):
        log.warning(
            "ended process %s, left behind by a build that was killed", pid, extra=said("orphan_ended", pid=pid)
        )
    if finish(workspace.root, workspace.published_dir):
        log.warning("an act of forgetting that was killed is finished", extra=said("forgetting_finished"))
    clear_spills(settings.engine.spill_dir)
    left_behind = sorted(workspace.builds_dir.glob("*"), reverse=True)
    contract = read_contract()
    workspace.ingest_file.parent.mkdir(parents=True, exist_ok=True)
    if not settings.known_at:
        check_ingest(workspace.ingest_file, workspace.archive_dir)
    prepare_ingest(workspace.ingest_file, contract)
    build_dir = workspace.builds_dir / build_id
    build_dir.mkdir(parents=True)
    build = Build(
        build_id=build_id,
        as_of=settings.as_of or profile.as_of or settings.known_at or started_at,
        started_at=started_at,
        settings=settings,
        profile=profile,
        workspace=workspace,
        contract=contract,
        file=build_dir / "build.duckdb",
        previous=newest_sound_version(workspace.published_dir, log.warning),
        secrets=secrets,
        watch=watch,
        clock=_clock_after_landings(workspace.ingest_file, started_at),
    )
    if not build.is_restated:
        settle(workspace.ingest_file, workspace.archive_dir, contract, log.info)
    create_build_file(
        build.file,
        BuildRecord(
            build_id=build_id,
            as_of=build.as_of,
            started_at=started_at,
            code_version=version("aftersales"),
            code_fingerprint=code_fingerprint(),
            profile_name=profile.name,
            profile_hash=profile.fingerprint,
        ),
        CompanyRecord(profile.title_en, profile.title_zh, profile.time_zone, profile.currency),
        previous=build.previous,
    )
    gates_before = [build.previous, *(each / build.file.name for each in left_behind)]
    carry_gates(build.file, filter(None, gates_before), keep=settings.keep_gate_builds - 1, warn=log.warning)
    for folder in left_behind:
        shutil.rmtree(folder)
    return build


def _clock_after_landings(ingest_file: Path, started_at: datetime) -> Clock:
    """A clock that shows no instant before one at which something was landed."""
    with connect(ingest_file, read_only=True) as con:
        landing = last_landing(con)
    return Clock(started_at if landing is None else next_instant(started_at, [landing[1].replace(tzinfo=UTC)]))
