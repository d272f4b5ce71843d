"""One build of one company, from taking the lock to letting it go: who it is, its as-of, its private file."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from orchestration.archive.settling import check_ingest, settle
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file
from orchestration.extract.contract import Feed, read_contract
from orchestration.extract.landing import prepare_ingest
from orchestration.extract.profile import Profile, load_profile
from orchestration.extract.secret_texts import SecretTexts, secrets_of
from orchestration.forget.journal import finish
from orchestration.instants import now
from orchestration.lock import hold_build_lock
from orchestration.orphans import end_orphans
from orchestration.settings import Settings
from orchestration.versions.store import newest_sound_version
from orchestration.workspace import Workspace, find_profile, workspace_for

log = logging.getLogger("aftersales")


@dataclass(frozen=True)
class Build:
    """A build that holds the lock. `file` is private to it; dbt writes there, readers never open it. `previous` is the
    version that it is compared with: the served one, or the newest sound one where that is damaged."""

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

    @property
    def is_restated(self) -> bool:
        """Whether it is built from what the archive knew at an instant: then nothing is landed."""
        return self.settings.known_at is not None

    @property
    def dbt_environment(self) -> dict[str, str]:
        """What dbt_project/profiles.yml reads, and what marks a dbt process as this build's."""
        return {
            "AFTERSALES_BUILD_FILE": str(self.file),
            "AFTERSALES_INGEST_FILE": str(self.workspace.ingest_file),
            "AFTERSALES_TIME_ZONE": self.profile.time_zone,
            "AFTERSALES_PRIVACY": self.profile.privacy.as_setting(),
            "AFTERSALES_THREADS": str(self.settings.threads),
        }


@contextmanager
def open_build(settings: Settings, run_id: str) -> Iterator[Build]:
    """Take the lock, clear what a killed build left, and make this build's file; let the lock go at the end.

    run_id: unique name of the run; its first eight characters end the build id. Raises BuildLockedError,
    UnknownProfileError or ProfileError before anything is written.
    """
    profile_file = find_profile(settings.profile)
    workspace = workspace_for(profile_file, settings.data_dir)
    profile = load_profile(profile_file, settings.environment, profile_data=workspace.root)
    if settings.known_at:
        workspace = workspace.restated(settings.known_at)
    started_at = now()
    build_id = f"{started_at:%Y%m%dT%H%M%SZ}_{run_id[:8]}"
    secrets = secrets_of(profile, settings.environment)
    with (
        hold_build_lock(workspace.lock_file, {"build": build_id, "started_at": started_at.isoformat()}),
        secrets.kept_out_of(log),
    ):
        for pid in end_orphans(workspace.builds_dir):
            log.warning("ended process %s, left behind by a build that was killed", pid)
        if finish(workspace.root, workspace.published_dir):
            log.warning("an act of forgetting that was killed is finished")
        if workspace.builds_dir.exists():
            shutil.rmtree(workspace.builds_dir)
        build_dir = workspace.builds_dir / build_id
        build_dir.mkdir(parents=True)
        build = Build(
            build_id=build_id,
            as_of=settings.as_of or profile.as_of or settings.known_at or started_at,
            started_at=started_at,
            settings=settings,
            profile=profile,
            workspace=workspace,
            contract=read_contract(),
            file=build_dir / "build.duckdb",
            previous=newest_sound_version(workspace.published_dir, log.warning),
            secrets=secrets,
        )
        workspace.ingest_file.parent.mkdir(parents=True, exist_ok=True)
        if not build.is_restated:
            check_ingest(workspace.ingest_file, workspace.archive_dir)
        prepare_ingest(workspace.ingest_file, build.contract)
        if not build.is_restated:
            settle(workspace.ingest_file, workspace.archive_dir, build.contract, log.info)
        create_build_file(
            build.file,
            BuildRecord(
                build_id=build_id,
                as_of=build.as_of,
                started_at=started_at,
                code_version=version("aftersales"),
                profile_name=profile.name,
                profile_hash=profile.fingerprint,
            ),
            CompanyRecord(profile.title_en, profile.title_zh, profile.time_zone, profile.currency),
            previous=build.previous,
        )
        log.info("build %s of %s, as of %s", build_id, profile.name, build.as_of.isoformat())
        yield build
