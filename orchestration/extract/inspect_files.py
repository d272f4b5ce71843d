"""Looks at files that `profile new` is pointed at: which belong together, and how each kind is to be read."""

from __future__ import annotations

import csv
import glob
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from orchestration.extract.connectors.compression import bare_name
from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.connectors.encodings import decoded, find_encoding
from orchestration.extract.connectors.stores import Entry, Store, open_store
from orchestration.extract.errors import SourceError
from orchestration.extract.inspection import Inspection, Table, Written, look_at
from orchestration.extract.personal import words_of
from orchestration.extract.source_models import FilesSource

_FORMATS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "csv", ".dat": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson",
    ".json": "json", ".parquet": "parquet", ".xlsx": "xlsx",
}  # fmt: skip
# Endings whose format the connector knows by itself.
_KNOWN_ENDINGS = {".csv", ".tsv", ".ndjson", ".jsonl", ".parquet", ".xlsx"}
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_WILD = re.compile(r"[*?\[]")
_DIGITS = re.compile(r"\d+(?:[-_.]?\d+)*")
_VALUE = re.compile(r"[-+]?[\d.,:/ -]*\d[\d.,:/ -]*%?")
_ROWS_SNIFFED = 100


@dataclass(frozen=True)
class _Group:
    """Files that are read alike: a name or a glob, and the files."""

    pattern: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Sniffed:
    """How a text table is written: its delimiter, the lines above its header, its header line (None where none is)."""

    delimiter: str
    skip_rows: int
    column_count: int
    has_header: bool


def inspect_files(place: str, sessions: Sessions, limit_rows: int, endpoint_url: str | None = None) -> Inspection:
    """Look at a file, a folder, a glob or the like of an object store (s3://…); SourceError if nothing is there."""
    root, pattern = _split(place)
    name = _name_of(root)
    source = FilesSource(name=name, connector="files", root=root, endpoint_url=endpoint_url)
    written: dict[str, Written] = {"connector": "files", "root": root}
    if endpoint_url:
        written["endpoint_url"] = endpoint_url
    store = open_store(source, sessions)
    entries = [entry for entry in store.entries(pattern) if not re.search(r"(^|/)\.", entry.name)]
    groups = list(_groups(entries))
    if not groups:
        found = f"only {', '.join(entry.name for entry in entries[:5])}" if entries else "nothing"
        raise SourceError(
            f"{store.place(pattern)}: expected files ending in {', '.join(_FORMATS)} (also .gz, .zst), found {found}"
        )
    with tempfile.TemporaryDirectory(prefix="aftersales_new_") as scratch:
        tables = [
            look_at(table, source, sessions, limit_rows) if table.problem is None else table
            for group in groups
            for table in _tables(store, group, root, Path(scratch))
        ]
    return Inspection(name, place, written, (), tuple(tables))


def _split(place: str) -> tuple[str, str]:
    """Split what was given into the root of a source and a pattern below it."""
    if "://" not in place:
        path = Path(place).expanduser()
        if path.is_dir():
            return str(path.resolve()), "**/*"
        if path.is_file():
            return str(path.resolve().parent), glob.escape(path.name)
        place = str(path.absolute())
    *folders, last = place.rstrip("/").split("/")
    if not _WILD.search(place):
        # An object or a prefix: only names with an ending are those of objects.
        is_file = "." in last and not place.endswith("/") and len(folders) > 3
        return ("/".join(folders), last) if is_file else (place.rstrip("/"), "**/*")
    parts = place.split("/")
    first = next(index for index, part in enumerate(parts) if _WILD.search(part))
    return "/".join(parts[:first]) or "/", "/".join(parts[first:])


def _name_of(root: str) -> str:
    words = words_of(root.rstrip("/").rsplit("/", 1)[-1])
    name = "_".join(word for word in words if word.isascii())
    return name if name[:1].isalpha() else f"files_{name}".rstrip("_")


def _groups(entries: Sequence[Entry]) -> Iterator[_Group]:
    """Put files together whose names differ only in digits, as those of days do."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        if _ending(entry.name) in _FORMATS:
            bare = bare_name(entry.name)
            stem = bare[: -len(Path(bare).suffix)]
            key = _DIGITS.sub("*", glob.escape(stem)) + entry.name[len(stem) :]
            grouped.setdefault(key, []).append(entry)
    for pattern, members in grouped.items():
        name = pattern if len(members) > 1 else glob.escape(members[0].name)
        yield _Group(name, tuple(members))


def _ending(name: str) -> str:
    return Path(bare_name(name)).suffix.lower()


def _tables(store: Store, group: _Group, root: str, scratch: Path) -> Iterator[Table]:
    """Find how the files of a group are read, from the first of them."""
    first = group.entries[0]
    words = words_of(f"{root.rsplit('/', 1)[-1]} {bare_name(group.pattern).rsplit('.', 1)[0]}")
    count = f"{len(group.entries)} files such as {first.name}" if len(group.entries) > 1 else first.name
    keys: dict[str, Written] = {"path": group.pattern}
    kind = _FORMATS[_ending(first.name)]
    try:
        path = store.fetch(first, scratch).path
        if kind == "xlsx":
            yield from _sheets(path, keys, words, count)
            return
        remarks: tuple[str, ...] = ()
        if kind in ("csv", "tsv"):
            kind, more, remarks = _text_table(first.name, path)
            keys |= more
    except (SourceError, ValueError, OSError) as error:
        yield Table(count, keys, words, problem=str(error))
        return
    if _ending(first.name) not in _KNOWN_ENDINGS or kind != _FORMATS[_ending(first.name)]:
        keys["format"] = kind
    yield Table(count, keys, words, remarks=remarks)


def _sheets(path: Path, keys: dict[str, Written], words: tuple[str, ...], label: str) -> Iterator[Table]:
    # Imported late: only workbooks need it.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        names = CalamineWorkbook.from_path(path).sheet_names
    except CalamineError as error:
        raise ValueError(f"{path.name} is no workbook: {error}") from None
    for name in names:
        sheet: dict[str, Written] = {"sheet": name} if len(names) > 1 else {}
        yield Table(f"{label}, sheet {name}", {**keys, **sheet}, (*words_of(name), *words))


def _text_table(name: str, path: Path) -> tuple[str, dict[str, Written], tuple[str, ...]]:
    """Find encoding, delimiter, and where the header stands: the format, the keys of a binding, remarks."""
    encoding = find_encoding(name, path, None)
    text = "".join(islice(decoded(encoding, name, path), 1))
    sniffed = _sniff(text)
    keys: dict[str, Written] = {}
    if encoding.notice:
        # What a draft has seen by itself is declared, so that the next file is read alike, or refused.
        keys["encoding"] = encoding.codec
    kind = "tsv" if sniffed.delimiter == "\t" else "csv"
    if sniffed.delimiter not in ",\t":
        keys["delimiter"] = sniffed.delimiter
    remarks = [f"{_DELIMITERS[sniffed.delimiter]}-separated, {encoding.label}"]
    if sniffed.skip_rows:
        keys["skip_rows"] = sniffed.skip_rows
        remarks.append(f"the header is on line {sniffed.skip_rows + 1}")
    if not sniffed.has_header:
        keys["header"] = tuple(f"column_{number}" for number in range(1, sniffed.column_count + 1))
        remarks.append("there is no header line: give the columns their names in `header`")
    return kind, keys, tuple(remarks)


def _sniff(text: str) -> _Sniffed:
    """Take the delimiter by which most rows have the same number of values, and more than one."""
    best: tuple[float, int, str] = (0.0, 1, ",")
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row, _ in _rows(text, delimiter) if row)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        share = count / max(1, sum(widths.values()))
        if width > 1:
            best = max(best, (round(share, 1), width, delimiter))
    _, width, delimiter = best
    rows = list(_rows(text, delimiter))
    above = next((index for index, (row, _) in enumerate(rows) if len(row) == width), 0)
    header = rows[above][0] if rows else []
    cells = [cell.strip() for cell in header]
    is_header = not any(_VALUE.fullmatch(cell) for cell in cells) and len({c for c in cells if c}) > 0
    return _Sniffed(delimiter, rows[above - 1][1] if above else 0, len(header), is_header)


def _rows(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Split the first rows of `text`, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in islice(reader, _ROWS_SNIFFED):
            yield row, reader.line_num
    except csv.Error:
        return
