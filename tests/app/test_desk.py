"""The SQL desk: what it reads, what it refuses, what it ends, and that its page says so."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk import desk
from app.desk.desk import DeskError, ask
from app.desk.examples import EXAMPLES
from app.desk.process import distinct
from tests.app.conftest import OpenView
from tests.app.test_views import texts
from tests.company import ROOT, Company

# Some minutes of work for any machine.
ENDLESS = "select count(*) from range(10_000_000) as a, range(10_000_000) as b where a.range + b.range = 7"


def reason(path: Path, sql: str, **limits: float) -> str:
    with pytest.raises(DeskError) as refused:
        ask(str(path), sql, **limits)  # type: ignore[arg-type]
    return refused.value.reason


def test_rows_come_as_they_are(full_file: Path) -> None:
    answer = ask(str(full_file), "from marts.dim_sites select site_id, site_name order by site_id;")
    with duckdb.connect(str(full_file), read_only=True) as con:
        expected = con.sql("select site_id, site_name from marts.dim_sites order by site_id").df()
    pd.testing.assert_frame_equal(answer.rows, expected, check_dtype=False)
    assert not answer.is_cut


@pytest.mark.parametrize(
    "value",
    ["interval 3 day", "[1, 2]", "{'a': 1}", "12345678901234567890123::hugeint", "1.50::decimal(9, 2)", "null",
     "time '12:00'", "timestamptz '2026-01-01 00:00:00+00'", "'2026-01-01'::date", "'a'::blob", "uuid()",
     "map {'a': 1}", "true"],
)  # fmt: skip
def test_every_type_has_a_value(full_file: Path, value: str, open_view: OpenView) -> None:
    sql = f"select {value} as value"
    assert len(ask(str(full_file), sql).rows) == 1
    test = open_view("desk", full_file, sql=sql)
    test.button[0].click().run()
    assert not test.exception
    assert test.dataframe[-1].value.shape == (1, 1)


def test_columns_of_one_name_are_told_apart(full_file: Path) -> None:
    assert list(ask(str(full_file), "select 1 as a, 2 as a, 3 as a_2").rows) == ["a", "a_2", "a_2_2"]


@given(st.lists(st.sampled_from(["a", "a_2", "a_2_2", "b", ""])))
def test_distinct_names_are_distinct(names: list[str]) -> None:
    told = distinct(names)
    assert len(set(told)) == len(told) == len(names)


def test_rows_beyond_the_limit_are_cut_and_told(full_file: Path) -> None:
    exactly = ask(str(full_file), "from range(5)", most_rows=5)
    assert (len(exactly.rows), exactly.is_cut) == (5, False)
    cut = ask(str(full_file), "from range(6)", most_rows=5)
    assert (list(cut.rows["range"]), cut.is_cut) == ([0, 1, 2, 3, 4], True)


def test_large_values_are_cut_too(full_file: Path) -> None:
    answer = ask(str(full_file), "select repeat('x', 100_000) as wide from range(10_000)")
    assert answer.is_cut
    assert 100 < len(answer.rows) < 10_000


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", "empty"),
        ("-- nothing", "empty"),
        ("select 1; select 2", "several"),
        ("drop table marts.kpi_values", "not_reading"),
        ("create temp table a as select 1", "not_reading"),
        ("insert into marts.dim_sites values (1)", "not_reading"),
        ("copy marts.dim_sites to 'sites.csv'", "not_reading"),
        ("attach ':memory:' as other", "not_reading"),
        ("set enable_external_access = true", "not_reading"),
        ("load httpfs", "not_reading"),
        ("selec 1", "error"),
        ("from read_text('/etc/passwd')", "error"),
        ("from glob('/*')", "error"),
        ("from '/etc/hostname'", "error"),
        ("explain analyze insert into marts.dim_sites select * from marts.dim_sites", "error"),
        ("select getenv('PATH')", "error"),
    ],
)
def test_what_does_not_read_the_version_is_refused(full_file: Path, sql: str, expected: str) -> None:
    before = full_file.stat()
    assert reason(full_file, sql) == expected
    after = full_file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_an_endless_statement_is_ended(full_file: Path) -> None:
    begun = time.monotonic()
    assert reason(full_file, ENDLESS, most_seconds=2) == "too_long"
    assert time.monotonic() - begun < 10


def test_a_greedy_statement_is_told_so(full_file: Path) -> None:
    greedy = "select list(range order by range desc) as everything from range(1_000_000_000)"
    assert reason(full_file, greedy, most_seconds=60) in ("error", "died")


def test_the_process_ends_by_itself_where_nobody_ends_it(full_file: Path) -> None:
    question = {"path": str(full_file), "sql": ENDLESS, "most_rows": 1, "most_bytes": 1, "most_cpu_seconds": 2}
    done = subprocess.run(
        [sys.executable, "-m", "app.desk.process"],
        cwd=ROOT,
        input=json.dumps(question),
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


def test_two_places_and_no_more(full_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_PATIENCE", 0.1)
    ended: list[str] = []
    others = [
        threading.Thread(target=lambda: ended.append(reason(full_file, ENDLESS, most_seconds=4))) for _ in range(2)
    ]
    for other in others:
        other.start()
    time.sleep(1)
    assert reason(full_file, "select 1") == "busy"
    for other in others:
        other.join()
    assert ended == ["too_long", "too_long"]
    assert len(ask(str(full_file), "select 1").rows) == 1


def test_the_process_knows_no_secret(full_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    run = desk.subprocess.run

    def noting(*arguments: object, **named: object) -> object:
        seen.update(named["env"])  # type: ignore[call-overload]
        return run(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("AFTERSALES_LOGIN_CLIENT_SECRET", "planted")
    monkeypatch.setattr(desk.subprocess, "run", noting)
    ask(str(full_file), "select 1")
    assert "PATH" in seen
    assert not any("AFTERSALES" in name for name in seen)
    assert "planted" not in seen.values()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_on_a_published_version(name: str, sample_company: Company) -> None:
    answer = ask(str(sample_company.current.resolve()), EXAMPLES[name])
    # A first version restates nothing.
    assert answer.rows.empty == (name == "restated")
    assert not answer.is_cut


def test_the_example_by_hand_agrees_with_the_kpi(sample_company: Company) -> None:
    rows = ask(str(sample_company.current.resolve()), EXAMPLES["kpi_by_hand"]).rows
    assert len(rows) > 12
    assert (rows["by_hand"] - rows["published"]).abs().max() < 1e-12


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_statement_is_run_when_asked(full_file: Path, open_view: OpenView, language: str) -> None:
    test = open_view("desk", full_file, language, sql="select 41 + 1 as answer")
    assert "desk_asked" not in test.session_state  # a link alone runs nothing
    test.button[0].click().run()
    assert list(test.dataframe[-1].value["answer"]) == [42]
    assert test.query_params["sql"] == "select 41 + 1 as answer"
    test.text_area[0].set_value("select nonsense").run()
    test.button[0].click().run()
    assert {"en": "could not run", "zh": "无法执行"}[language] in texts(test)
    assert any("nonsense" in code.value for code in test.code)


def test_an_example_fills_the_box(full_file: Path, open_view: OpenView) -> None:
    test = open_view("desk", full_file)
    test.selectbox(key="desk_example_en").set_value("sites").run()
    assert test.text_area[0].value == EXAMPLES["sites"]


def test_the_browser_describes_tables(sample_company: Company, open_view: OpenView) -> None:
    test = open_view("desk", sample_company.current.resolve(), table="marts.fct_tickets")
    columns = test.dataframe[0].value
    assert "first_response_at" in list(columns["Column"])
    assert columns["Description"].notna().all()
