"""The view Improvement: overdue measures first, effects with what may be said of them, and words for every code."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published_actions import HOSTILE_FINDING
from tests.app.test_views import texts

MARTS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "marts"


def test_overdue_measures_come_first_and_findings_are_text(full_file: Path, open_view: OpenView) -> None:
    test = open_view("actions", full_file)
    assert not test.exception
    (table,) = [frame.value for frame in test.dataframe]
    statuses = list(table["Status"])
    assert statuses == sorted(statuses, key=["Overdue", "Open", "Done late", "Done"].index)
    assert statuses[0] == "Overdue"
    assert list(table["Days late"])[:1] == ["9"]
    assert set(table["Finding"]) == {HOSTILE_FINDING}
    assert set(table.loc[table["Status"] == "Open", "Measure"]) == {"Not decided yet"}


def test_the_sentence_counts_and_names_what_moved_most(full_file: Path, open_view: OpenView) -> None:
    page = texts(open_view("actions", full_file, site="s2"))
    # The company's measures hold for the site too.
    assert "Of 10 measures 6 are done and 2 overdue." in page
    assert "Of 4 that can be judged, the indicator moved for the better after 2 and for the worse after 0" in page
    assert "Weekly coaching" in page
    assert "of the 4 judged here that is 0.20." in page


def test_an_effect_says_why_and_draws_both_sides(full_file: Path, open_view: OpenView) -> None:
    test = open_view("actions", full_file, site="s2")
    page = texts(test)
    assert "Expected 80.00, came 88.00: +8.00 (95 % interval +5.00 … +11.00)." in page
    assert "Compared with the 3 others that had no measure for this indicator." in page
    assert "Whole months with a value since then: 1; three are needed." in page
    assert "Months left out because they called for it: 1." in page
    rows = [rows for rows in chart_rows(test) if "start" in rows]
    assert rows
    assert any(set(levels["series"]) == {"Before", "After", "Expected"} for levels in rows)
    # What is too early has levels, and nothing that was to be expected.
    assert any(set(levels["series"]) == {"Before", "After"} for levels in rows)


@pytest.mark.parametrize(("language", "says"), [("en", "not connected"), ("zh", "尚未接入")])
def test_without_a_register_it_says_how_to_name_one(
    language: str, says: str, empty_file: Path, open_view: OpenView
) -> None:
    test = open_view("actions", empty_file, language)
    assert says in texts(test)
    assert "improvement_actions" in texts(test)
    assert not test.metric


def test_a_register_of_nothing_done_draws_no_effect(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = Path(shutil.copy(full_file, tmp_path / "warehouse_begun.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.fct_improvement_actions where done_date is not null")
        con.execute("delete from marts.agg_action_effects")
        con.execute("delete from marts.agg_action_months")
    test = open_view("actions", path)
    assert not test.exception
    assert "No measure is done yet." in texts(test)
    assert "0 of 0" in texts(test)


def test_every_code_of_the_marts_has_words() -> None:
    kinds = {"step": "action_step", "verdict": "effect", "design": "actions.design", "status": "status"}
    found = set()
    for path in MARTS.glob("*/_actions__models.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            for column in model["columns"]:
                for test in column.get("data_tests", []):
                    if column["name"] in kinds and isinstance(test, dict) and "accepted_values" in test:
                        joint = "_" if column["name"] == "design" else "."
                        values = test["accepted_values"]["arguments"]["values"]
                        assert {f"{kinds[column['name']]}{joint}{value}" for value in values} <= set(WORDS)
                        found.add(column["name"])
                    if column["name"] == "reason" and isinstance(test, dict) and "accepted_values" in test:
                        silent = set(test["accepted_values"]["arguments"]["values"]) - {"told", "within_noise"}
                        assert {f"actions.reason_{value}" for value in silent} <= set(WORDS)
    assert found == set(kinds)
