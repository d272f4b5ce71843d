"""Errors of the extraction: each says what was found, what was expected, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ExtractError(Exception):
    """Something about a source, a profile or the ingest file keeps a feed from being landed."""


class ProfileError(ExtractError):
    """A company profile has mistakes; `mistakes` lists every one of them as 'file:line: what is wrong'."""

    def __init__(self, path: Path, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        count = f"{len(mistakes)} mistake{'' if len(mistakes) == 1 else 's'}"
        super().__init__(f"The company profile {path} has {count}:\n" + "\n".join(f"  {line}" for line in mistakes))


class SourceError(ExtractError):
    """A source that a feed is bound to cannot be read."""


class TransientError(SourceError):
    """A source failed in a way that may pass: a lost connection, a timeout, a service that is overloaded."""


class FeedStoppedError(ExtractError):
    """A delivery differs so much from what is declared that landing it would be wrong; the feed stays as it was."""


class MappingError(ExtractError):
    """An expression of the profile does not fit what the source delivers."""


class IngestError(ExtractError):
    """The ingest file does not fit the feed contract."""
