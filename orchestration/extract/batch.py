"""One landing of a feed: which feed, from which sources and bindings, under which id and instant."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.extract.contract import Feed
from orchestration.extract.profile_model import Binding, Profile
from orchestration.extract.source_models import PROJECT_ROOT, FilesSource, Source
from orchestration.extract.sql_text import quote

POLICIES_DIR = PROJECT_ROOT / "dbt_project" / "policies"
# The sources of policy tables: the file that is the table, and a company's rows beside those that ship.
SHIPPED = "policy"
OWN = "company"


@dataclass(frozen=True)
class Bound:
    """A source with the bindings by which it feeds the feed."""

    source: Source
    zone: str
    bindings: tuple[Binding, ...]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """One landing: of which feed from which sources, under which id and instant (naive UTC)."""

    feed: Feed
    bound: tuple[Bound, ...]
    batch_id: str
    landed_at: datetime

    @property
    def table(self) -> str:
        """The feed's table, as SQL."""
        return f"{quote(self.feed.schema)}.{quote(self.feed.name)}"

    @property
    def is_policy(self) -> bool:
        """Policy tables are small, and replaced as a whole each time."""
        return self.feed.schema == "policy"

    @property
    def sources(self) -> list[str]:
        """The names of the sources."""
        return [each.source.name for each in self.bound]


def make_batch(feed: Feed, profile: Profile, batch_id: str, landed_at: datetime) -> Batch:
    """Find the sources of `feed` in the profile; a policy table's is a file. `landed_at` is an aware instant."""
    bound = _policy_source(feed, profile) if feed.schema == "policy" else _feed_sources(feed, profile)
    return Batch(feed, bound, batch_id, landed_at.astimezone(UTC).replace(tzinfo=None))


def _feed_sources(feed: Feed, profile: Profile) -> tuple[Bound, ...]:
    bindings = profile.feeds.get(feed.name, ())
    bound = []
    for name in dict.fromkeys(binding.source for binding in bindings):
        own = tuple(binding for binding in bindings if binding.source == name)
        fingerprints = tuple(profile.binding_fingerprint(binding, feed) for binding in own)
        bound.append(Bound(profile.sources[name], profile.zone_of(name), own, fingerprints))
    return tuple(bound)


def _policy_source(feed: Feed, profile: Profile) -> tuple[Bound, ...]:
    shipped, own = POLICIES_DIR / f"{feed.name}.csv", profile.policies.get(feed.name)
    if own is None:
        return (_policy_file(SHIPPED, shipped, profile),)
    # Of one key the later source wins.
    ours = (_policy_file(SHIPPED, shipped, profile),) if feed.adds_to_shipped else ()
    return (*ours, _policy_file(OWN if ours else SHIPPED, own, profile))


def _policy_file(name: str, path: Path, profile: Profile) -> Bound:
    source = FilesSource(name=name, connector="files", root=str(path.parent))
    binding = Binding(source=name, path=glob.escape(path.name), format="csv")
    return Bound(source, profile.time_zone, (binding,), ("",))
