"""A saved table opens in a spreadsheet without any cell becoming a formula, and its numbers stay numbers."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exports import write_csv, write_xlsx
from app.warehouse import SOURCES, Warehouse
from tests.app.conftest import OpenView

CONFIG = Path(__file__).resolve().parents[2] / "app" / ".streamlit" / "config.toml"
MADE = datetime(2026, 6, 20, 16)
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


def workbook(table: pd.DataFrame) -> openpyxl.Workbook:
    data = write_xlsx(table, "Table", {"Company": "Test & Co", "=Scope": "=1+1"}, "About", MADE)
    return openpyxl.load_workbook(io.BytesIO(data))


def test_a_workbook_keeps_kinds_of_cells() -> None:
    table = pd.DataFrame(
        {
            "text": ["上海", "007", "http://example.invalid", None],
            "value": [-1.5, 2.0, None, float("inf")],
            "count": [-3, 4, 5, 6],
            "day": [date(2026, 6, 1), None, None, None],
            "when": pd.to_datetime(["2026-01-01 12:30", None, None, None]),
            "sure": [True, False, True, True],
        }
    )
    book = workbook(table)
    page = book["Table"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows == [
        ["text", "value", "count", "day", "when", "sure"],
        ["上海", -1.5, -3, datetime(2026, 6, 1), datetime(2026, 1, 1, 12, 30), True],
        ["007", 2, 4, None, None, False],
        ["http://example.invalid", None, 5, None, None, True],
        [None, "inf", 6, None, None, True],
    ]
    assert page["D2"].is_date
    assert page["A4"].hyperlink is None
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:F5"
    assert page["A2"].font.name == "Microsoft YaHei"
    assert [[cell.value for cell in row] for row in book["About"].iter_rows()] == [
        ["Company", "Test & Co"], ["'=Scope", "'=1+1"],
    ]  # fmt: skip


def test_columns_are_as_wide_as_their_words() -> None:
    table = pd.DataFrame({"n": [1], "中文中文中文": ["x"], "long": ["w" * 500]})
    page = workbook(table)["Table"]
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    assert widths == sorted(widths)
    assert 12 < widths[1] < widths[2] < 70


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1), st.text(min_size=1))
def test_no_cell_of_a_workbook_is_a_formula(cells: list[str], head: str) -> None:
    page = workbook(pd.DataFrame({head: pd.Series(cells, dtype=object)}))["Table"]
    for cell in (cell for row in page.iter_rows() for cell in row):
        assert cell.data_type in ("s", "n")
        assert cell.data_type == "s" or cell.value is None
        assert not str(cell.value or "").startswith(OBEYED) or float(str(cell.value)) < 1


def test_equal_tables_make_equal_workbooks() -> None:
    table = pd.DataFrame({"a": ["b"], "n": [1.5]})
    assert write_xlsx(table, "T", {}, "A", MADE) == write_xlsx(table.copy(), "T", {}, "A", MADE)


def test_a_text_longer_than_a_cell_is_cut_not_lost() -> None:
    page = workbook(pd.DataFrame({"a": ["x" * 40_000]}))["Table"]
    assert len(page["A2"].value) == 32_767


def test_rows_know_their_tables(full_file: Path) -> None:
    rows = Warehouse(str(full_file)).read("select * from marts.dim_kpis inner join marts.dim_sites on true limit 3")
    rows["name"] = "x"
    assert rows[["name"]].rename(columns={"name": "Name"}).attrs[SOURCES] == ("marts.dim_kpis", "marts.dim_sites")


def test_a_table_of_the_report_has_both_buttons(full_file: Path, open_view: OpenView) -> None:
    test = open_view("response", full_file, "zh")
    labels = [button.proto.label for button in test.get("download_button")]
    assert labels.count("下载（CSV）") == labels.count("下载（Excel）") == len(test.dataframe) > 1
