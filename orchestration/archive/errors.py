"""Errors of the archive: each says what was found, where, and which command helps."""

from __future__ import annotations


class ArchiveError(RuntimeError):
    """The archive and the ingest file do not fit each other, or one of them is damaged."""
