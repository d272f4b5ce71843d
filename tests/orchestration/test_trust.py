"""What a failed expectation does to the KPI values that depend on what it guards, on a build file written by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.results import ExpectationOutcome, GateReport, Severity
from orchestration.build_file import BuildRecord, CompanyRecord, create_build_file, write_gate
from orchestration.trust import Trust, stamp

BUILD_ID = "20260620T160000Z_aaaaaaaa"
_MARTS = """
create schema marts;
create table marts.dim_kpis as from (values ('speed', 'customer'), ('cost', 'financial')) as t (kpi_id, kpi_class);
create table marts.kpi_values as
select kpi_id, segment, 0.9 as value, 9.0 as numerator, 10.0 as denominator, 10 as eligible_count, 0.8 as interval_low,
    0.95 as interval_high, 0.1 as standard_deviation, 50.0 as score, 'on_target' as status, 'ok' as trust
from (values ('speed'), ('cost')) as kpis (kpi_id),
    (values ('all'), ('site'), ('channel'), ('region'), ('site_and_product_family')) as segments (segment);
create table marts.kpi_cells as select kpi_id, numerator from marts.kpi_values where segment = 'all';
create table marts.kpi_items as select kpi_id, numerator from marts.kpi_values where segment = 'all';
create table marts.agg_requests_by_kind_monthly as select kpi_id, value from marts.kpi_values where segment = 'all';
create table marts.agg_kpi_changes as select kpi_id, value from marts.kpi_values;
create table marts.agg_kpi_change_split as select kpi_id, value from marts.kpi_values where segment = 'all';
create table marts.agg_kpi_change_drill as select kpi_id, value from marts.kpi_values where segment = 'all';
create table marts.agg_findings as select kpi_id, value from marts.kpi_values where segment = 'all';
create table marts.agg_class_scores as select kpi_class, 70.0 as class_score from marts.dim_kpis;
create table marts.agg_technician_scorecards as
select 'all' as period_grain, date '2026-01-01' as period_start_date, technician_id, kpi_id, 0.9 as value,
    60.0 as total_score, 50.0 as total_low, 70.0 as total_high, 1 as total_rank_low, 2 as total_rank_high,
    2 as total_ranked_count, 'A' as band
from (values ('t1', 'speed'), ('t1', 'cost'), ('t2', 'cost')) as people (technician_id, kpi_id);
create table meta.kpi_columns as
from (values
    ('speed', 'raw', 'tickets', 'answered_at', null),
    ('speed', 'raw', 'tickets', '*', null),
    ('speed', 'raw', 'tickets', 'channel', 'channel'),
    ('speed', 'raw', 'tickets', 'site_id', 'site_id'),
    ('cost', 'raw', 'parts', 'price', null),
    ('cost', 'raw', 'tickets', 'answered_at', 'priority')
) as t (kpi_id, schema_name, table_name, column_name, split_by);
"""


def failed(
    table: str, *guards: str, severity: Severity = "warn", success: bool = False, schema: str = "raw", rows: str = "[]"
) -> ExpectationOutcome:
    return ExpectationOutcome(
        gate="gate_1",
        schema_name=schema,
        table_name=table,
        column_name=guards[0] if len(guards) == 1 and guards[0] != "*" else None,
        expectation="plausible",
        severity=severity,
        is_success=success,
        observed="3 of 1,500 rows",
        element_count=1500,
        unexpected_count=3,
        example_rows=rows,
        message=f"{schema}.{table}: 3 of 1,500 rows",
        guards=guards,
    )


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    moment = datetime(2026, 6, 20, 16, tzinfo=UTC)
    create_build_file(
        path,
        BuildRecord(BUILD_ID, moment, moment, "1", "code", "small", "abc"),
        CompanyRecord("Small", "小", "UTC", "CNY"),
        previous=None,
    )
    with duckdb.connect(str(path)) as con:
        con.execute(_MARTS)
    return path


def stamped(path: Path, *outcomes: ExpectationOutcome) -> Trust:
    write_gate(path, BUILD_ID, GateReport("gate_1", outcomes, 0.0))
    return stamp(path, BUILD_ID)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def warned(path: Path) -> set[tuple[str, str]]:
    return set(query(path, "select kpi_id, segment from marts.kpi_values where trust = 'warned'"))


SEGMENTS = ("all", "site", "channel", "region", "site_and_product_family")


def test_without_a_failure_all_is_well(build_file: Path) -> None:
    assert stamped(build_file, failed("parts", "price", success=True)) == Trust((), ())
    assert query(build_file, "select distinct trust from marts.kpi_values") == [("ok",)]
    assert query(build_file, "from meta.kpi_trust") == []


def test_a_warned_column_stamps_what_depends_on_it(build_file: Path) -> None:
    assert stamped(build_file, failed("parts", "price")) == Trust(("cost",), ())
    assert warned(build_file) == {("cost", segment) for segment in SEGMENTS}
    ((build_id, kpi, trust, table, column, message),) = query(
        build_file, "select build_id, kpi_id, trust, table_name, column_name, message from meta.kpi_trust"
    )
    assert (build_id, kpi, trust, table, column) == (BUILD_ID, "cost", "warned", "parts", "price")
    assert message == "raw.parts: 3 of 1,500 rows"


def test_a_table_of_which_no_kpi_asks_stamps_nothing(build_file: Path) -> None:
    assert stamped(build_file, failed("parts", "colour"), failed("shifts", "*")) == Trust((), ())


def test_a_column_that_only_splits_stamps_only_the_rows_so_split(build_file: Path) -> None:
    stamped(build_file, failed("tickets", "channel"))
    assert warned(build_file) == {("speed", "channel")}
    stamped(build_file, failed("tickets", "site_id"))
    assert warned(build_file) == {("speed", "site"), ("speed", "site_and_product_family")}


def test_the_rows_of_a_table_are_behind_every_column_of_it(build_file: Path) -> None:
    stamped(build_file, failed("tickets", "*"))
    assert {kpi for kpi, segment in warned(build_file) if segment == "all"} == {"speed"}
    assert query(build_file, "select kpi_id, split_by from meta.kpi_trust order by kpi_id") == [
        ("cost", ["priority"]),
        ("speed", []),
    ]


def test_cases_that_name_kpis_stamp_these(build_file: Path) -> None:
    assert stamped(build_file, failed("kpi_values", "kpi_id=cost", schema="marts")) == Trust(("cost",), ())


def test_a_withheld_kpi_shows_its_number_nowhere(build_file: Path) -> None:
    cases = failed("kpi_values", "kpi_id=speed", schema="marts", severity="withhold", rows='[{"value_now": 0.9}]')
    assert stamped(build_file, cases, failed("parts", "price")) == Trust(("cost",), ("speed",))
    numbers = "value, numerator, denominator, interval_low, interval_high, standard_deviation, score"
    assert query(
        build_file, f"select distinct trust, status, {numbers} from marts.kpi_values where kpi_id = 'speed'"
    ) == [("withheld", "no_value", *[None] * 7)]
    assert query(build_file, "select distinct eligible_count from marts.kpi_values") == [(10,)]
    for table in (
        "kpi_cells", "kpi_items", "agg_requests_by_kind_monthly", "agg_kpi_changes", "agg_kpi_change_split",
        "agg_kpi_change_drill", "agg_findings",
    ):  # fmt: skip
        assert query(build_file, f"select distinct kpi_id from marts.{table}") == [("cost",)], table
    assert query(build_file, "from marts.agg_class_scores order by all") == [("customer", None), ("financial", 70.0)]
    people = "select technician_id, kpi_id, total_score, band from marts.agg_technician_scorecards order by all"
    assert query(build_file, people) == [("t1", "cost", None, None), ("t2", "cost", 60.0, "A")]
    assert query(build_file, "select example_rows from meta.gates where schema_name = 'marts'") == [(None,)]


def test_withheld_is_the_whole_kpi_even_where_the_fault_only_splits(build_file: Path) -> None:
    stamped(build_file, failed("tickets", "channel", severity="withhold"))
    assert query(build_file, "select distinct kpi_id, trust from marts.kpi_values order by all") == [
        ("cost", "ok"),
        ("speed", "withheld"),
    ]


def test_what_was_found_in_another_build_counts_no_more(build_file: Path) -> None:
    write_gate(build_file, "20260619T160000Z_bbbbbbbb", GateReport("gate_1", (failed("parts", "price"),), 0.0))
    assert stamp(build_file, BUILD_ID) == Trust((), ())


def test_the_same_findings_give_the_same_stamps(build_file: Path) -> None:
    outcomes = (failed("tickets", "*"), failed("parts", "price", severity="withhold"))
    first = stamped(build_file, *outcomes)
    content = query(build_file, "from meta.kpi_trust"), query(build_file, "from marts.kpi_values order by all")
    assert stamped(build_file, *reversed(outcomes)) == first
    assert (
        query(build_file, "from meta.kpi_trust"),
        query(build_file, "from marts.kpi_values order by all"),
    ) == content


def test_trust_is_told_in_a_line() -> None:
    assert str(Trust((), ())) == "trust: no check of this build warned of a KPI"
    assert str(Trust(("a", "b"), ("c",))) == (
        "trust: 2 KPIs are stamped: a check of what they depend on warned; withheld: c (meta.kpi_trust says why)"
    )
