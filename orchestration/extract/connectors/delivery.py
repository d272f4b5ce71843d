"""What passes between landing and a connector: what to bring, what was landed before, and what was brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import duckdb

from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import BaseSource

T = TypeVar("T")

# Columns that a delivered relation has beside the source's own.
PLACE_COLUMNS = ("_file", "_line", "_row")


@dataclass(frozen=True)
class LandedFile:
    """A file that was landed: its content, and the fingerprint of the mapping it was landed with.

    `tag` is what its store said of this content (an ETag): while it says the same, the content is not fetched again.
    """

    path: str
    sha256: str
    fingerprint: str
    byte_count: int
    tag: str = ""


@dataclass(frozen=True)
class Notice:
    """Something about a delivery that its reader should know; it stops nothing.

    kind: new_column, missing_column, returned_column, changed_type, encoding, ambiguous_time, stale, … (a noun for
    what it is); `place` is a file or table, `column` a delivered column.
    """

    kind: str
    message: str
    place: str = ""
    column: str = ""


@dataclass(frozen=True)
class Window:
    """A part of a source's history to read again: from `start` until before `end`, both aware."""

    start: datetime
    end: datetime


class Sessions:
    """What connectors keep open from feed to feed of one extraction, so that a source is seen at one moment.

    Opened at first use and closed with the extraction; used by one thread.
    """

    def __init__(self) -> None:
        self._open: dict[str, tuple[AbstractContextManager[Any], Any]] = {}

    def get(self, source: str, open_: Callable[[], AbstractContextManager[T]]) -> T:
        """Return what is open for `source`, opening it with `open_` where nothing is."""
        if source not in self._open:
            manager = open_()
            self._open[source] = (manager, manager.__enter__())
        opened: T = self._open[source][1]
        return opened

    def drop(self, source: str) -> None:
        """Close what is open for `source`: after a lost connection the next use opens another."""
        manager, _ = self._open.pop(source, (None, None))
        if manager is not None:
            manager.__exit__(None, None, None)

    def close(self) -> None:
        """Close whatever is open; what is used after that is opened anew."""
        for source in list(self._open):
            self.drop(source)

    def __enter__(self) -> Sessions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class CursorState:
    """How far a binding has read: `value` as text, of the DuckDB type `value_type`."""

    fingerprint: str
    value: str
    value_type: str


@dataclass(frozen=True)
class Request:
    """What landing asks of a connector: the bindings of one source that feed one feed, with their fingerprints.

    `landed_files` (by path) and `cursors` (by fingerprint) say what was landed before. `scratch` is an empty folder
    for staged files. `landed_at` is the aware instant of this landing. With a `window`, bring that part of the history
    again, and leave the cursors where they are. `progress` tells, in words, how far a long read is.
    With `limit_rows` this is only a look: a binding need not bring more than about that many rows (of files: the first
    that have them), and nothing of the delivery is remembered.
    """

    feed: str
    bindings: tuple[Binding, ...]
    fingerprints: tuple[str, ...]
    zone: str
    landed_at: datetime
    scratch: Path
    landed_files: Mapping[str, LandedFile] = field(default_factory=dict)
    cursors: Mapping[str, CursorState] = field(default_factory=dict)
    window: Window | None = None
    sessions: Sessions = field(default_factory=Sessions)
    progress: Callable[[str], None] = lambda _: None
    limit_rows: int | None = None


@dataclass(frozen=True)
class Part:
    """What one binding brought.

    `relation` has the delivered `columns`, and `_file`, `_line` (where the row stands) and `_row` (order of delivery).
    `unreadable` has `_file`, `_line`, `text` and `reason` of what could not be read as a row.
    """

    binding: Binding
    relation: str
    columns: tuple[str, ...]
    unreadable: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What a source brought for one feed, and what to remember of it.

    `reread` are values of `_file` that were delivered as a whole: rows landed from there before and not delivered now
    are gone. `files` and `forgotten` change the ledger of files; `cursors` replace those of the source. `present` are
    parts with only the columns of their binding's `compare_keys`, of every row that the place now holds: what was
    landed from there under another key is gone.
    """

    parts: tuple[Part, ...]
    note: str
    reread: tuple[str, ...] = ()
    files: tuple[LandedFile, ...] = ()
    forgotten: tuple[str, ...] = ()
    cursors: tuple[CursorState, ...] = ()
    present: tuple[Part, ...] = ()
    notices: tuple[Notice, ...] = ()


class Connector(Protocol):
    """Brings deliveries of one source. Reads only; what it says is committed together with the rows."""

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Put what is new for `request` into temporary relations of `con`; SourceError where that cannot be done."""


def describe(request: Request, source: BaseSource, binding: Binding) -> str:
    """Name the feed, the source and the line of the profile, as errors begin."""
    line = f" (profile line {binding.line})" if binding.line else ""
    return f"feed {request.feed}, source {source.name}{line}"
