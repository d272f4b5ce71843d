"""Excel workbooks: every cell as exact text, every row at its true place, and workbooks that cannot be read."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.extract.connectors import workbooks
from orchestration.extract.connectors.workbooks import cell_text
from orchestration.extract.errors import SourceError
from tests.orchestration.extract.conftest import CUSTOMERS, Desk

FEED = CUSTOMERS.replace("customers*.csv", "customers*.xlsx")


def binding(*lines: str) -> str:
    return FEED.replace('"customers*.xlsx"', "\n      ".join(('"customers*.xlsx"', *lines)))


def workbook(sheets: dict[str, list[list[object]]], *, is_1904: bool = False) -> bytes:
    """Write sheets, each from its first row on; dates and times are formatted as Excel does."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"date_1904": is_1904})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        time: book.add_format({"num_format": "hh:mm:ss"}),
        timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if type(cell) in formats:
                    sheet.write_datetime(number, column, cell, formats[type(cell)])
                elif isinstance(cell, tuple):
                    sheet.write_formula(number, column, cell[0], None, cell[1])
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    book.close()
    return stream.getvalue()


ROWS: list[list[object]] = [["id", "name", "changed"], [1, "Ann", datetime(2026, 1, 2, 3, 4, 5)], [2, "张\n伟", None]]


def names(desk: Desk) -> list[tuple[str, str, int]]:
    return desk.query("select customer_id, customer_name, _line from raw.customers order by customer_id")


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_sheet_lands_with_its_row_numbers(desk: Desk, is_1904: bool) -> None:
    desk.feeds = FEED
    rows = [[], *ROWS[:2], [], *ROWS[2:]]
    desk.drop("customers1.xlsx", workbook({"A": rows, "B": [["x"]]}, is_1904=is_1904))
    result = desk.land()
    assert (result.delivered, result.inserted) == (2, 2)
    assert names(desk) == [("1", "Ann", 3), ("2", "张\n伟", 5)]
    # The company's zone is Shanghai's.
    assert desk.query("select cast(updated_at as varchar) from raw.customers where customer_id = '1'") == [
        ("2026-01-01 19:04:05",)
    ]
    assert desk.land().delivered == 0


def test_a_named_sheet_lines_above_its_header_and_names_of_columns(desk: Desk) -> None:
    desk.feeds = binding("sheet: 客户", "skip_rows: 2")
    desk.drop("customers1.xlsx", workbook({"A": [["x"]], "客户": [["Report"], ["of today", "x"], *ROWS]}))
    desk.land()
    assert names(desk) == [("1", "Ann", 4), ("2", "张\n伟", 5)]
    desk.feeds = binding("header: [id, name, changed]")
    desk.drop("customers1.xlsx", workbook({"A": ROWS[1:]}))
    desk.land()
    assert names(desk) == [("1", "Ann", 1), ("2", "张\n伟", 2)]


def test_a_sheet_that_is_not_there_is_an_error_that_lists_those_that_are(desk: Desk) -> None:
    desk.feeds = binding("sheet: Customers")
    desk.drop("customers1.xlsx", workbook({"A": ROWS, "客户": ROWS}))
    with pytest.raises(SourceError, match=r"customers1\.xlsx: does not have sheet 'Customers'; .* there are A, 客户"):
        desk.land()


def test_merged_formula_error_and_boolean_cells(desk: Desk) -> None:
    desk.feeds = FEED.replace("name,", "\"concat_ws('|', name, f, b, coalesce(e, 'nothing'))\",")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("A")
    sheet.write_row(0, 0, ["id", "name", "changed", "f", "b", "e"])
    sheet.merge_range(1, 1, 2, 1, "both")
    for row in (1, 2):
        sheet.write(row, 0, row)
        sheet.write_formula(row, 3, "=1/4", None, 0.25)
        sheet.write(row, 4, row == 1)
        sheet.write_formula(row, 5, "=NA()", None, "#N/A")
    book.close()
    desk.drop("customers1.xlsx", stream.getvalue())
    result = desk.land()
    assert names(desk) == [("1", "both|0.25|true|nothing", 2), ("2", "0.25|false|nothing", 3)]
    assert [(notice.kind, notice.message) for notice in result.notices] == [
        ("error_cell", "sheet A: cells that hold an error are read as nothing: F2, F3")
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.0, "1"),
        (1e20, "100000000000000000000"),
        (0.1 + 0.2, "0.3"),
        (1234567.89, "1234567.89"),
        (-0.000001234, "-0.000001234"),
        (13800138000.0, "13800138000"),
        (True, "true"),
        (None, ""),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("a\r\nb\rc\0", "a\nb\nc"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, 120000), "2026-01-02 03:04:05.120000"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=36, minutes=5), "36:05:00"),
        (timedelta(seconds=-90.25), "-00:01:30.250"),
    ],
)
def test_cells_are_exact_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text  # type: ignore[arg-type]


def test_values_beyond_the_header_are_rejects_and_formulas_stay_text(desk: Desk) -> None:
    desk.feeds = FEED
    rows: list[list[object]] = [[*ROWS[0], ""], [1, '=A1&"x,y"', "2026-01-01"], [2, "Bo", None, None, "more"]]
    desk.drop("customers1.xlsx", workbook({"A": rows}))
    result = desk.land()
    assert (result.delivered, result.inserted, names(desk)) == (2, 1, [("1", '=A1&"x,y"', 2)])
    assert desk.rejects() == [("customers1.xlsx", 3, ["the line has 5 values, its header 3"])]


def test_an_empty_sheet_is_noticed(desk: Desk) -> None:
    desk.feeds = FEED
    desk.drop("customers1.xlsx", workbook({"A": []}))
    desk.drop("customers2.xlsx", workbook({"A": ROWS[:1]}))
    result = desk.land()
    assert (result.delivered, [(notice.kind, notice.place) for notice in result.notices]) == (
        0,
        [("empty_file", "customers1.xlsx")],
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (workbook({"A": ROWS})[:-60], "is cut or damaged .*; deliver it again, whole"),
        (re.sub(rb"(?s)(PK\x03\x04.{80})....", rb"\1zzzz", workbook({"A": ROWS}), count=5), "is cut or damaged"),
        (b"\xd0\xcf\x11\xe0 an older workbook", "is not an .xlsx workbook; save it as .xlsx without a password"),
        (b"id,name\n1,2\n", "is not an .xlsx workbook; deliver it again"),
        (b"", "is not an .xlsx workbook"),
    ],
    ids=["cut", "damaged", "old", "text", "empty"],
)
def test_a_workbook_that_cannot_be_read_is_named_and_the_next_heals(desk: Desk, content: bytes, message: str) -> None:
    desk.feeds = FEED
    desk.drop("customers1.xlsx", content)
    with pytest.raises(SourceError, match=rf"cannot read .*customers1\.xlsx: {message}"):
        desk.land()
    desk.drop("customers1.xlsx", workbook({"A": ROWS}))
    assert desk.land().inserted == 2


def test_a_zip_archive_that_is_no_workbook_is_named(desk: Desk) -> None:
    desk.feeds = FEED
    path = desk.drop("customers1.xlsx", "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(SourceError, match=r"customers1\.xlsx: cannot be read as a workbook"):
        desk.land()


def test_a_zip_bomb_is_not_unpacked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.feeds = FEED
    path = desk.drop("customers1.xlsx", workbook({"A": ROWS}))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 10_000_000)
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 5_000_000)
    with pytest.raises(SourceError, match=r"customers1\.xlsx: unpacks to 100\d+ bytes, more than 5000000; .* as CSV"):
        desk.land()


def test_an_archive_that_lies_about_its_size_is_not_unpacked(tmp_path: Path, desk: Desk) -> None:
    """The announced size is cut to one byte: no more is unpacked, and the check sum tells."""
    desk.feeds = FEED
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 10_000_000)
    size = (10_000_000).to_bytes(4, "little")
    desk.drop("customers1.xlsx", path.read_bytes().replace(size, (1).to_bytes(4, "little")))
    with pytest.raises(SourceError, match=r"customers1\.xlsx: is cut or damaged \(Bad CRC-32"):
        desk.land()
