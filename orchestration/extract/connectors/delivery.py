"""What passes between landing and a connector: what to bring, what was landed before, and what was brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import duckdb

from orchestration.extract.profile_model import Binding, FilesSource, SqlSource

# Columns that a delivered relation has beside the source's own.
PLACE_COLUMNS = ("_file", "_line", "_row")


@dataclass(frozen=True)
class LandedFile:
    """A file that was landed: its content, and the fingerprint of the mapping it was landed with."""

    path: str
    sha256: str
    fingerprint: str
    byte_count: int


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
    for staged files. `landed_at` is the aware instant of this landing.
    """

    feed: str
    bindings: tuple[Binding, ...]
    fingerprints: tuple[str, ...]
    zone: str
    landed_at: datetime
    scratch: Path
    landed_files: Mapping[str, LandedFile] = field(default_factory=dict)
    cursors: Mapping[str, CursorState] = field(default_factory=dict)


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
    are gone. `files` and `forgotten` change the ledger of files; `cursors` replace those of the source.
    """

    parts: tuple[Part, ...]
    note: str
    reread: tuple[str, ...] = ()
    files: tuple[LandedFile, ...] = ()
    forgotten: tuple[str, ...] = ()
    cursors: tuple[CursorState, ...] = ()


class Connector(Protocol):
    """Brings deliveries of one source. Reads only; what it says is committed together with the rows."""

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Put what is new for `request` into temporary relations of `con`; SourceError where that cannot be done."""


def describe(request: Request, source: FilesSource | SqlSource, binding: Binding) -> str:
    """Name the feed, the source and the line of the profile, as errors begin."""
    line = f" (profile line {binding.line})" if binding.line else ""
    return f"feed {request.feed}, source {source.name}{line}"
