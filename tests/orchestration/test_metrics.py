"""The semantic layer says what kpi_values says: for every KPI, by month, quarter and segment."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from orchestration.metrics import METRICS_FILE, read_registry, write_metrics
from tests.company import Company

REGISTRY = read_registry()
ADDING_UP = [row["kpi_id"] for row in REGISTRY if row["adds_up"] == "true"]
LEVELS = [row["kpi_id"] for row in REGISTRY if row["adds_up"] == "false"]


def test_the_metrics_are_written_from_the_registry() -> None:
    """After a change of the registry run `aftersales metrics write`."""
    assert METRICS_FILE.read_text(encoding="utf-8") == write_metrics(REGISTRY)


def test_the_last_row_of_a_kpi_in_the_order_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text("kpi_id,valid_from_date,unit\nb,1990-01-01,old\na,1990-01-01,x\nb,2026-01-01,new\n")
    assert [(row["kpi_id"], row["unit"]) for row in read_registry(file)] == [("b", "new"), ("a", "x")]


def ask(company: Company, target: Path, metrics: list[str], *arguments: str) -> list[dict[str, str]]:
    company.run("metrics", "query", "--metrics", ",".join(metrics), *arguments, "--csv", str(target))
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agree(told: str, published: float | None) -> bool:
    if published is None or math.isnan(published):
        return told in ("", "nan")
    return told != "" and math.isclose(float(told), published, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("grain", "segment", "column"),
    [("month", "all", None), ("quarter", "region", "region"), ("year", "product_family", "product_family")],
)
def test_every_kpi_that_adds_up(
    sample_company: Company, tmp_path: Path, grain: str, segment: str, column: str | None
) -> None:
    group = [f"metric_time__{grain}", *([f"kpi_cell__{column}"] if column else [])]
    told = ask(sample_company, tmp_path / "told.csv", ADDING_UP, "--group-by", ",".join(group))
    rows = {(row[group[0]][:10], *(row[name] for name in group[1:])): row for row in told}
    published = sample_company.query(
        f"""
        select kpi_id, cast(period_start_date as varchar), {column or "'all'"}, value
        from marts.kpi_values where period_grain = ? and segment = ?
        """,
        [grain, segment],
    )
    checked = {
        (kpi, *key): agree(rows[key][kpi], value)
        for kpi, start, member, value in published
        if kpi in ADDING_UP
        for key in [(start, member) if column else (start,)]
    }
    assert len({kpi for kpi, *_ in checked}) >= (25 if column is None else 10)
    assert [key for key, is_equal in checked.items() if not is_equal] == []


def test_every_kpi_that_is_a_level(sample_company: Company, tmp_path: Path) -> None:
    where = "{{ Dimension('kpi_level__segment') }} = 'all'"
    told = ask(
        sample_company,
        tmp_path / "told.csv",
        LEVELS,
        *("--group-by", "metric_time__day,kpi_level__period_grain", "--where", where),
    )
    rows = {(row["metric_time__day"][:10], row["kpi_level__period_grain"]): row for row in told}
    published = sample_company.query(
        "select kpi_id, cast(period_start_date as varchar), period_grain, value from marts.kpi_values "
        "where segment = 'all' and list_contains(?, kpi_id)",
        [LEVELS],
    )
    assert {kpi for kpi, *_ in published} == set(LEVELS)
    assert [
        (kpi, start, grain) for kpi, start, grain, value in published if not agree(rows[start, grain][kpi], value)
    ] == []


def test_what_is_published_says_which_kpis_add_up(sample_company: Company) -> None:
    of_cells = {kpi for (kpi,) in sample_company.query("select distinct kpi_id from marts.kpi_cells")}
    available = {kpi for (kpi,) in sample_company.query("select kpi_id from marts.dim_kpis where is_available")}
    assert of_cells <= set(ADDING_UP)
    assert {kpi for kpi in available if kpi in ADDING_UP} - of_cells == set()


def test_a_wrong_question_is_an_error(sample_company: Company) -> None:
    done = sample_company.run("metrics", "query", "--metrics", "csat_topbox", expected=1)
    assert "csat_top_box_share" in done.stdout + done.stderr


def test_nothing_published_says_what_to_run(tmp_path: Path) -> None:
    done = Company(tmp_path).run("metrics", "query", "--metrics", "nps", expected=1)
    assert "aftersales build" in done.stderr
