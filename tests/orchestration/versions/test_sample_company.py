"""The sample company is built again after a promise changed, an answer came late and a ticket was corrected."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.company import ROOT, Company

POLICIES = ROOT / "dbt_project" / "policies"
CHANGED_FROM = "2026-04-01"


def change_policy(folder: Path, name: str, kpi_or_metric: tuple[str, str], new: dict[str, str]) -> Path:
    """The policy table with rows that end the day before CHANGED_FROM, and the new ones from then on."""
    column, chosen = kpi_or_metric
    with (POLICIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames or [], list(reader)
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if row[column] != chosen:
                writer.writerow(row)
                continue
            after = row | {"valid_from_date": CHANGED_FROM} | new
            if "policy_id" in row:
                after["policy_id"] = f"{row['policy_id']}_new"
            writer.writerows([row | {"valid_to_date": "2026-03-31"}, after])
    return path


@pytest.fixture(scope="module")
def rebuilt(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A copy of the sample company after its second build; the first version was pinned before."""
    folder = tmp_path_factory.mktemp("rebuilt")
    shutil.copytree(sample_company.data_dir, folder / "data", symlinks=True)
    tables = {
        "kpi_registry": change_policy(folder, "kpi_registry", ("kpi_id", "csat_top_box_share"), {"target": "0.99"}),
        "sla_policies": change_policy(folder, "sla_policies", ("metric", "resolution"), {"target_minutes": "30"}),
    }
    profile = folder / "sample.yml"  # the workspace has the name of the file: the same company with other policies
    lines = [f"  {name}: {path}" for name, path in tables.items()]
    profile.write_text("\n".join(["extends: sample", "name: sample", "policies:", *lines, ""]), encoding="utf-8")
    company = Company(folder / "data", profile=str(profile))
    sources = company.root / "sources"
    with sqlite3.connect(sources / "crm.sqlite") as crm:
        (number,) = crm.execute(
            "select min(order_no) from service_order where channel = 'TEL' and opened_at like '2025-09%' "
            "and state = '已关闭'"
        ).fetchone()
        crm.execute(
            "update service_order set channel = 'WEB', modified_at = (select max(modified_at) from service_order) "
            "where order_no = ?",
            [number],
        )
    late = {"aid": "AN999999991", "customerNo": "C100001", "type": "关系", "metric": "NPS", "score": 2}
    late |= {"scale": {"min": 0, "max": 10}, "answeredAt": "2026-03-15T10:00:00+08:00"}
    (sources / "surveys" / "answers_2026-07.ndjson").write_text(json.dumps(late) + "\n", encoding="utf-8")
    company.run("versions", "pin", company.current.resolve().stem.removeprefix("warehouse_"))
    company.run("build")
    return company


def causes(company: Company, where: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    return company.query(
        f"select distinct cause, evidence from meta.restatements where {where} order by all", parameters
    )


def test_the_late_answer_is_late_data_in_its_month(rebuilt: Company) -> None:
    found = causes(rebuilt, "kpi_id = 'nps' and segment = 'all' and period_grain <> 'all'")
    assert found == [("late_data", "late_data: fct_survey_answers")]
    months = rebuilt.query(
        "select period_start_date::varchar, new_value < old_value from meta.restatements "
        "where kpi_id = 'nps' and period_grain = 'month' and segment = 'all'"
    )
    assert months == [("2026-03-01", True)]


def test_the_corrected_ticket_is_a_correction_in_its_channels(rebuilt: Company) -> None:
    found = rebuilt.query(
        "select channel, cause, evidence from meta.restatements where kpi_id = 'acceptance_time_mean' "
        "and period_grain = 'month' order by channel"
    )
    assert [(cause, evidence) for _, cause, evidence in found] == [("correction", "correction: fct_tickets")] * 2
    assert {channel for channel, *_ in found} == {"phone", "web"}


def test_the_new_promise_is_a_definition_from_its_first_day_on(rebuilt: Company) -> None:
    sql = "kpi_id = 'resolution_sla_attainment' and period_grain = 'month' and segment in ('all', 'site') "
    assert [cause for cause, _ in causes(rebuilt, sql + f"and period_start_date >= date '{CHANGED_FROM}'")] == [
        "definition"
    ]
    assert causes(rebuilt, sql + f"and period_start_date < date '{CHANGED_FROM}'") == []


def test_the_new_target_is_a_definition_though_no_value_moved(rebuilt: Company) -> None:
    found = rebuilt.query(
        "select distinct period_start_date >= date '2026-04-01', change, old_target, new_target, cause "
        "from meta.restatements where kpi_id = 'csat_top_box_share' and period_grain = 'month'"
    )
    assert found == [(True, 0.0, 0.85, 0.99, "definition")]


def test_every_restated_value_has_a_cause(rebuilt: Company) -> None:
    counts = dict(
        rebuilt.query("select cause, sum(row_count)::int from meta.restatement_counts group by cause order by cause")
    )
    assert set(counts) == {"correction", "definition", "late_data"}
    assert rebuilt.query("select count(*) from meta.restatements") == [(sum(counts.values()),)]


def test_diff_says_what_was_published_and_lets_a_kpi_be_chosen(rebuilt: Company) -> None:
    said = rebuilt.run("versions", "diff", "--kpi", "nps", "--format", "csv")
    rows = list(csv.DictReader(said.stdout.splitlines()))
    assert rows
    assert {row["kpi_id"] for row in rows} == {"nps"}
    assert len(rows) == rebuilt.query("select count(*) from meta.restatements where kpi_id = 'nps'")[0][0]
    whole = json.loads(rebuilt.run("versions", "diff", "--limit", "0", "--format", "json").stdout)
    assert whole["row_changes"] == [
        {"table": "fct_survey_answers", "cause": "late_data", "row_count": 1},
        {"table": "fct_tickets", "cause": "correction", "row_count": 1},
    ]
    assert whole["schema"] == []


def test_the_versions_are_whole_and_the_pin_is_kept(rebuilt: Company) -> None:
    listed = rebuilt.run("versions").stdout.splitlines()
    assert ["pinned" in line for line in listed] == [True, False]
    assert rebuilt.run("versions", "verify", "--all").stdout.count("whole") == 2
    assert rebuilt.run("versions", "prune", "--keep", "1").stdout.strip() == "nothing to delete"


def test_the_lineage_names_what_a_kpi_reads(rebuilt: Company) -> None:
    """By dbt's manifest and the models' rows, so a model that reads something else is seen here."""
    with duckdb.connect(str(rebuilt.current.resolve()), read_only=True) as con:
        kpis = con.execute("select distinct kpi_id from marts.kpi_values order by all").fetchall()
        assert con.execute("select distinct kpi_id from meta.kpi_lineage order by all").fetchall() == kpis
        assert con.execute("select kpi_id from meta.kpi_models order by all").fetchall() == kpis
        direct = "select list(table_name order by table_name) from meta.kpi_lineage where kpi_id = ? and is_direct and "
        facts = direct + "table_name like 'fct_%'"
        assert con.execute(facts, ["acceptance_time_mean"]).fetchall() == [(["fct_tickets"],)]
        policies = direct + "schema_name = 'policy'"
        assert con.execute(policies, ["resolution_sla_attainment"]).fetchall() == [
            (["calendar_days", "calendar_hours", "calendars", "sla_policies"],)
        ]
        feeds = direct + "schema_name = 'raw'"
        assert con.execute(feeds, ["training_hours_per_technician"]).fetchall() == [(["labor_costs", "sites"],)]
