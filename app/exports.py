"""Tables as files for spreadsheets, in which no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# What spreadsheets take for the start of a formula or of a command, also in the wide forms of Chinese keyboards; a tab,
# carriage return or line feed is dropped by some, and what follows it is obeyed.
_DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
_NUMBER = re.compile(r"-\d+(\.\d+)?")
# On every machine with Excel, and with all Chinese characters; other programs choose a font of their own.
_FONT = "Microsoft YaHei"
_INTEGER, _DAY, _MOMENT = "#,##0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# Columns are read, not scrolled: in characters, a Chinese one counting for two.
_NARROWEST, _WIDEST = 8, 60
_ROWS_MEASURED = 200
# What a cell of Excel holds.
_LONGEST = 32_767


def write_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV in UTF-8 with the mark that Excel looks for; numbers stay numbers, every text is quoted.

    Quotes keep a cell whole where a spreadsheet splits at semicolons, so that no formula starts within it.
    """
    safe = table.copy()
    for position, kind in enumerate(table.dtypes):
        if not pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_datetime64_any_dtype(kind):
            safe.isetitem(position, [_neutral(cell) for cell in table.iloc[:, position]])
    safe.columns = pd.Index([_neutral(head) for head in table.columns])
    text: str = safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)
    return text.encode("utf-8-sig")


def write_xlsx(table: pd.DataFrame, sheet: str, about: Mapping[str, str], about_sheet: str, made: datetime) -> bytes:
    """The table as an Excel workbook: numbers, days and moments are such, and no text is a formula, a link or a number.

    sheet, about_sheet: names of the sheet with the table, and of the one with `about`, what it is by name.
    made: the instant that the workbook calls its creation; equal tables make equal files.
    """
    written = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"created": made})
        book.formats[0].set_font_name(_FONT)
        head = book.add_format({"bold": True, "font_name": _FONT, "bottom": 1, "text_wrap": True, "valign": "top"})
        kinds = {code: book.add_format({"num_format": code, "font_name": _FONT}) for code in (_INTEGER, _DAY, _MOMENT)}
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            cells = list(table.iloc[:, column])
            page.write_string(0, column, _text(name), head)
            for row, cell in enumerate(cells, start=1):
                _write_cell(page, row, column, cell, kinds)
            page.set_column(column, column, _width([name, *cells[:_ROWS_MEASURED]]))
        if len(table) and len(table.columns):
            page.autofilter(0, 0, len(table), len(table.columns) - 1)
        facts = book.add_worksheet(about_sheet)
        for row, (name, value) in enumerate(about.items()):
            facts.write_string(row, 0, _text(name), head)
            facts.write_string(row, 1, _text(value))
        facts.set_column(0, 0, _width(list(about)))
        facts.set_column(1, 1, _width(list(about.values())))
    return written.getvalue()


def _write_cell(page: Worksheet, row: int, column: int, cell: object, kinds: Mapping[str, Format]) -> None:
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return
    if pd.api.types.is_bool(cell):
        page.write_boolean(row, column, bool(cell))
    elif pd.api.types.is_number(cell):
        number = float(str(cell))
        if number in (float("inf"), float("-inf")):
            page.write_string(row, column, str(number))
        else:
            page.write_number(row, column, number, kinds[_INTEGER] if pd.api.types.is_integer(cell) else None)
    elif isinstance(cell, datetime):
        # A workbook knows no time zones; the report's moments are told in words where the zone matters.
        page.write_datetime(row, column, cell.replace(tzinfo=None), kinds[_MOMENT])
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time.min), kinds[_DAY])
    else:
        page.write_string(row, column, _text(cell))


def _text(cell: object) -> str:
    """The cell as a text that no spreadsheet obeys, not even after it was saved as CSV."""
    return str(_neutral(str(cell)))[:_LONGEST]


def _width(cells: list[object] | list[str]) -> int:
    longest = max((sum(1 + _is_wide(sign) for sign in str(cell)) for cell in cells), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F")


def _neutral(cell: object) -> object:
    """The cell with a quote before it where a spreadsheet would obey it; the quote makes it a text."""
    is_risky = isinstance(cell, str) and cell.startswith(_DANGEROUS) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_risky else cell
