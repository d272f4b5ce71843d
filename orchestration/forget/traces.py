"""Logs, Dagster's storage and Data Docs: texts there lose the person, too."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from orchestration.forget.erasing import HIDDEN
from orchestration.forget.errors import ForgetError
from orchestration.forget.person import Person
from orchestration.versions.store import fsync_file

_SQLITE = b"SQLite format 3\0"


# Ours besides the data; whatever else lies in a company's folder may be its sources.
_PLACES = ("*.log*", "*.jsonl*", "alerts*.json", "logs", "dagster", "data_docs", "report")


def scrub_texts(root: Path, persons: list[Person], *, is_dry: bool) -> dict[str, int]:
    """Hide the persons in the logs, Dagster's storage, Data Docs and saved views of the company's folder `root`.

    Return by path how often they stood there. Files are replaced whole, tables of SQLite changed in one transaction
    and the file packed, because it keeps what it frees. ForgetError names a database that somebody holds.
    """
    patterns = [re.compile(text) for person in persons for text in _patterns(person)]
    found = {}
    for path in sorted(path for place in _PLACES for top in root.glob(place) for path in _files(top)):
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
        count = (_scrub_database if is_database else _scrub_file)(path, patterns, is_dry=is_dry)
        if count:
            found[path.relative_to(root).as_posix()] = count
    return found


def _patterns(person: Person) -> Iterator[bytes]:
    """The person as text and as JSON escapes it."""
    for pattern, texts in ((person.number_pattern, {person.customer_id}), (person.trace_pattern, person.traces)):
        yield pattern.encode()
        escaped = sorted(json.dumps(text)[1:-1] for text in texts if not text.isascii())
        yield from (re.escape(text.encode()) for text in escaped)


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink():
        return
    if path.is_dir():
        for inner in path.iterdir():
            yield from _files(inner)
    elif not path.name.endswith(("-wal", "-shm", "-journal")):
        yield path


def _scrub_file(path: Path, patterns: list[re.Pattern[bytes]], *, is_dry: bool) -> int:
    content, count = path.read_bytes(), 0
    for pattern in patterns:
        content, hits = pattern.subn(HIDDEN.encode(), content)
        count += hits
    if count and not is_dry:
        draft = path.with_name(f".{path.name}.forgetting")
        draft.write_bytes(content)
        shutil.copymode(path, draft)
        fsync_file(draft)
        draft.replace(path)
    return count


def _scrub_database(path: Path, patterns: list[re.Pattern[bytes]], *, is_dry: bool) -> int:
    def hide(value: str) -> str:
        content = value.encode()
        for pattern in patterns:
            content = pattern.sub(HIDDEN.encode(), content)
        return content.decode()

    try:
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as con:
            con.create_function("hidden", 1, hide, deterministic=True)
            con.execute("begin" if is_dry else "begin immediate")
            count = 0
            for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
                name = _quoted(table)
                for column in con.execute(f"pragma table_info({name})").fetchall():
                    field = _quoted(column[1])
                    where = f"typeof({field}) = 'text' and {field} <> hidden({field})"
                    count += con.execute(f"select count(*) from {name} where {where}").fetchone()[0]  # noqa: S608 - quoted
                    if not is_dry:
                        con.execute(f"update {name} set {field} = hidden({field}) where {where}")  # noqa: S608 - quoted
            con.execute("commit")
            if not is_dry:
                con.execute("pragma wal_checkpoint(truncate)")
                if any(pattern.search(path.read_bytes()) for pattern in patterns):
                    con.execute("vacuum")
                    con.execute("pragma wal_checkpoint(truncate)")
            return count
    except sqlite3.Error as error:
        raise ForgetError(f"{path}: {error}; stop Dagster while somebody is forgotten, and run again") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
