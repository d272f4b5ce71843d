"""Delivered text files, staged for DuckDB: one file of sound records, each labelled with its file and true line.

The label makes the line number exact whatever the file holds (quoted line breaks, blank and bad lines), one staged
file takes any number of small files at once, and encodings and line ends are made equal, which DuckDB's reader insists
on. A quote that is never closed costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.extract.connectors.delivery import PLACE_COLUMNS, Notice
from orchestration.extract.connectors.encodings import Encoding, are_many, decoded, find_encoding, misfit, readable
from orchestration.extract.sql_text import fold

# A longer record is refused. No field of a service system is this long.
MAX_RECORD_CHARACTERS = 1_000_000
# So far the end of an open quote is searched.
_MAX_SEARCHED_CHARACTERS = 16 * MAX_RECORD_CHARACTERS
# So much of a record that is too long is kept.
_KEPT_CHARACTERS = 10_000

_TOO_LONG = f"is longer than {MAX_RECORD_CHARACTERS} characters"

EMPTY = "is empty, it has not even a header; what it delivered before stays as it is"

# Delimiters that are tried to explain a header of one column.
_USUAL_DELIMITERS = {",": "','", ";": "';'", "\t": '"\\t"', "|": "'|'"}


@dataclass(frozen=True)
class Text:
    """How files are written: the delimiter of values, lines above the header, the encoding if it is declared.

    `header` are the columns of files without one. With a `limit`, about so many records are enough.
    """

    delimiter: str = ","
    skip_rows: int = 0
    encoding: str | None = None
    header: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class NumberedFile:
    """A file to stage: its place in the order of delivery, its name below the source's root, and where it lies."""

    number: int
    name: str
    path: Path


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
    first_file: int = 0
    record_count: int = 0


@dataclass(frozen=True)
class Sink:
    """Where staging puts what is no sound record: lines that are refused, and notices about files."""

    refuse: Callable[[Unreadable], None]
    notice: Callable[[Notice], None]


# Records of one block of text as (number of its first line, text without the last line end), and those refused, each
# with its reason besides.
_Batch = tuple[list[tuple[int, str]], list[tuple[int, str, str]]]


def stage_tables(files: Iterable[NumberedFile], form: Text, scratch: Path, sink: Sink) -> list[Staged]:
    """Stage CSV or TSV `files`, one staged file for each different header, in the order given.

    ValueError names the file whose header, encoding or compression makes it unreadable.
    """
    groups: dict[tuple[str, ...], Staged] = {}
    for file in files:
        if form.limit is not None and sum(group.record_count for group in groups.values()) >= form.limit:
            break
        encoding = _encoding(file, form.encoding, sink)
        batches = _table_batches(_lines(decoded(encoding, file.name, file.path)), form)
        first = next((batch for batch in batches if any(batch)), None)
        if first is None:
            sink.notice(Notice("empty_file", EMPTY, file.name))
            continue
        names = form.header or _header(file.name, first, encoding, form.delimiter)
        check_names(file.name, names)
        staged = groups.setdefault(names, Staged(scratch / f"table_{len(groups)}.csv", names, file.number))
        _append(staged, file, encoding, itertools.chain([first], batches), form, sink)
    return list(groups.values())


def stage_lines(files: Iterable[NumberedFile], form: Text, scratch: Path, sink: Sink) -> Staged:
    """Stage `files` of one record per line; `form.delimiter` parts the labels from the text, and is in no record."""
    staged = Staged(scratch / "lines.txt", ("text",))
    staged.path.touch()
    for file in files:
        if form.limit is not None and staged.record_count >= form.limit:
            break
        encoding = _encoding(file, form.encoding, sink)
        _append(staged, file, encoding, _line_batches(_lines(decoded(encoding, file.name, file.path))), form, sink)
    return staged


def check_names(file: str, names: Iterable[str]) -> None:
    """Raise ValueError where delivered column `names` clash with each other or with ours: DuckDB ignores case."""
    taken = {fold(name): f"{name} (added to every delivery)" for name in PLACE_COLUMNS}
    for position, name in enumerate(names, 1):
        if fold(name) in taken:
            raise ValueError(
                f"{file}: column {name!r} clashes with {taken[fold(name)]}; rename one in the source "
                f"(it is column {position})"
            )
        taken[fold(name)] = f"{name!r} (column {position})"


def parse_header(text: str, delimiter: str) -> tuple[str, ...]:
    """Split a header into its names; a column without one is called by its position."""
    written = next(csv.reader([text], delimiter=delimiter))
    return tuple(column.strip() or f"column{position}" for position, column in enumerate(written, 1))


def check_delimiter(file: str, header: str, delimiter: str) -> None:
    """Raise ValueError where a `header` of one column would have several with another usual delimiter."""
    if len(parse_header(header, delimiter)) > 1:
        return
    counts = {other: len(parse_header(header, other)) for other in _USUAL_DELIMITERS if other != delimiter}
    other = max(counts, key=lambda key: counts[key])
    if counts[other] > 1:
        raise ValueError(
            f"{file}: the header {header[:100]!r} is one column with the delimiter {delimiter!r}, but "
            f"{counts[other]} with {other!r}; write `delimiter: {_USUAL_DELIMITERS[other]}` in the binding"
        )


def _encoding(file: NumberedFile, declared: str | None, sink: Sink) -> Encoding:
    encoding = find_encoding(file.name, file.path, declared)
    if encoding.notice:
        sink.notice(Notice("encoding", encoding.notice, file.name))
    return encoding


def _header(file: str, batch: _Batch, encoding: Encoding, delimiter: str) -> tuple[str, ...]:
    """Take the header from the first `batch` of a file."""
    sound, refused = batch
    if refused and (not sound or refused[0][0] < sound[0][0]):
        raise ValueError(f"{file}: the header {refused[0][2]}")
    _, text = sound.pop(0)
    problem = _problem(encoding, text)
    if problem:
        raise ValueError(f"{file}: the header {problem}")
    check_delimiter(file, text, delimiter)
    return parse_header(text, delimiter)


def _append(
    staged: Staged, file: NumberedFile, encoding: Encoding, batches: Iterable[_Batch], form: Text, sink: Sink
) -> None:
    """Write the sound records of a file behind those that are staged; refuse the others."""
    label = f"{file.number}{form.delimiter}"
    misfit_count = record_count = 0
    with staged.path.open("ab") as out:
        for uncut, refused in batches:
            sound, misfits = _fitting(encoding, uncut)
            for line, text, reason in (*refused, *misfits):
                sink.refuse(Unreadable(file.name, line, readable(text[:_KEPT_CHARACTERS]), reason))
            out.write("".join([f"{label}{line}{form.delimiter}{text}\n" for line, text in sound]).encode())
            staged.record_count += len(sound)
            record_count += len(uncut) + len(refused)
            misfit_count += len(misfits)
            if form.limit is not None and staged.record_count >= form.limit:
                break
    if encoding.basis and are_many(misfit_count, record_count):
        raise ValueError(
            f"{file.name}: was taken for {encoding.label}, but {misfit_count} of {record_count} records do not fit it; "
            "write `encoding:` in the binding"
        )


def _fitting(
    encoding: Encoding, records: list[tuple[int, str]]
) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]]]:
    """Part the records that are sound text from those that are not."""
    together = "".join([text for _, text in records])
    if "\0" not in together and _is_sound(together):
        return records, []
    problems = [_problem(encoding, text) for _, text in records]
    judged = list(zip(records, problems, strict=True))
    return (
        [record for record, problem in judged if not problem],
        [(line, text, problem) for (line, text), problem in judged if problem],
    )


def _is_sound(text: str) -> bool:
    """Whether `text` holds no marks, which no encoding has a place for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _problem(encoding: Encoding, text: str) -> str | None:
    nul = text.find("\0")
    return f"has a NUL at character {nul + 1}" if nul >= 0 else misfit(encoding, text)


def _lines(blocks: Iterable[str]) -> Iterator[list[str]]:
    """Cut `blocks` into the lists of their lines; of a line that is too long only the beginning is held."""
    rest = ""
    for block in blocks:
        *lines, last = block.split("\n")
        if lines:
            lines[0] = rest + lines[0]
            rest = last
            yield lines
        elif len(rest) <= MAX_RECORD_CHARACTERS:
            rest += last
    if rest:
        yield [rest]


def _line_batches(lines: Iterable[list[str]]) -> Iterator[_Batch]:
    number = 0
    for batch in lines:
        records = [(line, text) for line, text in enumerate(batch, number + 1) if text.strip()]
        number += len(batch)
        long = [(line, text, _TOO_LONG) for line, text in records if len(text) > MAX_RECORD_CHARACTERS]
        yield [record for record in records if len(record[1]) <= MAX_RECORD_CHARACTERS] if long else records, long


def _table_batches(source: Iterator[list[str]], form: Text) -> Iterator[_Batch]:
    """Cut lines into records as a careful reader would: a quoted value may span lines, and may not stay open."""
    quoting = Quoting(form.delimiter)
    number = 0
    lines: list[str] = next(source, [])
    while lines:
        sound: list[tuple[int, str]] = []
        refused: list[tuple[int, str, str]] = []
        index = 0
        while index < len(lines):
            text = lines[index]
            index += 1
            number += 1
            if number <= form.skip_rows or not text:
                continue
            if len(text) > MAX_RECORD_CHARACTERS:
                refused.append((number, text, _TOO_LONG))
            elif '"' not in text or quoting.is_record(text):
                sound.append((number, text))
            elif not quoting.is_open(text):
                refused.append((number, text, "has text beside a quoted value"))
            else:
                end = _closing(lines, index, source, quoting)
                if end is None:
                    refused.append((number, text, "opens a quote that is never closed"))
                    continue
                record = "\n".join((text, *lines[index:end]))
                if len(record) > MAX_RECORD_CHARACTERS:
                    refused.append((number, record, _TOO_LONG))
                else:
                    sound.append((number, record))
                number += end - index
                index = end
        yield sound, refused
        lines = next(source, [])


def _closing(lines: list[str], start: int, source: Iterator[list[str]], quoting: Quoting) -> int | None:
    """Find behind which of `lines` the record ends that is inside quotes before `start`; None if it never ends well.

    Where needed, lines are taken from `source` and put behind `lines`.
    """
    length = 0
    index = start
    while length <= _MAX_SEARCHED_CHARACTERS:
        if index == len(lines):
            more = next(source, [])
            if not more:
                return None
            lines.extend(more)
        line = lines[index]
        index += 1
        length += len(line) + 1
        if '"' not in line:
            continue
        if quoting.closes(line):
            return index
        if not quoting.stays_open(line):
            return None
    return None


class Quoting:
    """What the quotes of a text mean, as DuckDB's strict reader takes them: four tests, each a match or None.

    `is_record`: is the text a whole record? `is_open`: does the record that begins with it go on inside quotes?
    For a line before which a record is inside quotes, `closes`: does the record end with it? `stays_open`: is it inside
    quotes behind the line, too?
    """

    def __init__(self, delimiter: str) -> None:
        separator = re.escape(delimiter)
        # As DuckDB has it: one space before a quoted value and any behind it are no part of it; behind more spaces a
        # quote is text.
        before, behind = ("", "") if delimiter == " " else (" ?+", " *+")
        inside = r'(?:[^"]++|"")*+'
        quoted = rf'{before}"{inside}"{behind}'
        plain = rf'(?!{before}")[^{separator}\n]*+'
        values = rf"(?:(?:{quoted}|{plain}){separator})*+"
        last = rf"(?:{quoted}|{plain})"
        opening = rf'{before}"{inside}'
        self.is_record = re.compile(values + last).fullmatch
        self.is_open = re.compile(values + opening).fullmatch
        self.closes = re.compile(rf'{inside}"{behind}(?:{separator}{values}{last})?+').fullmatch
        self.stays_open = re.compile(rf'{inside}(?:"{behind}{separator}{values}{opening})?+').fullmatch
