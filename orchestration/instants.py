"""Instants: the clock of the run, and the form in which instants are stored (UTC, without zone)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The clock, as an aware instant in UTC. Recorded about a build; never read by a model."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """The time of one build: from `start`, an aware instant, it runs on whatever is done to the machine's clock."""

    start: datetime
    _tick: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The instant it is by this clock."""
        return self.start + timedelta(seconds=time.monotonic() - self._tick)


def stored(instant: datetime) -> datetime:
    """`instant` as a naive UTC timestamp, as every table holds it; ValueError if it has no zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no zone; an instant needs one")
    return instant.astimezone(UTC).replace(tzinfo=None)


def next_instant(clock: datetime, recorded: Iterable[datetime]) -> datetime:
    """`clock`, or where that is not a second after all that is recorded, the second that is. All are aware."""
    earliest = max((instant.replace(microsecond=0) + timedelta(seconds=1) for instant in recorded), default=clock)
    return max(clock, earliest)
