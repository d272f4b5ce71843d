"""The semantic layer: MetricFlow's metrics, written from the KPI registry, and its queries of the published version.

A metric defines nothing itself. A KPI that adds up is numerator over denominator of marts.kpi_cells; one that does not
(a quantile, a retention rate) is its value in marts.kpi_values, for one period grain and segment at a time.
"""

from __future__ import annotations

import csv
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration.engine import connect
from orchestration.manifest import DBT_PROJECT_DIR

REGISTRY_FILE = DBT_PROJECT_DIR / "policies" / "kpi_registry.csv"
METRICS_FILE = DBT_PROJECT_DIR / "models" / "semantic" / "_metrics.yml"

_HEADER = """\
# Written by `aftersales metrics write` from policies/kpi_registry.csv; change that, not this.
"""
log = logging.getLogger("aftersales")

_DOUBTS = {"warned": "read with care", "withheld": "withheld"}
_PARTS = (
    ("kpi_numerator", "Numerator of a KPI", "Only with a filter on one kpi_id; the metrics below are made of it."),
    ("kpi_denominator", "Denominator of a KPI", "Only with a filter on one kpi_id; the metrics below are made of it."),
    ("kpi_eligible", "Counted items of a KPI", "Only with a filter on one kpi_id: the sample behind a metric."),
)


def read_registry(path: Path = REGISTRY_FILE) -> list[dict[str, str]]:
    """Read the last row of each KPI in the registry's CSV, in the order in which the KPIs first appear."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(enumerate(csv.DictReader(file)), key=lambda row: (row[1]["valid_from_date"], row[0]))
    last = {row["kpi_id"]: row for _, row in rows}
    first = {row["kpi_id"]: position for position, row in reversed(rows)}
    return sorted(last.values(), key=lambda row: first[row["kpi_id"]])


def write_metrics(registry: Sequence[Mapping[str, str]]) -> str:
    """Return the YAML of every metric: the parts that they are made of, and one per KPI of `registry`, named by it."""
    parts = [
        {
            "name": name,
            "label": label,
            "description": description,
            "type": "simple",
            "type_params": {"measure": name},
        }
        for name, label, description in _PARTS
    ]
    document = {"version": 2, "metrics": [*parts, *(_metric(row) for row in registry)]}
    return _HEADER + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000)


def query_metrics(arguments: Sequence[str], warehouse: Path) -> int:
    """Run MetricFlow's `mf query ARGUMENTS` on the published file `warehouse`, read-only, and return its exit code."""
    environment = {
        **os.environ,
        "AFTERSALES_DBT_TARGET": "published",
        "AFTERSALES_WAREHOUSE_FILE": str(warehouse.resolve()),
        "DBT_PROFILES_DIR": str(DBT_PROJECT_DIR),
    }
    for kpi_id, trust, reason in _doubted(arguments, warehouse):
        log.warning("%s: %s: %s", kpi_id, _DOUBTS[trust], reason)
    mf = Path(sys.executable).with_name("mf")
    # mf reads the project of the folder it is started in.
    command = [str(mf), "query", *arguments]
    return subprocess.run(command, cwd=DBT_PROJECT_DIR, env=environment, check=False).returncode  # noqa: S603


def _doubted(arguments: Sequence[str], warehouse: Path) -> list[tuple[str, str, str]]:
    """The KPIs among the arguments that the version stamps or withholds, each with that and one reason."""
    asked = {name for argument in arguments for name in argument.removeprefix("--metrics=").split(",")}
    with connect(warehouse, read_only=True) as con:
        if con.execute("select 1 from duckdb_tables() where table_name = 'kpi_trust'").fetchone() is None:
            return []  # published before there were stamps
        return con.execute(
            "select kpi_id, max(trust), min_by(message, (trust = 'warned', message)) from meta.kpi_trust "
            "where kpi_id in (select unnest(?)) and (trust = 'withheld' or len(split_by) = 0) "
            "group by kpi_id order by kpi_id",
            [sorted(asked)],
        ).fetchall()


def _metric(kpi: Mapping[str, str]) -> dict[str, Any]:
    metric = {
        "name": kpi["kpi_id"],
        "label": kpi["name_en"],
        "description": f"{kpi['name_zh']}. {kpi['definition_en']}",
    }
    if kpi["adds_up"] != "true":
        return metric | {
            "type": "simple",
            "type_params": {"measure": "kpi_level"},
            "filter": _only("kpi_level", kpi["kpi_id"]),
        }
    only = _only("kpi_cell", kpi["kpi_id"])
    if kpi["kind"] == "total":
        return metric | {"type": "simple", "type_params": {"measure": "kpi_numerator"}, "filter": only}
    if kpi["kind"] == "net_score":
        return metric | {
            "type": "derived",
            "type_params": {
                "expr": "100 * net / nullif(answers, 0)",
                "metrics": [
                    {"name": "kpi_numerator", "alias": "net", "filter": only},
                    {"name": "kpi_denominator", "alias": "answers", "filter": only},
                ],
            },
        }
    return metric | {
        "type": "ratio",
        "type_params": {
            "numerator": {"name": "kpi_numerator", "filter": only},
            "denominator": {"name": "kpi_denominator", "filter": only},
        },
    }


def _only(entity: str, kpi_id: str) -> str:
    return f"{{{{ Dimension('{entity}__kpi_id') }}}} = '{kpi_id}'"
