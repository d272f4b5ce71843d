"""Registry, SQL and contract name the same KPIs, feeds and segments: none is registered and never computed."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from orchestration.extract.contract import read_contract

PROJECT = Path(__file__).parents[3] / "dbt_project"
KPI_MODELS = sorted((PROJECT / "models" / "intermediate" / "kpis").glob("int_kpi_*.sql"))
SOURCES = yaml.safe_load((PROJECT / "models" / "staging" / "_raw__sources.yml").read_text(encoding="utf-8"))["sources"]
CLASSES = {"financial", "customer", "internal", "learning"}
SEGMENTS = {"site", "region", "product_family", "site_and_product_family", "channel", "priority"}


def read_policy(name: str) -> list[dict[str, str]]:
    with (PROJECT / "policies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contract(name: str) -> dict[str, dict[str, object]]:
    """Column name → meta of a table of the contract."""
    tables = {table["name"]: table for source in SOURCES for table in source["tables"]}
    return {column["name"]: column.get("config", {}).get("meta", {}) for column in tables[name]["columns"]}


REGISTRY = read_policy("kpi_registry")


def test_every_registered_kpi_is_computed_and_every_computed_one_registered() -> None:
    computed = re.findall(r"'(\w+)' as kpi_id", "\n".join(path.read_text(encoding="utf-8") for path in KPI_MODELS))
    assert KPI_MODELS
    assert set(computed) == {row["kpi_id"] for row in REGISTRY}


POLICIES = [path.stem for path in sorted((PROJECT / "policies").glob("*.csv"))]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_file_keeps_its_contract(policy: str) -> None:
    columns = contract(policy)
    rows = read_policy(policy)
    # Of some a company has its own rows alone.
    assert bool(rows) != read_contract()[policy].ships_empty
    if not rows:
        return
    assert set(rows[0]) == set(columns)
    for row in rows:
        for name, meta in columns.items():
            if meta.get("required"):
                assert row[name], f"{policy}: {name} is empty in {row}"
            allowed = meta.get("allowed_values")
            if isinstance(allowed, list) and row[name]:
                assert row[name] in allowed, f"{policy}: {name} is {row[name]!r}, allowed are {allowed}"


def test_feeds_and_segments_of_a_kpi_exist() -> None:
    feeds = {table["name"] for source in SOURCES if source["name"] == "raw" for table in source["tables"]}
    named = {feed for row in REGISTRY for feed in re.split(r"[ |]", row["required_feeds"])}
    assert named <= feeds
    assert {segment for row in REGISTRY for segment in row["segments"].split()} <= SEGMENTS


def test_each_class_has_two_kpis_and_each_kpi_words_in_both_languages() -> None:
    classes = [row["kpi_class"] for row in REGISTRY]
    assert set(classes) == CLASSES
    assert {row["audience"] for row in REGISTRY} == {"executive", "front_line"}
    assert {name for name in set(classes) if classes.count(name) < 2} == set()
    for row in REGISTRY:
        for column in ("name_zh", "definition_zh"):
            assert re.search(r"[\u4e00-\u9fff]", row[column]), f"{row['kpi_id']}: {column} has no Chinese"
        assert row["reason"], f"{row['kpi_id']} does not say why its target is as it is"


def test_a_target_lies_between_worst_and_best_in_the_direction_of_the_kpi() -> None:
    """A worst and best the wrong way round would score the worst site as the best one."""
    for row in REGISTRY:
        if not row["target"]:
            assert row["worst"] + row["best"] == "", row["kpi_id"]
            continue
        in_order = [float(row[name]) for name in ("worst", "target", "best")]
        steps = [later - earlier for earlier, later in pairwise(in_order)]
        assert all(step > 0 for step in steps) or all(step < 0 for step in steps), row["kpi_id"]
        assert (steps[0] > 0) == (row["direction"] == "higher"), row["kpi_id"]


def test_the_interval_fits_the_kind() -> None:
    fits = {
        "ratio": {"wilson", "none"},
        "mean": {"normal", "poisson", "none"},
        "net_score": {"adjusted_wald"},
        "quantile": {"greenwood"},
    }
    for row in REGISTRY:
        assert row["interval_method"] in fits.get(row["kind"], {"none"}), row["kpi_id"]


def test_sla_policies_promise_every_priority_and_the_documents_targets() -> None:
    rows = {(row["metric"], row["priority"]): row for row in read_policy("sla_policies")}
    priorities = contract("sla_policies")["priority"]["allowed_values"]
    assert isinstance(priorities, list)
    metrics = contract("sla_policies")["metric"]["allowed_values"]
    assert isinstance(metrics, list)
    assert set(rows) == {(metric, name) for metric in metrics for name in priorities}
    for priority, minutes in (("urgent", "60"), ("normal", "1440")):
        row = rows["first_response", priority]
        assert (row["target_minutes"], row["calendar_id"], row["paused_stages"]) == (minutes, "24x7", "")
    assert all(row["reason"] for row in rows.values())


def test_every_scorecard_weight_is_of_a_kpi_with_a_worst_and_a_best() -> None:
    """Without them no score can be made, and the weight would never count."""
    scored = {row["kpi_id"] for row in REGISTRY if row["worst"] and row["best"]}
    weights = read_policy("scorecard_weights")
    assert {row["kpi_id"] for row in weights} <= scored
    assert {row["work_role"] for row in weights} == {"technician", "agent"}


def test_what_weighs_in_a_class_has_a_target() -> None:
    """A KPI without target, worst and best has no score: its weight could never count."""
    weighing = [row for row in REGISTRY if float(row["weight"]) > 0]
    assert {row["kpi_class"] for row in weighing} == CLASSES
    assert [row["kpi_id"] for row in weighing if not row["target"]] == []


def test_the_reference_cases_are_the_documents_and_labelled_as_claims() -> None:
    rows = {row["kpi_id"]: row for row in read_policy("reference_values")}
    found = {name: (row["value_before"], row["value_after"], row["relative_change"]) for name, row in rows.items()}
    assert found == {
        "first_response_time_mean": (str(12 * 3600), str(6 * 3600), ""),
        "sla_completion_rate": ("0.75", "0.95", ""),
        "handling_time_mean": ("", "", "-0.30"),
        "csat_top_box_share": ("", "", "0.15"),
    }
    assert {(row["kind"], row["is_claim"]) for row in rows.values()} == {("reference_case", "true")}
    assert all("claim" in row["source_en"] and "自述" in row["source_zh"] for row in rows.values())


def test_every_value_beside_a_kpi_is_of_a_registered_one() -> None:
    registered = {row["kpi_id"] for row in REGISTRY}
    for policy in ("reference_values", "scorecard_weights"):
        assert {row["kpi_id"] for row in read_policy(policy)} <= registered
