"""Where delivered files lie: a folder, or an S3-compatible object store. Lists them by pattern and brings them here."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.errors import ExtractError, SourceError, TransientError
from orchestration.extract.source_models import FilesSource

if TYPE_CHECKING:
    from s3fs import S3FileSystem

# Bytes per request for a part of an object, and keys per request of a list (a store gives no more).
_PART_BYTES = 16 << 20
_PAGE_KEYS = 1000
_WILD = re.compile(r"[*?\[]")
# What a store says when it is only busy.
_BUSY = {"InternalError", "OperationAborted", "RequestTimeout", "ServiceUnavailable", "SlowDown", "500", "502", "503"}
_CONNECTION = {"connect_timeout": 10, "read_timeout": 60, "retries": {"mode": "standard", "max_attempts": 3}}


@dataclass(frozen=True)
class Entry:
    """A file of a store: its name below the root, its size, and its `tag`, which tells another content (or empty)."""

    name: str
    byte_count: int
    tag: str = ""


@dataclass(frozen=True)
class Copy:
    """A file as it lies on this machine, with the state (size, time of change, inode) in which it was hashed."""

    path: Path
    sha256: str
    byte_count: int
    state: tuple[int, int, int]

    def is_unchanged(self) -> bool:
        """Whether the file is still what was hashed."""
        try:
            return _state(self.path) == self.state
        except FileNotFoundError:
            return False


class Store(Protocol):
    """A place of files. SourceError, without any secret, says what is wrong with it."""

    def place(self, pattern: str) -> str:
        """Name the files of `pattern` for people."""

    def entries(self, pattern: str) -> list[Entry]:
        """List the files whose names fit `pattern`, sorted by name."""

    def fetch(self, entry: Entry, scratch: Path) -> Copy:
        """Bring a file to this machine, below `scratch` if it is not here; TransientError if it changed meanwhile."""


def open_store(source: FilesSource, sessions: Sessions) -> Store:
    """Return the place of the files of `source`."""
    return ObjectStore(source, sessions) if source.is_remote else Folder(source.folder)


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    folder: Path

    def place(self, pattern: str) -> str:
        """Name the files of `pattern` for people."""
        return str(self.folder / pattern)

    def entries(self, pattern: str) -> list[Entry]:
        """List the files whose names fit `pattern`, sorted by name."""
        if not self.folder.is_dir():
            raise SourceError(f"there is no folder {self.folder}; create it, or correct `root` of the source")
        paths = sorted(path for path in self.folder.glob(pattern) if path.is_file())
        return [Entry(path.relative_to(self.folder).as_posix(), path.stat().st_size) for path in paths]

    def fetch(self, entry: Entry, scratch: Path) -> Copy:  # noqa: ARG002 - it is here already
        """Hash a file where it lies."""
        path = self.folder / entry.name
        try:
            return _copy(path)
        except FileNotFoundError:
            raise TransientError(f"{entry.name} was taken away while it was read") from None


@dataclass(frozen=True)
class ObjectStore:
    """The objects of a bucket whose keys begin with a prefix."""

    source: FilesSource
    sessions: Sessions

    @property
    def _parts(self) -> tuple[str, str]:
        bucket, _, prefix = self.source.root.removeprefix("s3://").partition("/")
        prefix = prefix.strip("/")
        return bucket, f"{prefix}/" if prefix else ""

    def place(self, pattern: str) -> str:
        """Name the objects of `pattern` for people."""
        bucket, prefix = self._parts
        return f"s3://{bucket}/{prefix}{pattern}"

    def entries(self, pattern: str) -> list[Entry]:
        """List the objects whose keys fit `pattern` below the prefix, sorted by key."""
        bucket, prefix = self._parts
        segments = pattern.split("/")
        literal = 0
        while literal < len(segments) - 1 and not _WILD.search(segments[literal]):
            literal += 1
        begin = prefix + "".join(f"{segment}/" for segment in segments[:literal])
        entries = []
        with self._reading(f"list s3://{bucket}/{begin}") as system:
            page: dict[str, Any] = {"IsTruncated": True}
            while page["IsTruncated"]:
                token = page.get("NextContinuationToken")
                more = {"ContinuationToken": token} if token else {}
                page = system.call_s3("list_objects_v2", Bucket=bucket, Prefix=begin, MaxKeys=_PAGE_KEYS, **more)
                entries += [
                    Entry(item["Key"].removeprefix(prefix), item["Size"], item["ETag"].strip('"'))
                    for item in page.get("Contents", [])
                ]
        fitting = [entry for entry in entries if entry.name[-1:] not in {"", "/"} and matches(entry.name, pattern)]
        return sorted(fitting, key=lambda entry: entry.name.split("/"))

    def fetch(self, entry: Entry, scratch: Path) -> Copy:
        """Copy an object, as it was listed, below `scratch`."""
        bucket, prefix = self._parts
        key = prefix + entry.name
        path = scratch / hashlib.sha256(key.encode()).hexdigest()[:32]
        try:
            with (
                self._reading(f"read s3://{bucket}/{key}") as system,
                system.open(f"{bucket}/{key}", "rb", block_size=_PART_BYTES, cache_type="none") as remote,
                path.open("wb") as out,
            ):
                if remote.details["ETag"].strip('"') != entry.tag:
                    raise TransientError(f"{entry.name} was changed while it was read; run again")
                # The store is asked for this content: parts of two versions never mix.
                while data := remote.read(_PART_BYTES):
                    out.write(data)
        except FileNotFoundError:
            raise TransientError(f"{entry.name} was taken away after it was listed; run again") from None
        copy = _copy(path)
        if copy.byte_count != entry.byte_count:
            raise TransientError(f"{entry.name} came with {copy.byte_count} of {entry.byte_count} bytes; run again")
        return copy

    @contextmanager
    def _reading(self, what: str) -> Iterator[S3FileSystem]:
        """Give the open store; its errors in our words, without secrets and what the library knows besides."""
        # Imported late: they take a second that companies without object stores do not need.
        from aiohttp import ClientError  # noqa: PLC0415
        from botocore.exceptions import (  # type: ignore[import-untyped]  # noqa: PLC0415
            BotoCoreError,
            NoCredentialsError,
            PartialCredentialsError,
        )
        from s3fs.utils import FileExpired  # noqa: PLC0415

        try:
            yield self.sessions.get(self.source.name, self._open)
        except ExtractError:
            raise
        except (NoCredentialsError, PartialCredentialsError):
            raise SourceError(
                f"cannot {what}: there are no keys; write access_key and secret_key in the source, "
                "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ) from None
        except (BotoCoreError, ClientError, HTTPException, TimeoutError, ConnectionError) as error:
            # No answer at all: a name that does not resolve, a refused connection, a timeout.
            self.sessions.drop(self.source.name)
            where = self.source.endpoint_url or "Amazon S3"
            raise TransientError(
                f"cannot {what}: no answer from {where} ({type(error).__name__}); "
                "see whether it runs and `endpoint_url` is right"
            ) from None
        except FileExpired:
            raise TransientError(f"cannot {what}: it was changed while it was read; run again") from None
        except OSError as error:
            answer = getattr(error.__cause__, "response", None)
            if not isinstance(answer, dict):
                raise
            code = str(answer.get("Error", {}).get("Code", ""))
            if code in {"NoSuchKey", "404"}:
                raise FileNotFoundError(what) from None
            if code in _BUSY:
                raise TransientError(f"cannot {what}: the store is busy ({code})") from None
            raise SourceError(f"cannot {what}: {code}, {self._hidden(str(error))}{_advice(code)}") from None

    @contextmanager
    def _open(self) -> Iterator[S3FileSystem]:
        from s3fs import S3FileSystem  # noqa: PLC0415 - see above

        source = self.source
        yield S3FileSystem(
            key=source.access_key.get_secret_value() if source.access_key else None,
            secret=source.secret_key.get_secret_value() if source.secret_key else None,
            endpoint_url=source.endpoint_url,
            client_kwargs={"region_name": source.region} if source.region else {},
            config_kwargs=_CONNECTION,
            skip_instance_cache=True,
            use_listings_cache=False,
        )

    def _hidden(self, text: str) -> str:
        """Leave keys out of `text`."""
        for secret in (self.source.access_key, self.source.secret_key):
            if secret and secret.get_secret_value():
                text = text.replace(secret.get_secret_value(), "…")
        return text


def matches(name: str, pattern: str) -> bool:
    """Whether `name` fits a glob `pattern`: * and ? stay within a folder, ** are any folders."""
    return _matches(name.split("/"), pattern.split("/"))


def _matches(names: list[str], patterns: list[str]) -> bool:
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(_matches(names[skipped:], patterns[1:]) for skipped in range(len(names)))
    return bool(names) and fnmatch.fnmatchcase(names[0], patterns[0]) and _matches(names[1:], patterns[1:])


def _advice(code: str) -> str:
    if code == "NoSuchBucket":
        return "; correct `root` of the source"
    if code in {"AccessDenied", "403"}:
        return "; let these keys list the bucket and read its objects"
    if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}:
        return "; correct access_key and secret_key"
    return ""


def _copy(path: Path) -> Copy:
    state = _state(path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Copy(path, sha256, state[0], state)


def _state(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino
