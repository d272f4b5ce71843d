"""The name of a build: when it began, so that names sort as builds follow each other, and which run it is."""

from __future__ import annotations

from datetime import UTC, datetime

_INSTANT = "%Y%m%dT%H%M%SZ"
_RUN_LENGTH = 8


def build_id_of(started_at: datetime, run_id: str) -> str:
    """The id of the build that began at `started_at`, an aware instant, in the run `run_id`."""
    return f"{started_at.astimezone(UTC):{_INSTANT}}_{run_id[:_RUN_LENGTH]}"


def begin_of(build_id: str) -> datetime | None:
    """When the build of this id began, to the second and in UTC; None if nobody gave that id to a build."""
    try:
        return datetime.strptime(build_id.partition("_")[0], _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None
