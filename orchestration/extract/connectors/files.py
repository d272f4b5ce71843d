"""The files connector: text files, workbooks and Parquet files of a folder or an object store, each content once."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.extract.connectors.compression import bare_name, false_ending
from orchestration.extract.connectors.delivery import Delivery, LandedFile, Notice, Part, Request, describe
from orchestration.extract.connectors.readers import (
    Reading,
    read_json,
    read_ndjson,
    read_parquet,
    read_sheets,
    read_tables,
)
from orchestration.extract.connectors.staging import NumberedFile, Text
from orchestration.extract.connectors.stores import Copy, Entry, Store, open_store
from orchestration.extract.errors import ExtractError, SourceError, TransientError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import FilesSource

_FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_READERS = {
    "csv": read_tables,
    "tsv": read_tables,
    "ndjson": read_ndjson,
    "json": read_json,
    "parquet": read_parquet,
    "xlsx": read_sheets,
}
# Keys of a binding that mean something for some formats only.
_KEY_FORMATS = {
    "encoding": {"csv", "tsv", "ndjson", "json"},
    "delimiter": {"csv", "tsv"},
    "skip_rows": {"csv", "tsv", "xlsx"},
    "header": {"csv", "tsv", "xlsx"},
    "sheet": {"xlsx"},
}
# A look at a source reads from no more than so many files of a binding.
_LOOKED_AT_FILES = 5
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class FilesConnector:
    """Reads the files of one folder, or the objects of one bucket."""

    source: FilesSource

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Bring the files that are new; where one changed, is renamed or mapped anew, bring all that are there.

        Bringing all keeps the outcome that of landing today's files for the first time: a changed file may have held
        a version of a row that displaced another file's.
        """
        store = open_store(self.source, request.sessions)
        covered = [self._covered(store, request, binding) for binding in request.bindings]
        if request.limit_rows is not None:
            return self._look(con, store, request, covered)
        entries = dict(sorted({entry.name: entry for each in covered for entry in each}.items()))
        brought = _Brought(store, Path(tempfile.mkdtemp(dir=request.scratch)), request.landed_files)
        present = []
        for name, entry in entries.items():
            with self._explained(request, request.bindings[0], brought, name):
                sha256 = brought.sha256(entry)
            present.append(LandedFile(name, sha256, _fingerprint(request, covered, name), entry.byte_count, entry.tag))
        known = request.landed_files
        # A copy of a content is landed once: under the name it was landed with, or else under the first. Files without
        # content are no copies of each other.
        originals: dict[str, LandedFile] = {}
        for file in sorted(present, key=lambda file: (file.path not in known, file.path)):
            originals.setdefault(file.sha256 if file.byte_count else file.path, file)
        distinct = [file for file in present if not file.byte_count or originals[file.sha256] is file]
        new = [file for file in distinct if file.path not in known]
        changed = [file for file in distinct if file.path in known and _differ(file, known[file.path])]
        contents = {file.sha256 for file in new if file.byte_count}
        renamed = [file.path for file in known.values() if file.path not in entries and file.sha256 in contents]

        is_reread = bool(changed or renamed or request.window)
        wanted = distinct if is_reread else new
        names = {file.path for file in wanted}
        notices: list[Notice] = []
        parts = [
            self._read(con, request, index, [entry for entry in each if entry.name in names], brought, notices)
            for index, each in enumerate(covered)
        ]
        brought.check(describe(request, self.source, request.bindings[0]))
        # A file without even a header says nothing about the rows that it delivered before.
        empty = {notice.place for notice in notices if notice.kind == "empty_file"}
        note = f"{len(present)} files, {len(new) - len(renamed)} new, {len(changed)} changed, {len(renamed)} renamed"
        if request.window:
            note += "; files have no window: all are read again"
        stale_tags = [file for file in distinct if file.path not in names and file != known[file.path]]
        return Delivery(
            parts=tuple(part for part in parts if part),
            note=note,
            reread=tuple(path for path in (*entries, *renamed) if path not in empty) if is_reread else (),
            files=(*wanted, *stale_tags),
            forgotten=tuple(renamed),
            notices=tuple(dict.fromkeys(notices)),
        )

    def _look(
        self, con: duckdb.DuckDBPyConnection, store: Store, request: Request, covered: Sequence[Sequence[Entry]]
    ) -> Delivery:
        """Bring some rows of the first files of each binding."""
        brought = _Brought(store, Path(tempfile.mkdtemp(dir=request.scratch)), {})
        notices: list[Notice] = []
        parts = []
        for index, entries in enumerate(covered):
            first = [entry for entry in entries if entry.byte_count][:_LOOKED_AT_FILES] or entries[:1]
            parts.append(self._read(con, request, index, first, brought, notices))
        return Delivery(
            parts=tuple(part for part in parts if part),
            note=f"{sum(map(len, covered))} files, a look at the first",
            notices=tuple(dict.fromkeys(notices)),
        )

    def _covered(self, store: Store, request: Request, binding: Binding) -> list[Entry]:
        """Find the files of a binding, sorted by name."""
        who = describe(request, self.source, binding)
        pattern = str(binding.path)
        try:
            entries = store.entries(pattern)
        except TransientError as error:
            raise TransientError(f"{who}: {error}") from None
        except ExtractError as error:
            raise SourceError(f"{who}: {error}") from None
        except FileNotFoundError as error:
            raise TransientError(f"{who}: {error.filename} was taken away while it was listed") from None
        except OSError as error:
            raise SourceError(f"{who}: cannot list {store.place(pattern)}: {error}") from None
        if not entries:
            raise SourceError(
                f"{who}: no file matches {store.place(pattern)}; deliver one, correct `path`, "
                "or remove the binding if the company does not have this feed"
            )
        return entries

    def _read(
        self,
        con: duckdb.DuckDBPyConnection,
        request: Request,
        index: int,
        entries: Sequence[Entry],
        brought: _Brought,
        notices: list[Notice],
    ) -> Part | None:
        """Read `entries` for one binding; None where they hold no column at all."""
        if not entries:
            return None
        binding = request.bindings[index]
        with self._explained(request, binding, brought, str(binding.path)):
            kind = _format_of(binding, entries[0].name)
            files = [NumberedFile(number, entry.name, brought.copy(entry).path) for number, entry in enumerate(entries)]
            if kind not in {"parquet", "xlsx"}:
                notices += [
                    Notice("compression", said, file.name)
                    for file in files
                    if (said := false_ending(file.name, file.path))
                ]
            form = Text(
                delimiter=binding.delimiter or _DELIMITERS.get(kind, ","),
                skip_rows=binding.skip_rows,
                encoding=binding.encoding,
                header=binding.header,
                limit=request.limit_rows,
            )
            reading = Reading(
                relation=f"delivered_{self.source.name}_{index}",
                files=files,
                scratch=Path(tempfile.mkdtemp(dir=request.scratch)),
                form=form,
                sheet=binding.sheet,
                notices=notices,
            )
            columns = _READERS[kind](con, reading)
        return Part(binding, reading.relation, columns, reading.unreadable) if columns else None

    @contextmanager
    def _explained(self, request: Request, binding: Binding, brought: _Brought, pattern: str) -> Iterator[None]:
        """Say of an error whose it is and, where it may pass, that it may."""
        who = describe(request, self.source, binding)
        try:
            yield
        except TransientError as error:
            raise TransientError(f"{who}: {error}") from None
        except ExtractError as error:
            raise SourceError(f"{who}: {error}") from None
        except (OSError, ValueError, duckdb.Error) as error:
            brought.check(who)
            if _is_disk_full(error):
                raise SourceError(
                    f"{who}: there is no room left at {request.scratch} to read {brought.store.place(pattern)}; "
                    "make room, then run again (nothing was landed)"
                ) from error
            # The first line of the engine names the file; those after it quote what is in it.
            words = str(error).splitlines()[0] if isinstance(error, duckdb.Error) else error
            raise SourceError(f"{who}: cannot read {brought.store.place(pattern)}: {words}") from error


@dataclass
class _Brought:
    """The files that were brought to this machine in one delivery."""

    store: Store
    scratch: Path
    known: Mapping[str, LandedFile]
    copies: dict[str, Copy] = field(default_factory=dict)

    def copy(self, entry: Entry) -> Copy:
        """Bring a file, once."""
        if entry.name not in self.copies:
            self.copies[entry.name] = self.store.fetch(entry, self.scratch)
        return self.copies[entry.name]

    def sha256(self, entry: Entry) -> str:
        """Return the hash of a file's content, without bringing it where its store says that it is what was landed."""
        landed = self.known.get(entry.name)
        if landed and entry.tag and (landed.tag, landed.byte_count) == (entry.tag, entry.byte_count):
            return landed.sha256
        return self.copy(entry).sha256

    def check(self, who: str) -> None:
        """TransientError that begins with `who` if a file is no longer what was hashed: it is still being written."""
        for name, copy in self.copies.items():
            if not copy.is_unchanged():
                raise TransientError(f"{who}: {name} changed while it was read; run again when it is complete")


def _differ(file: LandedFile, landed: LandedFile) -> bool:
    return (file.sha256, file.fingerprint) != (landed.sha256, landed.fingerprint)


def _is_disk_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in _DISK_FULL
    # DuckDB says it in the words of the system.
    return isinstance(error, duckdb.Error) and any(
        words in str(error) for words in ("No space left", "File too large", "Disk quota", "Could not write")
    )


def _fingerprint(request: Request, covered: Sequence[Sequence[Entry]], name: str) -> str:
    """Join the fingerprints of the bindings that read the file `name`."""
    bindings = zip(request.fingerprints, covered, strict=True)
    return " ".join(fingerprint for fingerprint, entries in bindings if any(entry.name == name for entry in entries))


def _format_of(binding: Binding, name: str) -> str:
    """Return the format of a binding's files; ValueError if it is not told, or has no use for what is declared."""
    ending = Path(bare_name(name)).suffix.lower()
    known = binding.format or _FORMATS.get(ending)
    if known is None:
        raise ValueError(f"the ending of {name} does not tell its format; write `format:` in the binding")
    for key, formats in _KEY_FORMATS.items():
        if getattr(binding, key) and known not in formats:
            raise ValueError(f"`{key}` means nothing for files of format {known}; leave it out")
    return known
