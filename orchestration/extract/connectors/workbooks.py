"""Excel workbooks, staged for DuckDB like text files: one record per row of a sheet, every cell as exact text.

Dates and times are ISO, whole numbers have no decimals, other numbers have the 15 digits that Excel itself keeps, and
formulas give the values that were saved with them. Empty cells, all but the first of merged ones, and cells that hold
an error are nothing.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from orchestration.extract.connectors.delivery import Notice
from orchestration.extract.connectors.staging import (
    EMPTY,
    NumberedFile,
    Sink,
    Staged,
    Text,
    Unreadable,
    check_names,
)

# A workbook is held in memory. A sheet of a million rows unpacks to about as much; a zip bomb to far more.
MAX_UNPACKED_BYTES = 2 << 30
_CHUNK = 1 << 20
# So many cells with errors are named.
_NAMED_CELLS = 5

_Cell = str | int | float | bool | datetime | date | time | timedelta | None
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*\st=\"e\")[^>]*?\sr=\"([A-Z]+[0-9]+)\"")
# As long as the beginning of a cell may be, which two chunks share.
_OVERLAP = 200


def stage_sheets(
    files: Iterable[NumberedFile], sheet: str | None, form: Text, scratch: Path, sink: Sink
) -> list[Staged]:
    """Stage one sheet of each workbook (the first, or that called `sheet`), one staged file for each different header.

    ValueError names the workbook that cannot be read, or has no such sheet.
    """
    groups: dict[tuple[str, ...], Staged] = {}
    for file in files:
        if form.limit is not None and sum(group.record_count for group in groups.values()) >= form.limit:
            break
        name, rows = _read(file, sheet, sink)
        _stage(groups, file, name, rows, form, scratch, sink)
    return list(groups.values())


def _stage(
    groups: dict[tuple[str, ...], Staged],
    file: NumberedFile,
    sheet: str,
    rows: Iterator[Sequence[_Cell]],
    form: Text,
    scratch: Path,
    sink: Sink,
) -> None:
    texts = ((number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, 1))
    filled = ((number, row) for number, row in texts if number > form.skip_rows and any(row))
    header = form.header
    if not header:
        number, written = next(filled, (0, []))
        if not number:
            sink.notice(Notice("empty_file", f"sheet {sheet} {EMPTY}", file.name))
            return
        while written and not written[-1]:
            written.pop()
        header = tuple(cell.strip() or f"column{position}" for position, cell in enumerate(written, 1))
    check_names(file.name, header)
    staged = groups.setdefault(header, Staged(scratch / f"sheet_{len(groups)}.csv", header, file.number))
    with staged.path.open("a", encoding="utf-8", newline="") as out:
        write = csv.writer(out, delimiter=form.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for number, row in filled:
            width = max(position for position, cell in enumerate(row, 1) if cell)
            if width > len(header):
                reason = f"has {width} values, its header {len(header)}"
                sink.refuse(Unreadable(file.name, number, form.delimiter.join(row[:width]), reason))
                continue
            out.write(f"{file.number}{form.delimiter}{number}{form.delimiter}")
            write([*row[:width], *[""] * (len(header) - width)])
            staged.record_count += 1
            if form.limit is not None and staged.record_count >= form.limit:
                break


def cell_text(cell: _Cell) -> str:
    """Write a cell as text; nothing for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        # What Excel shows: 15 digits are kept, the binary noise behind them is not.
        text = format(Decimal(f"{cell:.15g}"), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(cell, timedelta):
        return _duration(cell)
    if isinstance(cell, (date, time)):
        # A datetime's, too, but that one is joined by a T.
        return cell.isoformat().replace("T", " ")
    # A line end is written as in text files, and NUL is no character of a cell.
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _duration(cell: timedelta) -> str:
    minutes, seconds = divmod(abs(cell).total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    sign = "-" if cell < timedelta() else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:06.3f}".removesuffix(".000")


def _read(file: NumberedFile, sheet: str | None, sink: Sink) -> tuple[str, Iterator[Sequence[_Cell]]]:
    """Open a sheet: its name, and its rows from the first row of the sheet on."""
    # Imported late: only companies that deliver workbooks need it.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    errors = _examine(file)
    try:
        workbook = CalamineWorkbook.from_path(str(file.path))
        names = workbook.sheet_names
        name = sheet if sheet is not None else next(iter(names), None)
        if name is None or name not in names:
            wanted = "any sheet" if sheet is None else f"sheet {sheet!r}"
            raise ValueError(f"{file.name}: does not have {wanted}; correct `sheet`, there are {', '.join(names)}")
        rows: Iterator[Sequence[_Cell]] = workbook.get_sheet_by_name(name).iter_rows()
    except CalamineError as error:
        raise ValueError(f"{file.name}: cannot be read as a workbook ({error}); deliver it again") from None
    cells = errors.get(name, [])
    if cells:
        more = "" if len(cells) <= _NAMED_CELLS else f" and {len(cells) - _NAMED_CELLS} more"
        cited = f"{', '.join(cells[:_NAMED_CELLS])}{more}"
        sink.notice(
            Notice("error_cell", f"sheet {name}: cells that hold an error are read as nothing: {cited}", file.name)
        )
    return name, rows


def _examine(file: NumberedFile) -> dict[str, list[str]]:
    """Unpack a workbook once, without keeping it: is it whole, is it of a bearable size, which cells hold errors?"""
    with file.path.open("rb") as stream:
        head = stream.read(4)
    if head != b"PK\x03\x04":
        advice = "save it as .xlsx without a password" if head == b"\xd0\xcf\x11\xe0" else "deliver it again"
        raise ValueError(f"{file.name}: is not an .xlsx workbook; {advice}")
    errors: dict[str, list[str]] = {}
    try:
        with zipfile.ZipFile(file.path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MAX_UNPACKED_BYTES:
                raise ValueError(
                    f"{file.name}: unpacks to {size} bytes, more than {MAX_UNPACKED_BYTES}; deliver it as CSV"
                )
            parts = _sheet_parts(archive)
            for member in archive.namelist():
                # Python's zipfile reads no more than was announced, and checks the sum at the end.
                with archive.open(member) as part:
                    found = _error_cells(part)
                if member in parts:
                    errors[parts[member]] = found
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ElementTree.ParseError,
    ) as error:
        raise ValueError(f"{file.name}: is cut or damaged ({error}); deliver it again, whole") from None
    return errors


def _error_cells(part: IO[bytes]) -> list[str]:
    found: dict[str, None] = {}
    tail = b""
    while chunk := part.read(_CHUNK):
        text = tail + chunk
        found.update(dict.fromkeys(match[1].decode() for match in _ERROR_CELL.finditer(text)))
        tail = text[-_OVERLAP:]
    return list(found)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Find which part of the archive holds which sheet."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat expands nothing from outside
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except KeyError:
        return {}
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    parts = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            parts[target.removeprefix("/") if target.startswith("/") else f"xl/{target}"] = str(sheet.get("name"))
    return parts
