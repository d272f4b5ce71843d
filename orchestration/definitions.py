"""Dagster's code location: feeds → gate 1 → models → gate 2 → published file, in one process, nightly."""

from __future__ import annotations

import dagster as dg

from orchestration.extract.contract import read_contract
from orchestration.extract.profile import load_profile
from orchestration.feed_assets import build_inputs_asset, feed_assets
from orchestration.gate_checks import gate_1_check, gate_2_check
from orchestration.manifest import mart_specs, models_in, read_manifest
from orchestration.new_files import new_files_sensor
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
        JOB_NAME, description="Extract, check, model, check and publish.", executor_def=dg.in_process_executor
    )
    nightly = dg.ScheduleDefinition(
        name="nightly", job=job, cron_schedule="0 2 * * *", execution_timezone=_time_zone(read_settings())
    )
    return dg.Definitions(
        assets=[
            *feed_assets(contract),
            build_inputs_asset(contract),
            models,
            published_asset(list(mart_keys.values())),
        ],
        asset_checks=[gate_1_check(contract, marts), gate_2_check(marts, mart_keys)],
        resources={"build": BuildResource(), "dbt": dbt_resource()},
        jobs=[job],
        schedules=[nightly],
        sensors=[new_files_sensor(job)],
        executor=dg.in_process_executor,
    )


defs = _definitions()
