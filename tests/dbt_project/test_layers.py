"""The dbt half of the architecture: who may read whom, with no list of exceptions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestration.manifest import python_models
from tests.company import ROOT

MANIFEST: dict[str, Any] = json.loads((ROOT / "dbt_project" / "target" / "manifest.json").read_text())
MODELS = [node for node in MANIFEST["nodes"].values() if node["resource_type"] == "model"]

# What a model of a layer may read. A fact may read a dimension for its segments, never another fact. `python` are the
# models with that tag: DuckDB builds them from the marts, whatever engine made those.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "marts.facts", "marts.dimensions"},
    "python": {"python", "marts.facts", "marts.dimensions", "marts.rollups"},
    "marts.dimensions": {"staging", "intermediate"},
    "marts.facts": {"staging", "intermediate", "marts.dimensions"},
    "marts.rollups": {"intermediate", "python", "marts.facts", "marts.dimensions", "marts.rollups"},
}


# When as-of is, which the build tells by its own file.
AS_OF = "stg_build_settings"


def layer(node: dict[str, Any]) -> str:
    """staging, intermediate, marts.facts …: the folder of the model; python by its tag."""
    if node["resource_type"] == "source":
        return "source"
    if "python" in node["tags"]:
        return "python"
    folders = node["fqn"][1:-1]
    return ".".join(folders[:2]) if folders[0] == "marts" else folders[0]


def edges() -> list[tuple[str, str, str, str]]:
    nodes = {**MANIFEST["nodes"], **MANIFEST["sources"]}
    return [
        (node["name"], layer(node), nodes[parent]["name"], layer(nodes[parent]))
        for node in MODELS
        for parent in node["depends_on"]["nodes"]
    ]


def test_every_edge_goes_from_left_to_right() -> None:
    wrong = [
        f"{name} ({of}) reads {parent} ({parent_of})"
        for name, of, parent, parent_of in edges()
        if parent_of not in MAY_READ[of] and (of, parent) != ("python", AS_OF)
    ]
    assert wrong == []


def test_the_layers_hold_models() -> None:
    """An empty manifest would pass every other test here."""
    assert {layer(node) for node in MODELS} == set(MAY_READ)


def test_intermediate_models_that_read_marts_serve_the_kpis() -> None:
    """Only the KPI cells are computed from published facts; every other intermediate model feeds those facts."""
    wrong = [
        f"{name} reads {parent}"
        for name, of, parent, parent_of in edges()
        if of == "intermediate" and parent_of.startswith("marts") and not name.startswith("int_kpi_")
    ]
    assert wrong == []


def test_python_models_and_what_depends_on_them_can_be_built_from_the_marts() -> None:
    """Spark leaves them out: a later run has its marts, and when as-of is, but no table of another layer."""
    models = {node["unique_id"]: node for node in MODELS}
    apart = python_models(MANIFEST)
    assert {key for key, node in models.items() if node["language"] == "python"} <= apart
    wrong = [
        f"{models[key]['name']} reads {models[parent]['name']}"
        for key in sorted(apart)
        for parent in models[key]["depends_on"]["nodes"]
        if parent not in apart and models[parent]["schema"] != "marts" and models[parent]["name"] != AS_OF
    ]
    assert apart
    assert wrong == []


def test_a_python_model_has_the_tag() -> None:
    untagged = [node["name"] for node in MODELS if node["language"] == "python" and "python" not in node["tags"]]
    assert untagged == []


def test_no_kpi_depends_on_a_python_model() -> None:
    """Which columns a KPI depends on is read from SQL; of a Python model it would be all."""
    assert not {"kpi_values", "kpi_cells", "kpi_items"} & {
        MANIFEST["nodes"][key]["name"] for key in python_models(MANIFEST)
    }


PREFIXES = {
    "staging": "stg_",
    "intermediate": "int_",
    "python": "int_",
    "marts.dimensions": "dim_",
    "marts.facts": ("fct_", "kpi_"),
    "marts.rollups": ("agg_", "kpi_"),
}


@pytest.mark.parametrize("node", MODELS, ids=lambda node: node["name"])
def test_a_model_says_its_grain_and_is_named_by_its_layer(node: dict[str, Any]) -> None:
    assert node["description"].startswith("One row per "), f"{node['name']}: {node['description']!r}"
    assert node["name"].startswith(PREFIXES[layer(node)])


@pytest.mark.parametrize("node", [n for n in MODELS if n["schema"] == "marts"], ids=lambda node: node["name"])
def test_a_mart_has_an_enforced_contract_a_key_and_described_columns(node: dict[str, Any]) -> None:
    assert node["config"]["contract"]["enforced"] is True
    assert node["config"]["meta"]["key"]
    undescribed = [column["name"] for column in node["columns"].values() if not column["description"]]
    assert undescribed == []
    missing = set(node["config"]["meta"]["key"]) - set(node["columns"])
    assert missing == set()


def test_no_model_reads_the_clock() -> None:
    """As-of is an input of the build: the same inputs give the same bits."""
    clocks = ("now()", "current_date", "current_timestamp", "get_current_timestamp", "today()", "transaction_timestamp")
    files = [path for path in (ROOT / "dbt_project").rglob("*.sql") if "target" not in path.parts]
    found = [f"{path.name}: {clock}" for path in files for clock in clocks if clock in _code(path)]
    assert files
    assert found == []


def _code(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").lower().splitlines()
    return "\n".join(line.split("--")[0] for line in lines)


def test_direct_identifiers_are_staged_once_and_shown_once() -> None:
    """Names, telephone numbers and addresses of customers: in stg_customers and dim_customers, as the profile lets."""
    direct = {
        column["name"]
        for source in MANIFEST["sources"].values()
        for column in source["columns"].values()
        if (column["config"].get("meta") or {}).get("pii") == "direct"
    }
    assert direct == {"customer_name", "phone", "email", "address"}
    carried = {node["name"] for node in MODELS for column in node["columns"] if column in direct}
    assert carried == {"dim_customers"}
    selected = {
        path.name
        for path in (ROOT / "dbt_project" / "models").rglob("*.sql")
        for name in direct
        if re.search(rf"\b{name}\b", re.sub("'[^']*'", "''", _code(path)))
    }
    assert selected == {"stg_customers.sql", "dim_customers.sql"}
