"""The folder of published versions: list, pin, serve, roll back, restore, prune.

A version is a file warehouse_<build_id>.duckdb whose name is never used again. The link current.duckdb names the one
that readers are served. A pin is an empty file beside its version, of the same name and `.pinned`: one entry of the
folder is there or not, however the machine died; two commands cannot lose each other's pin as they could in a common
list; and who copies the folder copies the pins. Whoever changes the folder holds a lock on it, which the kernel lets go
with the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.duckdb_files import fsync_directory
from orchestration.versions.inspection import look_at, verify

_PREFIX = "warehouse_"
_SUFFIX = ".duckdb"
_PINNED = ".pinned"
_CURRENT = "current.duckdb"


class PublishError(RuntimeError):
    """A version that could not be made, verified or found; the served version is unchanged."""


@dataclass(frozen=True)
class Version:
    """One published version: its build, its file, whether readers are served it, whether it is never pruned."""

    build_id: str
    path: Path
    is_current: bool
    is_pinned: bool = False


def version_file(published_dir: Path, build_id: str) -> Path:
    """Where the version of `build_id` is, or would be."""
    return published_dir / f"{_PREFIX}{build_id}{_SUFFIX}"


def list_versions(published_dir: Path) -> list[Version]:
    """All versions on disk, oldest first; none of them is opened."""
    served = served_version(published_dir)
    files = sorted(published_dir.glob(f"{_PREFIX}*{_SUFFIX}"))
    return [Version(build_id_of_version(path), path, path == served, _pin(path).exists()) for path in files]


def served_version(published_dir: Path) -> Path | None:
    """The file that readers are served, or None where nothing was published. It may be gone or damaged."""
    link = published_dir / _CURRENT
    return published_dir / link.readlink() if link.is_symlink() else None


def newest_sound_version(published_dir: Path, warn: Callable[[str], None]) -> Path | None:
    """The served version, or where that is damaged the newest that is not; None where there is none.

    `warn` is told of each damaged one on the way.
    """
    served = served_version(published_dir)
    newest_first = [version.path for version in reversed(list_versions(published_dir))]
    candidates = [] if served is None else [served]
    for path in (*candidates, *(path for path in newest_first if path != served)):
        damage = look_at(path, build_id_of_version(path)).damage
        if damage is None:
            return path
        what = "the served version" if path == served else "version"
        warn(f"{what} {path} is damaged: {damage}")
    return None


def roll_back(published_dir: Path, build_id: str | None = None) -> Version:
    """Verify and serve `build_id`, or the version before the served one.

    PublishError, with the served version unchanged, if there is none such or if it is damaged.
    """
    with hold_folder(published_dir):
        target = _find(published_dir, build_id) if build_id else _before_served(published_dir)
        _demand_sound(target.path, target.build_id)
        serve(published_dir, target.path)
    return Version(target.build_id, target.path, True, target.is_pinned)


def pin(published_dir: Path, build_id: str) -> Version:
    """Keep `build_id` from being pruned until it is unpinned; pinning twice is pinning once."""
    with hold_folder(published_dir):
        version = _find(published_dir, build_id)
        _pin(version.path).touch()
        fsync_directory(published_dir)
    return Version(version.build_id, version.path, version.is_current, True)


def unpin(published_dir: Path, build_id: str) -> Version:
    """Let `build_id` be pruned again when its time comes."""
    with hold_folder(published_dir):
        version = _find(published_dir, build_id)
        _pin(version.path).unlink(missing_ok=True)
        fsync_directory(published_dir)
    return Version(version.build_id, version.path, version.is_current, False)


def prune(published_dir: Path, *, keep: int, is_dry: bool = False) -> list[Path]:
    """Delete all but the newest `keep` versions, the served one and the pinned ones; return what is deleted.

    `is_dry` deletes nothing. Readers that hold a deleted file keep it.
    """
    with hold_folder(published_dir):
        removed = superfluous(list_versions(published_dir), keep=keep)
        if not is_dry:
            delete(published_dir, removed)
    return removed


def superfluous(versions: list[Version], *, keep: int) -> list[Path]:
    """The files of `versions`, given oldest first, that are neither of the newest `keep`, nor served, nor pinned."""
    older = versions[: max(len(versions) - keep, 0)]
    return [version.path for version in older if not (version.is_current or version.is_pinned)]


def delete(published_dir: Path, files: list[Path]) -> None:
    """Delete version files durably."""
    for path in files:
        path.unlink()
    if files:
        fsync_directory(published_dir)


def restore(published_dir: Path, source: str | Path) -> Version:
    """Verify a version and serve it: a build id of this folder, or a copy of a version that lies elsewhere.

    A copy is brought in under the name that it had when it was published. PublishError, with the served version
    unchanged, if it is damaged, unknown, or another file of its name is here already.
    """
    path = Path(source)
    if not path.is_file():
        if path.suffix == _SUFFIX or len(path.parts) > 1:
            raise PublishError(f"there is no file {path}")
        return roll_back(published_dir, str(source))
    if path.resolve().parent == published_dir.resolve():
        return roll_back(published_dir, build_id_of_version(path.resolve()))
    name = path.resolve().name
    if not (name.startswith(_PREFIX) and name.endswith(_SUFFIX)):
        raise PublishError(
            f"{path} is not named {_PREFIX}<build_id>{_SUFFIX}; give it the name that it was published by"
        )
    build_id = build_id_of_version(path.resolve())
    published_dir.mkdir(parents=True, exist_ok=True)
    with hold_folder(published_dir):
        final = version_file(published_dir, build_id)
        if final.exists():
            raise PublishError(f"{final} is here already; `aftersales versions restore {build_id}` serves it")
        if (wal := path.with_name(path.name + ".wal")).exists():
            raise PublishError(f"{wal} lies beside the copy: it was written to after its publication")
        draft = final.with_name(f".{final.name}.draft")
        try:
            shutil.copyfile(path, draft)
            fsync_file(draft)
            _demand_sound(draft, build_id, of=path)
            draft.rename(final)
        except OSError as error:
            raise PublishError(f"{path} could not be copied to {published_dir}: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
        fsync_directory(published_dir)
        serve(published_dir, final)
    return Version(build_id, final, True)


@contextmanager
def hold_folder(published_dir: Path) -> Iterator[None]:
    """Wait until nobody else changes the folder, and keep others out for the block.

    PublishError if there is no such folder.
    """
    try:
        descriptor = os.open(published_dir, os.O_RDONLY)
    except OSError as error:
        raise PublishError(f"nothing is published in {published_dir}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def remove_drafts(published_dir: Path) -> None:
    """Remove what a killed process left half-written. Call it while holding the folder."""
    for left in (*published_dir.glob(f".{_PREFIX}*.draft*"), *published_dir.glob(f".{_CURRENT}.*")):
        left.unlink()


def serve(published_dir: Path, version: Path) -> None:
    """Turn readers to `version` at one instant. Call it while holding the folder."""
    draft = published_dir / f".{_CURRENT}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(version.name)
    draft.replace(published_dir / _CURRENT)
    fsync_directory(published_dir)


def fsync_file(path: Path) -> None:
    """Make the content of a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _find(published_dir: Path, build_id: str) -> Version:
    versions = list_versions(published_dir)
    for version in versions:
        if version.build_id == build_id:
            return version
    raise PublishError(f"no version {build_id!r}; versions: {_names(versions)}")


def _before_served(published_dir: Path) -> Version:
    versions = list_versions(published_dir)
    served = next((i for i, version in enumerate(versions) if version.is_current), None)
    if not served:
        raise PublishError(f"there is no version before the served one; versions: {_names(versions)}")
    return versions[served - 1]


def _demand_sound(path: Path, build_id: str, of: Path | None = None) -> None:
    problems = verify(path, build_id)
    if problems:
        shown = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
        raise PublishError(f"version {of or path} is damaged: {shown}. It is not served; choose another one")


def _names(versions: list[Version]) -> str:
    return ", ".join(version.build_id for version in versions) or "none"


def build_id_of_version(path: Path) -> str:
    """The build whose version `path` is, by its name."""
    return path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _pin(version: Path) -> Path:
    return version.with_name(version.name + _PINNED)
