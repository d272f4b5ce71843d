"""What a real build tells of itself: its log, its steps, Dagster's metadata, and alerts to a webhook."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from tests.company import ROOT, Company
from tests.faults.killing import kill_build_when
from tests.orchestration.alerts.servers import webhook
from tests.test_end_to_end import crm_ticket_columns


def logs_of(company: Company) -> list[list[dict[str, Any]]]:
    """Lines of each build's log, oldest first."""
    return [
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((company.root / "logs").glob("*.jsonl"))
    ]


def test_a_build_says_what_each_step_took(sample_company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in its log, in the published file and in Dagster."""
    (lines,) = logs_of(sample_company)
    (build_id,) = sample_company.query("select build_id from meta.builds")[0]
    assert {line["build_id"] for line in lines} == {build_id}
    assert (lines[-1]["event"], lines[-1]["fields"]["outcome"]) == ("build_ended", "published")
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)

    steps = dict(sample_company.query("select kind, count(*) from meta.steps group by all"))
    (feeds,) = sample_company.query("select count(*) from meta.feeds")[0]
    tables = sample_company.query("select table_name, row_count from meta.tables where schema_name = 'marts'")
    assert {kind: steps[kind] for kind in ("prepare", "extract", "gate", "inputs", "models", "lineage")} == {
        "prepare": 1, "extract": feeds, "gate": 2, "inputs": 1, "models": 1, "lineage": 1,
    }  # fmt: skip
    models = dict(sample_company.query("select step, rows_out from meta.steps where kind = 'model'"))
    assert {name: models[name] for name, _ in tables} == dict(tables)
    assert sample_company.query(
        "select count(*) from meta.steps where kind != 'model' and not (cpu_seconds > 0 and peak_memory_bytes > 1e8)"
    ) == [(0,)]

    landed = {line["fields"]["feed"]: line["fields"] for line in lines if line["event"] == "feed_landed"}
    delivered = sample_company.query(
        "select feed, delivered_count, row_count from meta.feeds where delivered_count > 0"
    )
    assert {feed: (landed[feed]["delivered"], landed[feed]["rows"]) for feed, _, _ in delivered} == {
        feed: (count, rows) for feed, count, rows in delivered
    }
    (totals,) = sample_company.query(
        "select delivered_count, rejected_count, cpu_seconds > 1, peak_memory_bytes > 1e8, "
        "models_peak_memory_bytes > 1e8 from meta.builds"
    )
    sums = sample_company.query("select sum(delivered_count), sum(rejected_count) from meta.feeds")
    assert totals == (*sums[0], True, True, True)

    monkeypatch.setenv("DAGSTER_HOME", str(sample_company.root / "dagster"))
    with dg.DagsterInstance.from_config(str(sample_company.root / "dagster")) as instance:
        published = instance.get_latest_materialization_event(dg.AssetKey(["published", "warehouse"]))
        assert published is not None
        assert published.asset_materialization is not None
        said = published.asset_materialization.metadata
        assert said["delivered_count"].value == totals[0]
        assert said["bytes"].value == sample_company.current.stat().st_size
        tickets = instance.fetch_observations(dg.AssetKey(["marts", "fct_tickets"]), limit=1).records
        assert tickets[0].asset_event is not None
        assert tickets[0].asset_event.metadata["dagster/row_count"].value == dict(tables)["fct_tickets"]


def test_a_killed_build_and_a_red_gate_of_a_run_of_dagster_are_told(sample_company: Company, tmp_path: Path) -> None:
    """Killed while landing; then a run that Dagster starts, not the command line, finds bad rows and late data."""
    shutil.copytree(sample_company.data_dir, tmp_path / "data", symlinks=True)
    for folder in ("ingest", "archive"):  # so that there is something to land again
        shutil.rmtree(tmp_path / "data" / "sample" / folder)
    profile = tmp_path / "sample.yml"
    with webhook() as hook:
        extended = {
            "extends": "sample",
            "feeds": {"tickets": [{"source": "crm", "fresh_within_hours": 24}]},
            "alerts": {"language": "en", "routes": {"chat": {"kind": "webhook", "url": "${HOOK}"}}},
        }
        profile.write_text(yaml.safe_dump(extended), encoding="utf-8")
        company = Company(tmp_path / "data", str(profile), {"HOOK": hook.url})
        assert company.run("alerts", "test").stdout == "chat (webhook): sent\n"
        (first,) = logs_of(company)

        log = company.data_dir / "build.log"
        kill_build_when(company, lambda: log.exists() and "landed tickets" in log.read_text())
        _, killed = logs_of(company)
        assert killed[-1]["event"] != "build_ended"
        assert hook.events == ["test"]

        table, created, resolved, updated, key = crm_ticket_columns(sample_company)
        with sqlite3.connect(company.root / "sources" / "crm.sqlite") as crm:
            crm.execute(
                f"update {table} set {resolved} = datetime({created}, '-3 days'), "
                f"{updated} = (select max({updated}) from {table}) "
                f"where {resolved} is not null and {key} in (select {key} from {table} order by {key} limit 600)"
            )
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "dagster",
                "job",
                "execute",
                "-m",
                "orchestration.definitions",
                "-j",
                "build_warehouse",
            ],
            env={
                **company.command_environment,
                "DAGSTER_HOME": str(company.root / "dagster"),
                "PATH": os.environ["PATH"],
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode != 0, done.stderr
    assert hook.events == ["test", "failed_build", "failed_gate", "late_feed"]
    died, gate, late = hook.received[1:]
    assert f"Build {killed[0]['build_id']} was killed" in died["text"]
    assert gate["subject"] == "Haosheng Appliances: gate_1 stopped the build; nothing was published"
    assert {"gate": "gate_1", "table": "tickets"}.items() <= gate["items"][0].items()
    assert [item["feed"] for item in late["items"]] == ["tickets"]

    # Dagster's command opens the resources of a finished run once more: that was no build.
    *_, failed = logs_of(company)
    assert len(logs_of(company)) == 3
    events = [line["event"] for line in failed]
    assert events[0] == "previous_build_died"
    assert failed[0]["fields"]["died"] == killed[0]["build_id"]
    assert {"feed_landed", "noticed", "gate_failed", "alert_sent"} <= set(events)
    assert (events[-1], failed[-1]["fields"]["outcome"]) == ("build_ended", "failed")
    assert first[-1]["event"] == "build_ended"
    assert (company.root / "alerts.json").exists()
    assert hook.url not in (company.root / "alerts.json").read_text() + json.dumps(failed)
