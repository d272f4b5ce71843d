"""The two gates as blocking asset checks: what fails here is neither modelled nor published."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import dagster as dg

from expectations.gate import check_limits, run_gate
from expectations.results import ExpectationOutcome
from expectations.tables import ColumnSpec, TableSpec
from orchestration.build import Build
from orchestration.build_file import read_gate, write_gate
from orchestration.build_log import said
from orchestration.data_docs import prune_data_docs, write_data_docs
from orchestration.engine import engine_config
from orchestration.extract.contract import Feed
from orchestration.extract.privacy import Privacy
from orchestration.feed_assets import feed_key
from orchestration.gate_limits import read_kpi_ids, read_limits
from orchestration.resources import BuildResource
from orchestration.versions.store import build_id_of_version

log = logging.getLogger("aftersales")

GateName = Literal["gate_1", "gate_2"]


class GateFailedError(RuntimeError):
    """A gate found data that must not go further."""


def feed_table_spec(feed: Feed, privacy: Privacy, *, is_connected: bool) -> TableSpec:
    """What gate 1 demands of a feed by its contract; its examples show of personal data what is published clear."""
    return TableSpec(
        schema_name=feed.schema,
        table_name=feed.name,
        key=feed.key,
        columns=tuple(
            ColumnSpec(
                name=c.name,
                type=c.type,
                required=c.required or c.name in feed.key,
                allowed_values=c.allowed_values,
                pii=privacy.hidden_class(c.pii),
                references=c.references,
                unit=c.unit,
            )
            for c in feed.columns
        ),
        is_connected=is_connected,
    )


def gate_1_check(contract: dict[str, Feed], marts: Sequence[TableSpec]) -> dg.AssetChecksDefinition:
    """Gate 1: the landed feeds before dbt, and the limits of both gates; `marts` are what gate 2 will look at."""
    keys = {feed.name: feed_key(feed) for feed in contract.values()}

    @dg.multi_asset_check(
        name="gate_1",
        specs=[dg.AssetCheckSpec("gate_1", asset=key, blocking=True) for key in keys.values()],
    )
    def gate_1(build: BuildResource) -> Iterator[dg.AssetCheckResult]:
        current = build.build
        if (standing := build.inputs.standing) is not None:
            # What it found of the same rows holds: nothing is judged twice.
            yield from _results("gate_1", keys, read_gate(standing, "gate_1", build_id_of_version(standing)))
            return
        tables = [
            feed_table_spec(feed, current.profile.privacy, is_connected=current.profile.delivers(feed))
            for feed in contract.values()
        ]
        yield from _check(current, "gate_1", current.workspace.ingest_file, tables, keys, marts)

    return gate_1


def gate_2_check(marts: Sequence[TableSpec], keys: dict[str, dg.AssetKey]) -> dg.AssetChecksDefinition:
    """Gate 2: the marts, before publication. `keys` maps a mart's name to its asset."""

    @dg.multi_asset_check(
        name="gate_2", specs=[dg.AssetCheckSpec("gate_2", asset=key, blocking=True) for key in keys.values()]
    )
    def gate_2(build: BuildResource) -> Iterator[dg.AssetCheckResult]:
        yield from _check(build.build, "gate_2", build.build.file, marts, keys)

    return gate_2


def _check(
    build: Build,
    gate: GateName,
    database: Path,
    tables: Sequence[TableSpec],
    keys: dict[str, dg.AssetKey],
    guarded_later: Sequence[TableSpec] = (),
) -> Iterator[dg.AssetCheckResult]:
    ingest = build.workspace.ingest_file
    limits, kpi_ids = read_limits(ingest), read_kpi_ids(ingest)
    with build.watch.steps.measure(gate, "gate"):
        report = run_gate(
            gate,
            database,
            tables,
            limits=limits,
            as_of=build.as_of,
            previous=build.previous,
            kpi_ids=kpi_ids,
            engine=engine_config(database),
        )
    if guarded_later and any(row.is_own for row in limits.rows):
        mistakes = [
            *check_limits(limits, gate, tables, as_of=build.as_of, kpi_ids=kpi_ids),
            *check_limits(limits, "gate_2", guarded_later, as_of=build.as_of, kpi_ids=kpi_ids),
        ]
        report = replace(report, outcomes=(*report.outcomes, *mistakes))
    write_gate(build.file, build.build_id, report)
    log.log(
        logging.INFO if report.passed else logging.ERROR,
        report.summary(),
        extra=said(
            "gate_passed" if report.passed else "gate_failed",
            gate=gate,
            expectations=len(report.outcomes),
            failed=len(report.failed),
            seconds=build.watch.steps.last(gate).seconds,
        ),
    )
    if gate == "gate_2" or not report.passed:
        document(build)
    yield from _results(gate, keys, report.outcomes)
    known = set(keys)
    strays = [outcome for outcome in report.failed if outcome.table_name not in known]
    if strays:
        raise GateFailedError(f"{gate} failed outside the tables it guards: {strays}")


def _results(
    gate: str, keys: dict[str, dg.AssetKey], outcomes: Sequence[ExpectationOutcome]
) -> Iterator[dg.AssetCheckResult]:
    for table, key in keys.items():
        yield _result(gate, key, [outcome for outcome in outcomes if outcome.table_name == table])


def document(build: Build) -> None:
    """Write the build's Data Docs, now that no further gate will look at it, and delete those of builds long gone.

    Whatever goes wrong is a warning: the verdict holds without its pages.
    """
    try:
        index = write_data_docs(build.file, build.build_id, build.workspace.data_docs_dir)
        prune_data_docs(build.workspace.data_docs_dir, build.workspace.published_dir, keep=build.settings.keep_versions)
    except Exception as error:
        log.warning(
            "the Data Docs of this build could not be written: %s", error, extra=said("data_docs_failed", problem=error)
        )
    else:
        log.info("data docs: %s", index, extra=said("data_docs_written", path=index))


def _result(gate: str, key: dg.AssetKey, outcomes: Sequence[ExpectationOutcome]) -> dg.AssetCheckResult:
    failed = [o for o in outcomes if not o.is_success and o.severity == "stop"]
    warned = [o for o in outcomes if not o.is_success and o.severity != "stop"]
    messages = "\n".join(f"- {o.message}" for o in (*failed, *warned))
    if not outcomes:
        # A gate that evaluated nothing has not passed.
        failed_reason = "no expectation was evaluated"
        return dg.AssetCheckResult(passed=False, check_name=gate, asset_key=key, description=failed_reason)
    return dg.AssetCheckResult(
        passed=not failed and not warned,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        check_name=gate,
        asset_key=key,
        description=messages or None,
        metadata={"expectations": len(outcomes), "failed": len(failed), "warnings": len(warned)},
    )
