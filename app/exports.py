"""Tables as files for spreadsheets, in which no cell becomes a formula."""

from __future__ import annotations

import csv
import re

import pandas as pd

# What spreadsheets take for the start of a formula or of a command, also in the wide forms of Chinese keyboards; a tab,
# carriage return or line feed is dropped by some, and what follows it is obeyed.
_DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")
_NUMBER = re.compile(r"-\d+(\.\d+)?")


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


def _neutral(cell: object) -> object:
    """The cell with a quote before it where a spreadsheet would obey it; the quote makes it a text."""
    is_risky = isinstance(cell, str) and cell.startswith(_DANGEROUS) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_risky else cell
