"""Why an expectation could not be evaluated: the engine's words without the values that it quotes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.gate import run_gate
from expectations.outcomes import shortened
from expectations.tables import ColumnSpec, TableSpec
from tests.expectations.tables import shipped_limits, write
from tests.expectations.test_gate import CASES, case, failures

TEXTS = st.text(min_size=5, max_size=30).map(lambda text: f"<{text}>")


def test_a_value_that_the_engine_quotes_is_masked(tmp_path: Path) -> None:
    path = write(tmp_path / "ingest.duckdb", [(CASES, [case(1, phone="Zhang San")])])
    with duckdb.connect(str(path)) as con:
        con.execute("create view raw.owners as select cast(phone as integer)::varchar as owner_id from raw.cases")
    owner = ColumnSpec("owner_id", "varchar", True, (), "direct", None, None)
    report = run_gate("gate_1", path, [TableSpec("raw", "owners", (), (owner,), True)], limits=shipped_limits())
    assert ("not_null", "owner_id", "stop") in failures(report)
    assert "Could not convert string '***' to INT32" in report.summary()
    assert "Zhang" not in repr(report)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Conversion Error: Type INT64 with value 13800138000 can't be cast", "with value *** can't be cast"),
        ('Conversion Error: date field value out of range: "2026-13-01", expected', "out of range: '***', expected"),
        ("Conversion Error: Could not convert string 'O'Brien' to INT32", "string '***' to INT32"),
        ("Conversion Error: Could not convert string 'cut off", "string '***'"),
        ('(_duckdb.CatalogException) Catalog Error: no feeds! Did you mean "rejects"?', 'you mean "rejects"?'),
        ('Binder Error: Referenced column "colour" not found', 'column "colour" not found'),
        ("Conversion Error: 'Zhang' [SQL: select 'Li']", "Conversion Error: '***'"),
    ],
)
def test_names_stay_and_values_go(reason: str, said: str) -> None:
    shown = shortened(reason)
    assert said in shown
    assert not [value for value in ("Brien", "cut", "Zhang", "Li'", "13800138000", "2026-13") if value in shown]


@given(value=TEXTS, mark=st.sampled_from("'\""))
def test_no_quoted_value_gets_through(value: str, mark: str) -> None:
    shown = shortened(f"Conversion Error: Could not convert string {mark}{value}{mark} to INT32")
    assert shown == "Conversion Error: Could not convert string '***' to INT32"
