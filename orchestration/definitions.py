"""Dagster's code location: feeds → gate 1 → models → gate 2 → published file, in one process, nightly."""

from __future__ import annotations

import dagster as dg

from orchestration.extract.contract import read_contract
from orchestration.extract.profile import load_profile
from orchestration.feed_assets import build_inputs_asset, feed_assets
from orchestration.gate_checks import gate_1_check, gate_2_check
from orchestration.manifest import mart_specs, models_in, read_manifest
from orchestration.new_files import new_files_sensor
from orchestration.pack_asset import PACK_JOB_NAME, PACK_KEY, board_pack
from orchestration.resources import BuildResource
from orchestration.settings import Settings, read_settings
from orchestration.warehouse_assets import dbt_resource, mart_key, models, published_asset
from orchestration.workspace import find_profile, workspace_for

JOB_NAME = "build_warehouse"


def _time_zone(settings: Settings) -> str:
    profile_file = find_profile(settings.profile)
    profile_data = workspace_for(profile_file, settings.data_dir).root
    return load_profile(profile_file, settings.environment, profile_data=profile_data).time_zone


def _definitions() -> dg.Definitions:
    contract = read_contract()
    manifest = read_manifest()
    marts = mart_specs(manifest)
    mart_keys = {node["name"]: mart_key(node) for node in models_in(manifest, "marts")}
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(PACK_KEY),
        description="Extract, check, model, check and publish.",
        executor_def=dg.in_process_executor,
    )
    pack_job = dg.define_asset_job(
        PACK_JOB_NAME,
        selection=dg.AssetSelection.assets(PACK_KEY),
        description="Print the latest complete month of the served version.",
        executor_def=dg.in_process_executor,
    )
    settings = read_settings()
    time_zone = _time_zone(settings)
    nightly = dg.ScheduleDefinition(name="nightly", job=job, cron_schedule="0 2 * * *", execution_timezone=time_zone)
    # After the night's build, so that the month that has just ended is in it.
    monthly = dg.ScheduleDefinition(
        name="board_pack_monthly", job=pack_job, cron_schedule="0 6 1 * *", execution_timezone=time_zone
    )
    return dg.Definitions(
        assets=[
            *feed_assets(contract),
            build_inputs_asset(contract),
            models,
            published_asset(list(mart_keys.values())),
            board_pack,
        ],
        asset_checks=[gate_1_check(contract, marts), gate_2_check(marts, mart_keys)],
        resources={"build": BuildResource(), "dbt": dbt_resource(settings)},
        jobs=[job, pack_job],
        schedules=[nightly, monthly],
        sensors=[new_files_sensor(job)],
        executor=dg.in_process_executor,
    )


defs = _definitions()
