"""The files connector: CSV, TSV, NDJSON and Parquet files of a folder, each content landed once."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.extract.connectors.delivery import Delivery, LandedFile, Part, Request, describe
from orchestration.extract.connectors.readers import File, Reading, read_ndjson, read_parquet, read_tables
from orchestration.extract.errors import SourceError
from orchestration.extract.profile_model import Binding
from orchestration.extract.source_models import FilesSource

_FORMATS = {".csv": "csv", ".tsv": "tsv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet"}
_DELIMITERS = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True)
class FilesConnector:
    """Reads the files of one folder."""

    source: FilesSource

    def deliver(self, con: duckdb.DuckDBPyConnection, request: Request) -> Delivery:
        """Bring the files that are new; where one changed, is renamed or mapped anew, bring all that are there.

        Bringing all keeps the outcome that of landing today's files for the first time: a changed file may have held
        a version of a row that displaced another file's.
        """
        covered = [self._covered(request, binding) for binding in request.bindings]
        paths = dict(sorted({file for files in covered for file in files}))
        present = [
            LandedFile(name, _sha256(path), _fingerprint(request, covered, name), path.stat().st_size)
            for name, path in paths.items()
        ]
        known = request.landed_files
        # A copy of a content is landed once: under the name it was landed with, or else under the first.
        originals: dict[str, LandedFile] = {}
        for file in sorted(present, key=lambda file: (file.path not in known, file.path)):
            originals.setdefault(file.sha256, file)
        distinct = [file for file in present if originals[file.sha256] is file]
        new = [file for file in distinct if file.path not in known]
        changed = [file for file in distinct if file.path in known and file != known[file.path]]
        contents = {file.sha256 for file in new}
        renamed = [file.path for file in known.values() if file.path not in paths and file.sha256 in contents]

        is_reread = bool(changed or renamed)
        brought = distinct if is_reread else new
        wanted = {file.path for file in brought}
        parts = [
            self._read(con, request, index, [file for file in files if file[0] in wanted])
            for index, files in enumerate(covered)
        ]
        return Delivery(
            parts=tuple(part for part in parts if part),
            note=f"{len(present)} files, {len(new) - len(renamed)} new, {len(changed)} changed, {len(renamed)} renamed",
            reread=(*paths, *renamed) if is_reread else (),
            files=tuple(brought),
            forgotten=tuple(renamed),
        )

    def _covered(self, request: Request, binding: Binding) -> list[File]:
        """Find the files of a binding, sorted by path."""
        who = describe(request, self.source, binding)
        folder, pattern = self.source.folder, str(binding.path)
        if not folder.is_dir():
            raise SourceError(f"{who}: there is no folder {folder}; create it, or correct `root` of the source")
        paths = sorted(path for path in folder.glob(pattern) if path.is_file())
        if not paths:
            raise SourceError(
                f"{who}: no file matches {folder / pattern}; deliver one, correct `path`, "
                "or remove the binding if the company does not have this feed"
            )
        return [(path.relative_to(folder).as_posix(), path) for path in paths]

    def _read(self, con: duckdb.DuckDBPyConnection, request: Request, index: int, files: Sequence[File]) -> Part | None:
        """Read `files` for one binding; None where they hold no column at all."""
        if not files:
            return None
        binding = request.bindings[index]
        scratch = Path(tempfile.mkdtemp(dir=request.scratch))
        reading = Reading(f"delivered_{self.source.name}_{index}", files, scratch)
        try:
            kind = _format_of(binding, files[0][0])
            if kind == "parquet":
                columns = read_parquet(con, reading)
            elif kind == "ndjson":
                columns = read_ndjson(con, reading)
            else:
                columns = read_tables(con, reading, _DELIMITERS[kind])
        except (OSError, EOFError, zlib.error, ValueError, duckdb.Error) as error:
            where = self.source.folder / str(binding.path)
            raise SourceError(f"{describe(request, self.source, binding)}: cannot read {where}: {error}") from error
        return Part(binding, reading.relation, columns, reading.unreadable) if columns else None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fingerprint(request: Request, covered: Sequence[Sequence[File]], name: str) -> str:
    """Join the fingerprints of the bindings that read the file `name`."""
    bindings = zip(request.fingerprints, covered, strict=True)
    return " ".join(fingerprint for fingerprint, files in bindings if any(file[0] == name for file in files))


def _format_of(binding: Binding, name: str) -> str:
    ending = Path(name.removesuffix(".gz")).suffix.lower()
    known = binding.format or _FORMATS.get(ending)
    if known is None:
        raise ValueError(f"the ending of {name} does not tell its format; write `format:` in the binding")
    return known
