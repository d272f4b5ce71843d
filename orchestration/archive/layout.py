"""Where the archive's parts lie and how their names vouch for them.

    archive/<feed>/<sequence>-<batch>-<digest>.parquet   what one landing changed
    archive/_runs/<sequence>-<batch>-<digest>.parquet    the counts of a run's landings that changed nothing
    archive/_base/<sequence>-<digest>/<feed>-<digest>.parquet   all that stood after the part of that sequence

Sequences go through all feeds without a gap, so a part that is missing shows. A digest is the beginning of the SHA-256
of the file, and of a base that of its files' names: a part that is cut or changed no longer bears its name.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from orchestration.archive.errors import ArchiveError
from orchestration.duckdb_files import fsync_directory

BASES = "_base"
RUNS = "_runs"

_NAME = re.compile(r"(?P<sequence>\d{8,})-(?:.*-)?(?P<digest>[0-9a-f]{16})(?:\.parquet)?")
_FILE_OF_BASE = re.compile(r".+-(?P<digest>[0-9a-f]{16})\.parquet")


@dataclass(frozen=True, order=True)
class Part:
    """A part of the archive: a file, or the folder of a base."""

    sequence: int
    path: Path

    @property
    def is_base(self) -> bool:
        """Whether it holds all that stood, not one landing."""
        return self.path.parent.name == BASES

    @property
    def files(self) -> list[Path]:
        """The Parquet files of the part."""
        return sorted(self.path.glob("*.parquet")) if self.is_base else [self.path]

    @property
    def digest(self) -> str:
        """The digest in its name."""
        said = _NAME.fullmatch(self.path.name)
        assert said is not None  # only such names are parts
        return said["digest"]

    def is_draft_of(self, draft: Path) -> bool:
        """Whether `draft` is this part, finished but not yet named."""
        if draft.is_dir():
            return digest_of_names(path.name for path in draft.iterdir()) == self.digest
        return draft.exists() and digest_of(draft) == self.digest

    def damage(self) -> str | None:
        """Say what is wrong with the part's files by their names, None if nothing is."""
        if not self.is_base:
            found = digest_of(self.path)
            return None if found == self.digest else _changed(self.path, found)
        if digest_of_names(path.name for path in self.files) != self.digest:
            return f"{self.path} has other files than it was written with; found {len(self.files)}"
        for path in self.files:
            match = _FILE_OF_BASE.fullmatch(path.name)
            if match is None or (found := digest_of(path)) != match["digest"]:
                return _changed(path, found if match else "another name")
        return None


def _changed(path: Path, found: str) -> str:
    return f"{path} is cut or changed: its digest is {found}, {path.stat().st_size:,} bytes"


def list_parts(folder: Path) -> list[Part]:
    """List every part that lies in the archive, in order."""
    parts = []
    for path in folder.glob("*/*"):
        match = _NAME.fullmatch(path.name)
        if match and (path.is_dir() if path.parent.name == BASES else path.suffix == ".parquet"):
            parts.append(Part(int(match["sequence"]), path))
    return sorted(parts)


def plan(folder: Path) -> list[Part]:
    """List the parts that a rebuild reads: the last base, and every file after it, in order.

    ArchiveError names the sequences that are missing.
    """
    parts = list_parts(folder)
    base = max((part for part in parts if part.is_base), default=None)
    first = base.sequence + 1 if base else 1
    files = [part for part in parts if not part.is_base and part.sequence >= first]
    there = {part.sequence for part in files}
    if len(there) < len(files):
        twice = next(part for part, other in pairwise(files) if part.sequence == other.sequence)
        raise ArchiveError(
            f"{folder} has two parts of the sequence {twice.sequence}; take out the one of another company"
        )
    missing = [number for number in range(first, max(there, default=first - 1) + 1) if number not in there]
    if missing:
        named = ", ".join(str(number) for number in missing[:10])
        raise ArchiveError(
            f"{folder} lacks {len(missing)} of its parts, by sequence: {named}{' …' if len(missing) > 10 else ''}. "
            "Put them back from your copy of the archive"
        )
    return [*([base] if base else []), *files]


def draft_of(place: Path, sequence: int) -> Path:
    """Where the part of this sequence is written before its landing is committed."""
    return place / f".{sequence:08d}.draft"


def file_name(sequence: int, batch_id: str, digest: str) -> str:
    """Name the file of a landing or a run; the batch is there for people."""
    return f"{sequence:08d}-{re.sub('[^A-Za-z0-9_.]', '_', batch_id)}-{digest}.parquet"


def base_name(sequence: int, digest: str) -> str:
    """Name the folder of a base."""
    return f"{sequence:08d}-{digest}"


def digest_of(path: Path) -> str:
    """The beginning of the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def digest_of_names(names: Iterable[str]) -> str:
    """The beginning of the SHA-256 of names, in any order."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def rename_durably(draft: Path, final: Path) -> None:
    """Give a finished draft its name, for good."""
    draft.rename(final)
    fsync_directory(final.parent)


def remove(part: Part) -> None:
    """Delete a part that another one stands for; a base first loses its name, so that no half of it is left."""
    if part.is_base:
        doomed = part.path.with_name(f".{part.path.name}.draft")
        part.path.rename(doomed)
        shutil.rmtree(doomed)
    else:
        part.path.unlink()
    fsync_directory(part.path.parent)
