"""A backfill: which part of which feed's history a run reads from its source again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from orchestration.extract.connectors.delivery import Window
from orchestration.extract.profile import Profile


class BackfillError(ValueError):
    """A backfill asks for a feed that the company does not have, or for a window that is none."""


@dataclass(frozen=True)
class Backfill:
    """Read `feed` again from the start of `window` until before its end."""

    feed: str
    window: Window


def plan_backfill(profile: Profile, feed: str, start: str, end: str) -> Backfill:
    """Make a backfill of `feed` from two ISO days or instants; days begin at midnight of the company's time zone.

    BackfillError if the profile does not connect the feed, or the window ends before it starts.
    """
    if feed not in profile.feeds:
        connected = ", ".join(profile.feeds) or "none"
        raise BackfillError(f"the profile {profile.name} connects no feed {feed!r}; it connects {connected}")
    window = Window(_instant(profile, start), _instant(profile, end))
    if window.start >= window.end:
        raise BackfillError(f"the window from {start} until {end} is empty; its end must be later than its start")
    return Backfill(feed, window)


def _instant(profile: Profile, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BackfillError(f"{text!r} is neither an ISO day such as 2026-03-01 nor an ISO instant") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(profile.time_zone))
