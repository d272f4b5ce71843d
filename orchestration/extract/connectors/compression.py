"""Delivered files as plain bytes: gzip and zstd are known by their content, whatever the ending of the name says."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_ENDINGS = {".gz": "gzip", ".zst": "zstd"}
# What is no text, whatever its ending says.
_OTHERS = {b"PK\x03\x04": "a zip archive or a workbook", b"PAR1": "a Parquet file", b"%PDF": "a PDF document"}


class ByteStream(Protocol):
    """What is needed of an open file."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""

    def close(self) -> None:
        """Close the file."""


def bare_name(name: str) -> str:
    """Return `name` without the ending of a compression."""
    return name[: -len(Path(name).suffix)] if Path(name).suffix.lower() in _ENDINGS else name


def compression_of(path: Path) -> str:
    """Return gzip, zstd, or nothing, by the first bytes of the file."""
    with path.open("rb") as stream:
        head = stream.read(4)
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")


def false_ending(name: str, path: Path) -> str | None:
    """Say how the ending of `name` contradicts the content of `path`; None where it does not."""
    found, said = compression_of(path), _ENDINGS.get(Path(name).suffix.lower(), "")
    if found == said or not path.stat().st_size:
        return None
    return (
        f"its content is {found or 'not compressed'}, its ending says {said or 'not compressed'}: read by its content"
    )


@contextmanager
def open_bytes(name: str, path: Path) -> Iterator[ByteStream]:
    """Open the file `path`, which errors call `name`, decompressed.

    ValueError, also while it is read, if its compressed data is cut or damaged, or if it is no text at all.
    """
    kind = compression_of(path)
    stream = _open(name, path, kind)
    try:
        yield stream
    except EOFError:
        raise ValueError(f"{name}: {_cut(kind)}") from None
    except (OSError, zlib.error) as error:
        # An error of the file system has a number, one of the compressed data has none.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        problem = _cut(kind) if "Truncated" in str(error) else f"its {kind} data is damaged ({error}); deliver it again"
        raise ValueError(f"{name}: {problem}") from None
    finally:
        stream.close()


def _open(name: str, path: Path, kind: str) -> ByteStream:
    if kind == "gzip":
        return gzip.open(path, "rb")
    if kind == "zstd":
        # Imported late: most files are not compressed so.
        import pyarrow as pa  # noqa: PLC0415

        stream: ByteStream = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
        return stream
    opened = path.open("rb")
    head = opened.read(4)
    opened.seek(0)
    if head in _OTHERS:
        opened.close()
        raise ValueError(f"{name}: is {_OTHERS[head]}, not text; deliver text, or correct `format` of the binding")
    return opened


def _cut(kind: str) -> str:
    return f"is cut: its {kind} data ends too early; deliver it again, whole"
