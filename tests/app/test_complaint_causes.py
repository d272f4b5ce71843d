"""The page of complaints says what lies behind a cause, and that nothing does where nothing is told from chance."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows


def said(markdown: list[str]) -> str:
    return "\n".join(markdown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def test_what_lies_behind_a_cause_is_a_sentence_and_a_coloured_cell(full_file: Path, open_view: OpenView) -> None:
    test = open_view("complaints", full_file)
    assert not test.exception
    words = said([element.value for element in test.markdown])
    assert "Skill: repeated issue at 30.0 % of these requests, 10.0 % expected." in words
    # What is chance is drawn, but not said.
    assert "Unclear prices:" not in words
    (cells,) = [rows for rows in chart_rows(test) if {"row", "column"} <= set(rows)]
    coloured = cells[cells["is_enough"].astype(bool)]
    assert list(zip(coloured["row"], coloured["column"], strict=True)) == [("Skill", "repeated issue")]
    assert set(cells["row"]) == {"All complaints", "Skill", "Unclear prices"}


def test_where_nothing_is_told_from_chance_the_page_says_so(
    full_file: Path, tmp_path: Path, open_view: OpenView
) -> None:
    quiet = Path(shutil.copy(full_file, tmp_path / "warehouse.duckdb"))
    with duckdb.connect(str(quiet)) as con:
        con.execute("update marts.agg_complaint_causes set verdict = 'chance' where verdict = 'association'")
    test = open_view("complaints", quiet, "zh")
    assert WORDS["complaints.circumstances_silent"][1] in said([element.value for element in test.markdown])
