"""Errors of the lake: each says what was found, where, and what to do."""

from __future__ import annotations


class LakeError(RuntimeError):
    """The lake cannot be reached, or does not hold what it should; its last version is served as before.

    It is raised without its cause, whose words it quotes: of a build that fails, the innermost error is told.
    """
