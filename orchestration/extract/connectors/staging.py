"""Delivered text files, staged for DuckDB: one file of sound records, each labelled with its file and true line.

The label makes the line number exact whatever the file holds (quoted line breaks, blank and bad lines), one staged
file takes any number of small files at once, and line ends are made equal, which DuckDB's reader insists on. A quote
that is never closed costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from orchestration.extract.connectors.delivery import PLACE_COLUMNS
from orchestration.extract.sql_text import fold

# A longer record is refused. No field of a service system is this long, and an open quote is searched no further.
MAX_RECORD_CHARACTERS = 1_000_000

_BYTE_ORDER_MARK = "\ufeff".encode().decode("latin-1")


@dataclass(frozen=True)
class Unreadable:
    """A line that is no record: where it stands, its text, and why it was refused."""

    file: str
    line: int
    text: str
    reason: str


@dataclass
class Staged:
    """A staged file of `record_count` records that share a `header`; its first two columns are file number and line."""

    path: Path
    header: tuple[str, ...]
    record_count: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)


# A record: its first line's number, its text without the last line end, and the reason for which it is refused.
Record = tuple[int, str, str | None]


def stage_tables(files: Iterable[tuple[str, Path]], delimiter: str, scratch: Path) -> list[Staged]:
    """Stage CSV or TSV `files` (name, path), one staged file for each different header, in the order given."""
    groups: dict[tuple[str, ...], Staged] = {}
    for number, (name, path) in enumerate(files):
        with _open(path) as stream:
            records = _table_records(stream, delimiter)
            header = next(records, None)
            if header is None:
                continue
            names = _header(name, header, delimiter)
            staged = groups.setdefault(names, Staged(scratch / f"table_{len(groups)}.csv", names))
            _append(staged, (number, name), records, delimiter)
    return list(groups.values())


def stage_lines(files: Iterable[tuple[str, Path]], separator: str, scratch: Path) -> Staged:
    """Stage `files` (name, path) of one record per line."""
    staged = Staged(scratch / "lines.txt", ("text",))
    staged.path.touch()
    for number, (name, path) in enumerate(files):
        with _open(path) as stream:
            _append(staged, (number, name), _line_records(stream), separator)
    return staged


def _open(path: Path) -> TextIO:
    # latin-1 gives each byte its own character: nothing is lost before the encoding is judged line by line.
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="latin-1", newline=None)
    return path.open(encoding="latin-1", newline=None)


def _append(staged: Staged, file: tuple[int, str], records: Iterator[Record], delimiter: str) -> None:
    number, name = file
    with staged.path.open("a", encoding="latin-1", newline="\n") as out:
        for line, text, reason in records:
            problem = reason or (None if text.isascii() else _encoding_problem(text))
            if problem:
                readable = text.encode("latin-1").decode("utf-8", errors="backslashreplace")
                staged.unreadable.append(Unreadable(name, line, readable, problem))
            else:
                out.write(f"{number}{delimiter}{line}{delimiter}{text}\n")
                staged.record_count += 1


def _encoding_problem(text: str) -> str | None:
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 at byte {error.start + 1} of the record"
    return None


def _header(name: str, record: Record, delimiter: str) -> tuple[str, ...]:
    _, text, reason = record
    problem = reason or _encoding_problem(text)
    if problem:
        raise ValueError(f"{name}: the header {problem}")
    written = next(csv.reader([text.encode("latin-1").decode("utf-8")], delimiter=delimiter))
    names = tuple(column.strip() or f"column{position}" for position, column in enumerate(written, 1))
    check_names(name, names)
    return names


def check_names(file: str, names: Iterable[str]) -> None:
    """Raise ValueError where delivered column `names` clash with each other or with ours: DuckDB ignores case."""
    taken = {fold(name): f"{name} (added to every delivery)" for name in PLACE_COLUMNS}
    for name in names:
        if fold(name) in taken:
            raise ValueError(f"{file}: column {name!r} clashes with {taken[fold(name)]}; rename one in the source")
        taken[fold(name)] = repr(name)


def _line_records(stream: TextIO) -> Iterator[Record]:
    for number, line in enumerate(stream, 1):
        text = _bare(line, number)
        if text.strip():
            yield number, text, _length_problem(text)


def _table_records(stream: TextIO, delimiter: str) -> Iterator[Record]:
    is_record, is_open = _quoting(delimiter)
    pending: list[str] = []
    number = 0
    while True:
        line = pending.pop() if pending else stream.readline()
        if not line:
            return
        number += 1
        text = _bare(line, number)
        if '"' not in text:
            if text:
                yield number, text, _length_problem(text)
        elif is_record(text):
            yield number, text, _length_problem(text)
        elif not is_open(text):
            yield number, text, "has text beside a quoted value"
        else:
            start = number
            following = _closing_lines(text, stream, pending, is_record)
            if following:
                number += len(following)
                joined = "\n".join((text, *following))
                yield start, joined, _length_problem(joined)
            else:
                yield start, text, "opens a quote that is never closed"


def _closing_lines(text: str, stream: TextIO, pending: list[str], is_record: Callable[[str], object]) -> list[str]:
    """Take the lines that complete `text`, which ends inside quotes; put them back where none does."""
    taken: list[str] = []
    length = len(text)
    while length <= MAX_RECORD_CHARACTERS:
        line = pending.pop() if pending else stream.readline()
        if not line:
            break
        taken.append(line)
        length += len(line)
        if '"' not in line:
            continue
        lines = [taken_line.rstrip("\n") for taken_line in taken]
        if is_record("\n".join((text, *lines))):
            return lines
    pending.extend(reversed(taken))
    return []


def _bare(line: str, number: int) -> str:
    text = line.removesuffix("\n")
    return text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text


def _length_problem(text: str) -> str | None:
    if len(text) <= MAX_RECORD_CHARACTERS:
        return None
    return f"is longer than {MAX_RECORD_CHARACTERS} characters"


def _quoting(delimiter: str) -> tuple[Callable[[str], object], Callable[[str], object]]:
    """Make the two tests of a text with quotes: is it a whole record, and does it end inside quotes?"""
    separator = re.escape(delimiter)
    quoted = r' *+"(?:[^"]++|"")*+" *+'
    plain = rf' *+(?:[^" {separator}\n][^{separator}\n]*+)?+'
    fields = rf"(?:(?:{quoted}|{plain}){separator})*+"
    return (
        re.compile(rf"{fields}(?:{quoted}|{plain})").fullmatch,
        re.compile(rf'{fields} *+"(?:[^"]++|"")*+').fullmatch,
    )
