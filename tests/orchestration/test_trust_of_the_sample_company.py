"""Which KPIs of the sample company a fault at its sources touches: exactly those whose definition reads the column.

The expected lists are written by hand from the definitions of the registry, not from what the lineage says.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.gate import run_gate
from expectations.limits import Limits
from expectations.results import ExpectationOutcome
from orchestration.build_file import write_gate
from orchestration.duckdb_files import attach
from orchestration.trust import Trust, stamp
from orchestration.versions.column_lineage import ColumnLineage
from orchestration.versions.kpi_columns import KPI_VALUES, SEGMENTS, read_models
from tests.company import Company
from tests.expectations.tables import feed_specs, own_limit, shipped_limits

# Call centre: who waited how long before an agent came, or before giving up.
WAITING = {
    "average_speed_of_answer",
    "call_abandonment_rate_excluding_short",
    "call_service_level_20s",
    "call_service_level_20s_excluding_short",
}
# Surveys: a score outside its scale is no valid answer, of whatever question.
ANSWERS = {
    *("csat_mean", "csat_mean_3_point", "csat_top_box_share", "csat_top_box_share_3_point"),
    *("ces_mean", "ces_easy_share", "nps", "nps_transactional"),
    *(f"{aspect}_top_box_share" for aspect in ("attitude", "empathy", "friendliness", "professionalism")),
    *(f"{aspect}_top_box_share" for aspect in ("product", "quality", "timeliness", "effectiveness")),
    *("effective_communication_rate", "fcr_survey_rate", "feedback_count", "survey_response_rate"),
}
# Parts: what was promised, alone and among all promises.
PART_PROMISES = {"parts_on_time_rate", "promises_kept_rate", "customers_kept_every_promise"}
# Public ratings, training, certificates: one KPI each.
ALONE = {
    ("reviews", "rating"): "review_rating_mean",
    ("labor_costs", "training_hours"): "training_hours_per_technician",
    ("technicians", "certified_until_date"): "certified_technician_share",
}


@pytest.fixture(scope="module")
def lineage(sample_company: Company) -> Iterator[ColumnLineage]:
    """What the build read of its own SQL."""
    (scratch,) = (sample_company.root / "build").glob("*/scratch.duckdb")
    manifest = json.loads((scratch.parent / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect() as con:
        attach(con, sample_company.current.resolve(), "build", read_only=True)
        attach(con, scratch, "scratch", read_only=True)
        attach(con, sample_company.root / "ingest" / "ingest.duckdb", "ingest", read_only=True)
        yield ColumnLineage(read_models(con, manifest))


def test_every_model_behind_a_kpi_can_be_read(lineage: ColumnLineage) -> None:
    assert lineage.unread == []
    # Left joins of which nothing says that they find one row count as deciding: more is said than need be.
    assert len(lineage.widening) < 30, lineage.widening


def test_every_kpi_depends_on_a_column_of_a_feed(sample_company: Company) -> None:
    without = sample_company.query(
        "select distinct kpi_id from marts.kpi_values where kpi_id not in ("
        "select kpi_id from meta.kpi_columns where schema_name = 'raw' and column_name <> '*' and split_by is null)"
    )
    assert without == []
    known = "select kpi_id from meta.kpi_columns except select kpi_id from marts.dim_kpis"
    assert sample_company.query(known) == []


@pytest.mark.parametrize(("table", "column"), list(ALONE))
def test_a_column_of_one_kpi_is_of_no_other(sample_company: Company, table: str, column: str) -> None:
    found = sample_company.query(
        "select kpi_id from meta.kpi_columns where table_name = ? and column_name = ? and split_by is null",
        [table, column],
    )
    assert found == [(ALONE[table, column],)]


@pytest.mark.parametrize(
    ("kpi", "depends", "does_not"),
    [
        (
            "csat_mean",
            "survey_answers.raw_score",
            ("part_lines.quantity", "calls.queue_seconds", "tickets.resolved_at"),
        ),
        (
            "average_speed_of_answer",
            "calls.answered_at",
            ("calls.wrap_seconds", "tickets.created_at", "shifts.ends_at"),
        ),
        ("repeat_contact_rate", "tickets.customer_id", ("survey_answers.raw_score", "part_lines.unit_cost_amount")),
        ("first_response_time_mean", "tickets.first_response_at", ("part_lines.quantity", "survey_answers.raw_score")),
        (
            "parts_cost_share",
            "part_lines.unit_cost_amount",
            ("survey_answers.raw_score", "part_stock.on_hand_quantity"),
        ),
    ],
)
def test_dependencies_that_are_known(lineage: ColumnLineage, kpi: str, depends: str, does_not: tuple[str, ...]) -> None:
    found = lineage.inputs(KPI_VALUES, ["value"], kpi, SEGMENTS)[None]
    columns = {f"{table}.{column}" for (schema, table), column in found if schema == "raw"}
    assert depends in columns
    assert columns.isdisjoint(does_not)


def test_a_channel_only_divides(lineage: ColumnLineage) -> None:
    found = lineage.inputs(KPI_VALUES, ["value"], "csat_mean", SEGMENTS)
    by = {split for split, columns in found.items() if (("raw", "tickets"), "channel") in columns}
    assert by == {"channel"}


@pytest.fixture
def copy(sample_company: Company, tmp_path: Path) -> tuple[Path, Path, str]:
    """Its landed feeds and its build file, without what its own checks found, and the build's id."""
    ingest, build_file = tmp_path / "ingest.duckdb", sample_company.unpublish(tmp_path)
    shutil.copy(sample_company.root / "ingest" / "ingest.duckdb", ingest)
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from meta.gates where not is_success")
    return ingest, build_file, sample_company.current.resolve().stem.removeprefix("warehouse_")


def planted(
    copy: tuple[Path, Path, str], feed: str, fault: str, limits: Limits
) -> tuple[list[ExpectationOutcome], Trust]:
    """What gate 1 finds of a feed with a fault, and how the values are stamped for it."""
    ingest, build_file, build_id = copy
    with duckdb.connect(str(ingest)) as con:
        key = ", ".join(feed_specs()[feed].key)
        con.execute(
            f"update raw.{feed} set {fault} where ({key}) in (select ({key}) from raw.{feed} order by all limit 1)"
        )
    report = run_gate("gate_1", ingest, [feed_specs()[feed]], limits=limits)
    write_gate(build_file, build_id, replace(report, outcomes=tuple(o for o in report.outcomes if not o.is_success)))
    return list(report.warnings), stamp(build_file, build_id)


@pytest.mark.parametrize(
    ("feed", "fault", "expected"),
    [
        ("calls", "queue_seconds = -5", WAITING),
        ("survey_answers", "raw_score = scale_max + 1", ANSWERS),
        ("part_lines", "promised_at = timestamp '1970-01-01'", PART_PROMISES),
    ],
)
def test_a_broken_row_stamps_exactly_the_kpis_that_read_its_column(
    copy: tuple[Path, Path, str], feed: str, fault: str, expected: set[str]
) -> None:
    limits = Limits(tuple(replace(row, doubted_share=None) for row in shipped_limits().rows))
    warnings, trust = planted(copy, feed, fault, limits)
    assert warnings
    assert trust.withheld == ()
    column = fault.split(maxsplit=1)[0]
    with duckdb.connect(str(copy[1]), read_only=True) as con:
        for_it = con.execute(
            "select distinct kpi_id from meta.kpi_trust where table_name = ? and column_name in (?, 'scale_max')",
            [feed, column],
        ).fetchall()
        stamps = con.execute("select distinct kpi_id from marts.kpi_values where trust = 'warned'").fetchall()
    assert {kpi for (kpi,) in for_it} == expected
    assert {kpi for (kpi,) in stamps} == set(trust.warned)


def test_a_company_may_withhold(copy: tuple[Path, Path, str]) -> None:
    own = own_limit("gate_1", "calls", "queue_seconds", "range", severity="withhold", tolerated_share=0.0)
    _, trust = planted(copy, "calls", "queue_seconds = -5", own)
    assert set(trust.withheld) == WAITING
    with duckdb.connect(str(copy[1]), read_only=True) as con:
        shown = con.execute(
            "select count(*) from marts.kpi_values "
            "where trust = 'withheld' and coalesce(value, numerator, interval_low) is not null"
        ).fetchone()
        others = con.execute(
            "select count(*) from marts.kpi_values where trust = 'ok' and value is not null"
        ).fetchone()
        cells = con.execute(
            "select count(*) from marts.kpi_cells where kpi_id in (select unnest(?))", [sorted(WAITING)]
        )
        assert (shown, cells.fetchone()) == ((0,), (0,))
        assert others is not None
        assert others[0] > 0
