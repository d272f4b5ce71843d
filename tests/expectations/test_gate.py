"""What a gate says of a small table of tickets: the base suite, the reasons why a gate cannot run, and the report."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.gate import run_gate
from expectations.results import ExpectationOutcome, GateReport
from expectations.tables import ColumnSpec, TableSpec
from tests.expectations.tables import AS_OF, NOON, disconnected, own_limit, shipped_limits, write

# Not a feed of the contract: only the base suite applies.
CASES = TableSpec(
    schema_name="raw",
    table_name="cases",
    key=("case_id",),
    columns=(
        ColumnSpec("case_id", "varchar", True, (), None, None, None),
        ColumnSpec("status", "varchar", True, ("open", "closed"), None, None, None),
        ColumnSpec("phone", "varchar", False, ("1", "2"), "direct", None, None),
        ColumnSpec("owner_id", "varchar", False, (), None, "owners", None),
        ColumnSpec("wait_seconds", "bigint", False, (), None, None, "seconds"),
        ColumnSpec("opened_at", "timestamp", True, (), None, None, None),
        ColumnSpec("promised_at", "timestamp", False, (), None, None, None),
    ),
    is_connected=True,
)
OWNERS = TableSpec(
    schema_name="raw",
    table_name="owners",
    key=("owner_id",),
    columns=(ColumnSpec("owner_id", "varchar", True, (), None, None, None),),
    is_connected=True,
)


def case(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "case_id": f"c{number}",
        "status": "open",
        "phone": "1",
        "owner_id": "o1",
        "wait_seconds": 10,
        "opened_at": NOON,
        "promised_at": NOON,
    }
    return row | changes


def check(tmp_path: Path, *rows: dict[str, Any], spec: TableSpec = CASES) -> GateReport:
    path = write(tmp_path / "ingest.duckdb", [(CASES, rows), (OWNERS, [{"owner_id": "o1"}])])
    owners = own_limit("gate_1", "cases", "owner_id", "known_in_owners", severity="warn")
    return run_gate("gate_1", path, [spec, OWNERS], as_of=AS_OF, limits=owners)


def failures(report: GateReport) -> list[tuple[str, str | None, str]]:
    return [(o.expectation, o.column_name, o.severity) for o in report.outcomes if not o.is_success]


def only_failure(report: GateReport) -> ExpectationOutcome:
    (outcome,) = [o for o in report.outcomes if not o.is_success]
    return outcome


def test_good_table_passes_and_every_expectation_is_reported(tmp_path: Path) -> None:
    report = check(tmp_path, case(1), case(2, status="closed"))
    assert failures(report) == []
    assert report.passed
    assert [(o.expectation, o.column_name) for o in report.outcomes if o.table_name == "owners"] == [
        ("row_count", None),
        ("columns", None),
        ("types", None),
        ("rejects", None),
        ("new_rows", None),
        ("not_null", "owner_id"),
        ("key_unique", "owner_id"),
    ]
    identities = [(o.table_name, o.expectation, o.column_name) for o in report.outcomes]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"status": None}, ("not_null", "status", "stop")),
        ({"case_id": "c1"}, ("key_unique", "case_id", "stop")),
        ({"status": "lost"}, ("allowed_values", "status", "stop")),
        ({"owner_id": "o9"}, ("known_in_owners", "owner_id", "warn")),
        ({"wait_seconds": -1}, ("range", "wait_seconds", "stop")),
        ({"opened_at": datetime(1989, 12, 31)}, ("not_before_1990", "opened_at", "stop")),
        ({"opened_at": datetime(2026, 6, 3)}, ("not_after_as_of", "opened_at", "warn")),
    ],
)
def test_one_bad_cell_fails_its_expectation_alone(
    tmp_path: Path, changes: dict[str, Any], failure: tuple[str, str, str]
) -> None:
    report = check(tmp_path, case(1), case(2, **changes))
    assert failures(report) == [failure]
    assert report.passed == (failure[2] == "warn")


def test_a_promise_may_lie_ahead(tmp_path: Path) -> None:
    assert failures(check(tmp_path, case(1, promised_at=datetime(2027, 1, 1)))) == []


def test_as_of_is_read_in_its_zone(tmp_path: Path) -> None:
    """2026-01-02 10:00 UTC lies more than a day after 2026-01-01 09:00 UTC, which a zone of +08:00 writes as 17:00."""
    path = write(tmp_path / "i.duckdb", [(CASES, [case(1, opened_at=datetime(2026, 1, 2, 10))])])
    zoned = datetime.fromisoformat("2026-01-01T17:00:00+08:00")
    assert zoned.astimezone(UTC).hour == 9
    late = run_gate("gate_1", path, [CASES], as_of=zoned, limits=shipped_limits())
    assert failures(late) == [("not_after_as_of", "opened_at", "warn")]
    in_time = run_gate(
        "gate_1", path, [CASES], as_of=datetime.fromisoformat("2026-01-01T10:00:00+00:00"), limits=shipped_limits()
    )
    assert failures(in_time) == []


def test_without_as_of_nothing_is_too_late(tmp_path: Path) -> None:
    path = write(tmp_path / "i.duckdb", [(CASES, [case(1, opened_at=datetime(2999, 1, 1))])])
    assert failures(run_gate("gate_1", path, [CASES], limits=shipped_limits())) == []


def test_few_rows_out_of_range_warn_and_many_stop(tmp_path: Path) -> None:
    rows = [case(number) for number in range(99)]
    few = check(tmp_path, *rows, case(99, wait_seconds=-1))
    assert failures(few) == [("range", "wait_seconds", "warn")]
    assert few.passed
    (tmp_path / "ingest.duckdb").unlink()
    many = check(tmp_path, *rows[:94], *(case(number, wait_seconds=-1) for number in range(94, 100)))
    assert failures(many) == [("range", "wait_seconds", "stop")]
    assert not many.passed


def test_missing_values_are_not_counted_as_rows(tmp_path: Path) -> None:
    """Six of seven waits are unknown; the one that is known is negative, and that is every known one."""
    rows = [case(number, wait_seconds=None) for number in range(6)]
    outcome = only_failure(check(tmp_path, *rows, case(6, wait_seconds=-1)))
    assert (outcome.observed, outcome.severity, outcome.element_count) == ("1 of 1 rows", "stop", 7)


def test_connected_table_without_rows_fails(tmp_path: Path) -> None:
    outcome = only_failure(check(tmp_path))
    assert (outcome.expectation, outcome.table_name, outcome.observed) == ("row_count", "cases", "0 rows")


def test_minimum_of_rows_is_demanded(tmp_path: Path) -> None:
    report = check(tmp_path, case(1), spec=replace(CASES, minimum_rows=2))
    assert failures(report) == [("row_count", None, "stop")]


def test_not_connected_table_must_be_empty(tmp_path: Path) -> None:
    report = check(tmp_path, case(1), spec=disconnected(CASES))
    assert failures(report) == [("row_count", None, "stop")]


def test_not_connected_table_may_be_empty_but_not_misshapen(tmp_path: Path) -> None:
    assert check(tmp_path, spec=disconnected(CASES)).passed
    (tmp_path / "ingest.duckdb").unlink()
    extra = ColumnSpec("colour", "varchar", False, (), None, None, None)
    report = check(tmp_path, spec=replace(disconnected(CASES), columns=(*CASES.columns, extra)))
    assert failures(report) == [("columns", None, "stop")]


def test_missing_table_fails_and_the_others_are_still_checked(tmp_path: Path) -> None:
    path = write(tmp_path / "ingest.duckdb", [(CASES, [case(1)])])
    report = run_gate("gate_1", path, [CASES, OWNERS], as_of=AS_OF, limits=shipped_limits())
    assert failures(report) == [("exists", None, "stop")]
    assert only_failure(report).table_name == "owners"
    assert any(o.table_name == "cases" and o.expectation == "allowed_values" for o in report.outcomes)


def test_missing_column_fails(tmp_path: Path) -> None:
    path = write(tmp_path / "ingest.duckdb", [(CASES, [case(1)])])
    with duckdb.connect(str(path)) as con:
        con.execute("alter table raw.cases drop column status")
    outcome = only_failure(run_gate("gate_1", path, [CASES], limits=shipped_limits()))
    assert (outcome.expectation, outcome.severity, outcome.observed) == ("columns", "stop", "missing columns: status")
    assert "status" in outcome.message


def test_a_feed_may_have_more_columns_and_a_mart_may_not(tmp_path: Path) -> None:
    spec = replace(CASES, schema_name="marts")
    path = write(tmp_path / "build.duckdb", [(spec, [case(1)])])
    with duckdb.connect(str(path)) as con:
        con.execute("alter table marts.cases add column colour varchar")
    assert run_gate("gate_1", path, [spec], limits=shipped_limits()).passed
    outcome = only_failure(run_gate("gate_2", path, [spec], limits=shipped_limits()))
    assert (outcome.expectation, outcome.observed) == ("columns", "unexpected columns: colour")


def test_wrong_type_fails(tmp_path: Path) -> None:
    path = write(tmp_path / "ingest.duckdb", [(CASES, [case(1)])])
    with duckdb.connect(str(path)) as con:
        con.execute("alter table raw.cases alter column wait_seconds type varchar")
    outcome = only_failure(run_gate("gate_1", path, [CASES], limits=shipped_limits()))
    assert (outcome.expectation, outcome.severity) == ("types", "stop")
    assert json.loads(outcome.example_rows or "") == [
        {"column_name": "wait_seconds", "promised_type": "bigint", "delivered_type": "VARCHAR"}
    ]


def test_compound_key_must_be_unique(tmp_path: Path) -> None:
    spec = replace(CASES, key=("status", "owner_id"))
    outcome = only_failure(check(tmp_path, case(1), case(2, status="closed"), case(3), spec=spec))
    assert (outcome.expectation, outcome.column_name, outcome.unexpected_count) == ("key_unique", None, 2)
    assert json.loads(outcome.example_rows or "") == [{"status": "open", "owner_id": "o1"}] * 2


def test_rows_whose_key_is_partly_empty_are_told_apart_by_the_rest(tmp_path: Path) -> None:
    spec = replace(CASES, key=("status", "phone", "owner_id"))
    same, other = {"phone": None, "owner_id": "o1"}, {"phone": None, "status": "closed"}
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    assert check(tmp_path / "one", case(1, **same), case(2, **other), spec=spec).passed
    outcome = only_failure(check(tmp_path / "two", case(1, **same), case(2, **same), case(3), spec=spec))
    assert (outcome.expectation, outcome.unexpected_count) == ("key_unique", 2)
    assert json.loads(outcome.example_rows or "")[0]["status"] == "open"


def test_expectation_that_raises_fails_with_its_reason(tmp_path: Path) -> None:
    """The mart's suite asks meta.feeds whether rows are due. Without that table there is no answer."""
    spec = TableSpec(
        "marts", "dim_products", (), (ColumnSpec("product_id", "varchar", True, (), None, None, None),), True
    )
    path = write(tmp_path / "build.duckdb", [(spec, [{"product_id": "p1"}])])
    with duckdb.connect(str(path)) as con:
        con.execute("drop table meta.feeds")
    report = run_gate("gate_2", path, [spec], limits=shipped_limits())
    outcome = only_failure(report)
    assert (outcome.expectation, outcome.severity, report.passed) == ("filled", "stop", False)
    assert "could not be evaluated" in outcome.message
    assert "feeds does not exist" in outcome.message
    assert len(report.outcomes) > 1


def test_expectation_that_disappears_fails(tmp_path: Path) -> None:
    """A column promised twice makes the same expectation twice. Great Expectations drops one without a word."""
    path = write(tmp_path / "ingest.duckdb", [(OWNERS, [{"owner_id": "o1"}])])
    outcome = only_failure(
        run_gate("gate_1", path, [replace(OWNERS, columns=OWNERS.columns * 2)], limits=shipped_limits())
    )
    assert (outcome.expectation, outcome.severity) == ("suite", "stop")
    assert "different ones evaluated" in outcome.message


def test_nothing_to_check_is_a_failure(tmp_path: Path) -> None:
    report = run_gate("gate_1", write(tmp_path / "ingest.duckdb", []), [], limits=shipped_limits())
    assert failures(report) == [("tables", None, "stop")]
    assert not report.passed


def test_missing_file_is_a_failure(tmp_path: Path) -> None:
    report = run_gate("gate_1", tmp_path / "none.duckdb", [CASES], limits=shipped_limits())
    assert failures(report) == [("file", None, "stop")]
    assert "none.duckdb does not exist" in report.summary()
    assert not (tmp_path / "none.duckdb").exists()


def test_file_that_is_no_database_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "ingest.duckdb"
    path.write_text("not a database")
    report = run_gate("gate_1", path, [CASES], limits=shipped_limits())
    assert failures(report) == [("run", None, "stop")]
    assert "not a valid DuckDB database file" in report.summary()


def test_afterwards_the_file_is_free(tmp_path: Path) -> None:
    """DuckDB refuses a writer, here or in another process, as long as any read-only connection is left."""
    path = write(tmp_path / "ingest with space.duckdb", [(CASES, [case(1, status="lost")])])
    run_gate("gate_1", path, [CASES], limits=shipped_limits())
    script = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table other (x int)')"
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    with duckdb.connect(str(path)) as con:
        con.execute("insert into other values (1)")


def test_examples_mask_personal_data(tmp_path: Path) -> None:
    rows = [case(number, phone="13800138000") for number in range(7)]
    report = check(tmp_path, *rows)
    outcome = only_failure(report)
    assert (outcome.expectation, outcome.unexpected_count) == ("allowed_values", 7)
    assert json.loads(outcome.example_rows or "") == [{"case_id": f"c{n}", "phone": "***"} for n in range(5)]
    assert "13800138000" not in repr(report)


def test_personal_key_is_masked(tmp_path: Path) -> None:
    columns = (replace(CASES.columns[0], pii="indirect"), *CASES.columns[1:])
    outcome = only_failure(check(tmp_path, case(1, status="lost"), spec=replace(CASES, columns=columns)))
    assert json.loads(outcome.example_rows or "") == [{"case_id": "***", "status": "lost"}]


def test_names_and_values_are_quoted(tmp_path: Path) -> None:
    """Reserved words, quotes and braces in names and values reach the database as they are."""
    odd = ColumnSpec('or"der {x}', "varchar", True, ("it's {1}", 'a "b"'), None, None, None)
    key = ColumnSpec("group", "varchar", True, (), None, "select", None)
    spec = TableSpec("raw", "select", (key.name,), (key, odd), is_connected=True)
    path = write(tmp_path / "odd.duckdb", [])
    with duckdb.connect(str(path)) as con:
        con.execute(
            """create table raw."select" as
            select 'g1' as "group", 'it''s {1}' as "or""der {x}",
                '' as _source, '' as _file, 1 as _line, '' as _batch_id"""
        )
    assert failures(run_gate("gate_1", path, [spec], limits=shipped_limits())) == []
    with duckdb.connect(str(path)) as con:
        con.execute("""update raw."select" set "or""der {x}" = '{y}'""")
    outcome = only_failure(run_gate("gate_1", path, [spec], limits=shipped_limits()))
    assert json.loads(outcome.example_rows or "") == [{"group": "g1", odd.name: "{y}"}]


def test_summary_names_table_column_count_and_rows(tmp_path: Path) -> None:
    report = check(tmp_path, case(1, status="lost"), case(2, status="lost"), case(3), case(4, owner_id="o9"))
    lines = report.summary().splitlines()
    assert lines[0].startswith("gate_1 FAILED: ")
    assert "1 failed, 1 warnings" in lines[0]
    assert lines[1:] == [
        "  FAILED  raw.cases.status: 2 of 4 rows (50.00%) contradict that status is one of open, closed",
        '          e.g. {"case_id": "c1", "status": "lost"}',
        '          e.g. {"case_id": "c2", "status": "lost"}',
        "  warning raw.cases.owner_id: 1 of 4 rows (25.00%) contradict that owner_id is a known row of owners",
    ]


def test_importing_the_gate_does_not_import_great_expectations() -> None:
    script = (
        "import sys, expectations.gate, expectations.results, expectations.tables;"
        "sys.exit('great_expectations' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_run_draws_and_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    check(tmp_path, case(1, status="lost"))
    assert capfd.readouterr() == ("", "")
