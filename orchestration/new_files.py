"""The sensor that starts a build when files have arrived, changed or gone where the profile's file sources look."""

from __future__ import annotations

import hashlib
import json

import dagster as dg

from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.connectors.stores import open_store
from orchestration.extract.errors import ExtractError
from orchestration.extract.profile import Profile, load_profile
from orchestration.extract.source_models import FilesSource
from orchestration.settings import read_settings
from orchestration.workspace import find_profile, workspace_for

_SECONDS_BETWEEN_LOOKS = 60


def files_state(profile: Profile) -> str:
    """Hash names, sizes and dates of change (a store's ETags) of every file that the profile's bindings cover.

    ExtractError if a folder or a store cannot be listed.
    """
    found = []
    with Sessions() as sessions:
        for bindings in profile.feeds.values():
            for binding in bindings:
                source = profile.sources[binding.source]
                if not isinstance(source, FilesSource) or binding.path is None:
                    continue
                for entry in open_store(source, sessions).entries(binding.path):
                    tag = entry.tag or str((source.folder / entry.name).stat().st_mtime_ns)
                    found.append((source.name, entry.name, entry.byte_count, tag))
    return hashlib.sha256(json.dumps(sorted(found)).encode()).hexdigest()


def new_files_sensor(job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """A sensor that requests `job` once what lies there differs from what was last built and has come to rest.

    Files that still change from look to look are being written: the build waits for them.
    """

    @dg.sensor(
        name="new_files",
        job=job,
        minimum_interval_seconds=_SECONDS_BETWEEN_LOOKS,
        description="Builds when files have arrived, changed or gone, as soon as none of them changes any more.",
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        settings = read_settings()
        profile_file = find_profile(settings.profile)
        root = workspace_for(profile_file, settings.data_dir).root
        try:
            now = files_state(load_profile(profile_file, settings.environment, profile_data=root))
        except (ExtractError, OSError) as error:
            return dg.SensorResult(skip_reason=str(error))
        before = json.loads(context.cursor) if context.cursor else {"built": now, "seen": now}
        if now == before["built"]:
            return dg.SensorResult(skip_reason="no new files", cursor=json.dumps({"built": now, "seen": now}))
        if now != before["seen"]:
            return dg.SensorResult(
                skip_reason="files are arriving", cursor=json.dumps({"built": before["built"], "seen": now})
            )
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=now)], cursor=json.dumps({"built": now, "seen": now})
        )

    return new_files
