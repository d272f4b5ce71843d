"""Errors of forgetting: each says what stands in the way, and what to do; nothing is changed then."""

from __future__ import annotations


class ForgetError(RuntimeError):
    """A person who cannot be forgotten as things stand."""
