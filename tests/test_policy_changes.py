"""Targets, weights, calendars and promises change by CSV rows with a date: nothing before it moves."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.company import ROOT, Company

POLICIES = ROOT / "dbt_project" / "policies"
FROM, BEFORE = "2026-04-01", "2026-03-31"
Row = dict[str, str]


def change(name: str, folder: Path, changed: Callable[[Row], Row | None]) -> Path:
    """Write a policy table in which each row that `changed` changes ends the day before and the new one begins."""
    with (POLICIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames or [], list(reader)
    written: list[Row] = []
    for row in rows:
        new = changed(dict(row))
        written += [row] if new is None else [row | {"valid_to_date": BEFORE}, new | {"valid_from_date": FROM}]
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)
    return path


def new_target(row: Row) -> Row | None:
    return row | {"target": "0.99", "best": "1"} if row["kpi_id"] == "csat_top_box_share" else None


def new_promise(row: Row) -> Row | None:
    if row["metric"] != "resolution":
        return None
    return row | {"policy_id": f"{row['policy_id']}_2026", "target_minutes": "30", "paused_stages": ""}


def new_hours(row: Row) -> Row | None:
    return row | {"closes": "20:00"} if row["calendar_id"] == "cn_office" and row["closes"] == "18:00" else None


def new_weight(row: Row) -> Row | None:
    weights = {"csat_top_box_share": "+10", "first_time_fix_rate": "-10"}
    if row["work_role"] != "technician" or row["kpi_id"] not in weights:
        return None
    return row | {"weight": str(int(float(row["weight"])) + int(weights[row["kpi_id"]]))}


@pytest.fixture(scope="module")
def changed_company(sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The sample company, built again after its policies changed for the last quarter."""
    folder = tmp_path_factory.mktemp("changed")
    tables = {
        "kpi_registry": new_target,
        "sla_policies": new_promise,
        "calendar_hours": new_hours,
        "scorecard_weights": new_weight,
    }
    lines = [f"  {name}: {change(name, folder, changed)}" for name, changed in tables.items()]
    profile = folder / "changed.yml"
    profile.write_text("\n".join(["extends: sample", "name: changed", "policies:", *lines, ""]), encoding="utf-8")
    company = Company(folder, profile=str(profile))
    shutil.copytree(sample_company.root / "sources", company.root / "sources")
    company.run("build")
    return company


def differences(one: Company, other: Company, table: str, where: str) -> int:
    """Rows of `table` that only one of the two has."""
    sql = f"select * from marts.{table} where {where} order by all"
    mine, theirs = one.query(sql), other.query(sql)
    assert mine
    return len(set(map(str, mine)) ^ set(map(str, theirs)))


@pytest.mark.parametrize(
    ("table", "before", "since"),
    [
        (
            "kpi_values",
            f"kpi_id = 'csat_top_box_share' and period_end_date < date '{FROM}'",
            f"kpi_id = 'csat_top_box_share' and period_start_date >= date '{FROM}' and period_grain = 'month'",
        ),
        (
            "fct_sla_outcomes",
            f"metric = 'resolution' and due_at < timestamp '{FROM}' - interval 8 hours",
            f"metric = 'resolution' and due_at > timestamp '{FROM}' + interval 4 days",
        ),
        (
            "agg_technician_scorecards",
            f"period_end_date < date '{FROM}'",
            f"period_grain = 'month' and period_start_date >= date '{FROM}' and kpi_id = 'csat_top_box_share'",
        ),
    ],
)
def test_what_was_decided_before_stays(
    sample_company: Company, changed_company: Company, table: str, before: str, since: str
) -> None:
    assert differences(sample_company, changed_company, table, before) == 0
    assert differences(sample_company, changed_company, table, since) > 0


def test_business_time_used_up_before_stays(sample_company: Company, changed_company: Company) -> None:
    sql = (
        "select ticket_id, first_response_business_seconds, full_resolution_business_seconds from marts.fct_tickets "
        "where calendar_id = 'cn_office' and resolved_at {} timestamp '2026-04-01' - interval 8 hours order by 1"
    )
    assert sample_company.query(sql.format("<")) == changed_company.query(sql.format("<"))
    assert sample_company.query(sql.format(">")) != changed_company.query(sql.format(">"))


def test_the_change_is_the_one_that_was_asked_for(changed_company: Company) -> None:
    targets = changed_company.query(
        "select distinct period_start_date >= date '2026-04-01', target from marts.kpi_values "
        "where kpi_id = 'csat_top_box_share' and period_grain = 'month' order by all"
    )
    assert targets == [(False, 0.85), (True, 0.99)]
