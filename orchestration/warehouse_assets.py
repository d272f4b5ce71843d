"""The models as dbt's assets, built by one `dbt build`, and the published file.

Annotations are not postponed here: Dagster inspects that of `context`.
"""

import hashlib
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from packaging.version import Version

from orchestration.asset_keys import PUBLISHED_KEY
from orchestration.build import Build
from orchestration.build_log import said
from orchestration.data_docs import prune_data_docs
from orchestration.lake.address import LakeAddress
from orchestration.lake.serving import commit_version
from orchestration.lake.workshop import bring_back, furnish
from orchestration.manifest import (
    DBT_PROJECT_DIR,
    MANIFEST_FILE,
    models_in,
    read_manifest,
    tables_of_build,
)
from orchestration.publish import publish
from orchestration.resources import BuildResource
from orchestration.settings import Settings
from orchestration.spark.exchange import exchanged
from orchestration.steps import count_rows, write_steps
from orchestration.trust import stamp
from orchestration.versions.kpi_columns import write_kpi_columns
from orchestration.versions.lineage import write_lineage
from orchestration.versions.store import Version as PublishedVersion
from orchestration.versions.store import list_versions

log = logging.getLogger("aftersales")

# The values that a mart's column may have are declared as dbt's tests; gate 2 reads them there and judges them.
_JUDGED_BY_GATE_2 = "fqn:accepted_values_*"
# Spark runs no Python models: they are built after it, and by DuckDB (dbt_project/selectors.yml).
WITHOUT_PYTHON = ("--selector", "without_python")
ONLY_PYTHON = ("--selector", "python")


class _Translator(DagsterDbtTranslator):
    """Groups that show the flow: staging, intermediate, and the marts by their folder."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["fqn"][-2]  # type: ignore[no-any-return]


_translator = _Translator()


class _Dbt(DbtCliResource):
    """dbt's command line alone: nothing that we ask for needs an adapter in this process, or a run of `dbt --version`.
    Both are seconds of a build (docs/performance.md)."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]  # noqa: ARG002
        return None


def dbt_resource(settings: Settings) -> DbtCliResource:
    """dbt's command line on our project: of this environment or of Spark's; SparkMissingError where there is none."""
    dbt = settings.spark.dbt if settings.spark else Path(sys.executable).with_name("dbt")
    return _Dbt(
        project_dir=os.fspath(DBT_PROJECT_DIR), profiles_dir=os.fspath(DBT_PROJECT_DIR), dbt_executable=str(dbt)
    )


def mart_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """The asset key of a model of the manifest."""
    return _translator.get_asset_key(node)


@dbt_assets(manifest=MANIFEST_FILE, dagster_dbt_translator=_translator, name="models", exclude=_JUDGED_BY_GATE_2)
def models(context: dg.AssetExecutionContext, build: BuildResource, dbt: DbtCliResource) -> Iterator[Any]:
    """Build and test every selected model in one invocation; a failed test stops the run before publication.

    Unit tests judge the SQL, not the data: they run with the test suite, not with every build.
    """
    current = build.build
    steps = current.watch.steps
    results: list[Mapping[str, Any]] = []
    told: set[str] = set()

    def run(dbt: DbtCliResource, folder: str, *selected: str) -> Iterator[Any]:
        # Its events come by standard output; its log of every detail, which nobody reads, costs seconds.
        arguments = ["--log-level-file", "none", "build", "--exclude-resource-type", "unit_test", *selected]
        invocation = dbt.cli(arguments, context=context, target_path=current.file.parent / folder)
        for event in invocation.stream():
            # When as-of is, both parts of a build on Spark make; Dagster hears of each output once.
            if isinstance(event, dg.Output):
                if event.output_name in told:
                    continue
                told.add(event.output_name)
            yield event
        results.extend(invocation.get_artifact("run_results.json")["results"])

    with steps.measure("models", "models"):
        with _built_elsewhere(current), _environment(current.dbt_environment):
            yield from run(dbt, "dbt", *(() if current.settings.spark is None else WITHOUT_PYTHON))
        if current.settings.spark is not None:
            # Of the marts that came back. dbt takes a selector before what Dagster selects.
            on_duckdb = replace(current, settings=replace(current.settings, spark=None))
            with _environment(on_duckdb.dbt_environment):
                yield from run(dbt_resource(on_duckdb.settings), "dbt_python", *ONLY_PYTHON)
    rows = count_rows(current.file)
    steps.add_models(results, rows)
    kinds = Counter(result["unique_id"].split(".")[0] for result in results)
    seconds = steps.last("models").seconds
    log.info(
        "modelled: %s models built, %s tests passed (%.1f s)",
        kinds["model"],
        kinds["test"],
        seconds,
        extra=said("modelled", models=kinds["model"], tests=kinds["test"], seconds=seconds),
    )
    # dbt's own events said how long each took; how many rows there are is known when dbt has let go of the file.
    for node in models_in(read_manifest(), "marts"):
        if node["name"] in rows:
            metadata = {"dagster/row_count": rows[node["name"]]}
            context.log_event(dg.AssetObservation(asset_key=mart_key(node), metadata=metadata))


def _commit_to_lake(build: Build, lake: LakeAddress, version: PublishedVersion) -> None:
    commit = commit_version(
        lake,
        version.path,
        version.build_id,
        build.profile.name,
        keep=build.settings.keep_versions,
        kept=[each.build_id for each in list_versions(build.workspace.published_dir) if each.is_pinned],
        warn=log.warning,
    )
    if commit is not None:
        log.info("in the lake %s as snapshot %s", lake.schema, commit.snapshot, extra=said("lake", **asdict(commit)))


@contextmanager
def _built_elsewhere(current: Build) -> Iterator[None]:
    """For the block, dbt builds where the settings and the profile say, on Spark or in a lake of the build's own; on
    leaving, what it built is in the build file. Where they say nothing, it builds there at once."""
    if current.settings.spark is not None:
        with exchanged(current.file, current.workspace.ingest_file, current.spark_dir, read_manifest()):
            yield
        return
    if current.workshop is None:
        yield
        return
    furnish(current.workshop, current.file, tables_of_build(read_manifest()))
    yield
    marts = [(node["schema"], node["name"]) for node in models_in(read_manifest(), "marts")]
    bring_back(current.workshop, current.file, marts)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    # dagster-dbt hands dbt a copy of this process's environment and offers no other way in.
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def published_asset(mart_keys: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The published file: every mart, behind gate 2."""

    @dg.asset(
        key=PUBLISHED_KEY,
        deps=mart_keys,
        group_name="published",
        kinds={"duckdb"},
        # The schedule is nightly: one night missed warns, most of the next day without a build fails.
        freshness_policy=dg.FreshnessPolicy.time_window(
            warn_window=timedelta(hours=26), fail_window=timedelta(hours=40)
        ),
    )
    def warehouse(build: BuildResource) -> dg.MaterializeResult[None]:
        """The version that readers are served: marts and meta, read-only."""
        current = build.build
        steps = current.watch.steps
        memory = MANIFEST_FILE.parent / "lineage"
        with steps.measure("lineage", "lineage"):
            write_lineage(
                current.file,
                current.workspace.ingest_file,
                read_manifest(),
                current.contract,
                hashlib.sha256((DBT_PROJECT_DIR / "dbt_project.yml").read_bytes()).hexdigest(),
                memory,
            )
            run_manifest = current.file.parent / "dbt" / "manifest.json"
            write_kpi_columns(
                current.file,
                current.workspace.ingest_file,
                json.loads(run_manifest.read_text("utf-8")),
                memory,
            )
            trust = stamp(current.file, current.build_id)
        log.log(
            logging.WARNING if trust.withheld else logging.INFO,
            "%s",
            trust,
            extra=said("trust", warned=len(trust.warned), withheld=len(trust.withheld)),
        )
        with steps.measure("publish", "publish"):
            write_steps(current.file, current.build_id, steps, current.previous)
            version = publish(
                current.file,
                current.workspace.published_dir,
                current.build_id,
                published_at=current.clock.now(),
                keep=current.settings.keep_versions,
            )
        if current.lake is not None:
            with steps.measure("lake", "publish"):
                _commit_to_lake(current, current.lake, version)
        prune_data_docs(
            current.workspace.data_docs_dir, current.workspace.published_dir, keep=current.settings.keep_versions
        )
        size = version.path.stat().st_size
        log.info(
            "published %s",
            version.path,
            extra=said("published", bytes=size, seconds=steps.last("publish").seconds, **steps.totals),
        )
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(version.path)),
                "bytes": size,
                "build_seconds": round((current.clock.now() - current.started_at).total_seconds(), 3),
                **{name: round(value, 3) for name, value in steps.totals.items()},
                "build_id": version.build_id,
                "as_of": current.as_of.isoformat(),
            }
        )

    return warehouse
