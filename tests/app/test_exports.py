"""A saved table opens in a spreadsheet without any cell becoming a formula, and its numbers stay numbers."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from app.exports import write_csv

CONFIG = Path(__file__).resolve().parents[2] / "app" / ".streamlit" / "config.toml"
OBEYED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_planted_cells_become_text() -> None:
    planted = [
        "=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=HYPERLINK(\"http://x\",\"y\")",
        "-1 h", "--1",
    ]  # fmt: skip
    rows = read(write_csv(pd.DataFrame({"=cmd|' /C calc'!A0": planted})))
    assert rows == [["'=cmd|' /C calc'!A0"], *([f"'{cell}"] for cell in planted)]


def test_harmless_cells_stay() -> None:
    kept = ["上海", "a=b", "", " -", "3–9 of 26", "-12.5", "–"]
    assert read(write_csv(pd.DataFrame({"text": kept}))) == [["text"], *([cell] for cell in kept)]


def test_numbers_stay_numbers() -> None:
    table = pd.DataFrame({"value": [-1.5, 2.0, None], "count": [-3, 4, 5], "when": pd.to_datetime(["2026-01-01"] * 3)})
    lines = write_csv(table).decode("utf-8-sig").splitlines()
    assert lines == [
        '"value","count","when"', '-1.5,-3,"2026-01-01"', '2.0,4,"2026-01-01"', '"",5,"2026-01-01"',
    ]  # fmt: skip


def test_a_text_is_quoted_so_that_no_list_separator_cuts_it() -> None:
    assert b'"a;=1+1"' in write_csv(pd.DataFrame({"text": ["a;=1+1"]}))


@given(st.lists(st.text(), min_size=1), st.text(min_size=1))
def test_no_cell_starts_like_a_formula(cells: list[str], head: str) -> None:
    rows = read(write_csv(pd.DataFrame({head: pd.Series(cells, dtype=object)})))
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(OBEYED) or float(cell) < 1


def test_the_tables_own_export_is_switched_off() -> None:
    assert tomllib.loads(CONFIG.read_text("utf-8"))["client"]["disableDataExport"] is True
