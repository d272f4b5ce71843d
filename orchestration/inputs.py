"""What a build reads, written into its file before anything is judged or modelled, and whether any of it is new."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from orchestration.archive.recording import Archive
from orchestration.backfill import Backfill
from orchestration.build import Build
from orchestration.build_file import FeedRecord, write_inputs
from orchestration.build_history import Cause, FeedContent, write_history
from orchestration.build_log import said
from orchestration.duckdb_files import attach, content_of
from orchestration.engine import connect
from orchestration.extract.landing import read_feed_states, read_notices, read_rejects_summary
from orchestration.extract.pseudonyms import read_salt
from orchestration.personal_keys import check_keys
from orchestration.standing import says_the_same
from orchestration.versions.store import build_id_of_version, served_version

log = logging.getLogger("aftersales")


@dataclass(frozen=True)
class Inputs:
    """What a build reads. `standing` is the served version where nothing differs from what that was built from."""

    connected_feeds: int
    rows: int
    standing: Path | None


def record_inputs(build: Build, backfill: Backfill | None, *, force: bool) -> Inputs:
    """Write meta.feeds, the rejects, notices and history of what was landed; call it once, when all feeds are.

    `force` says that a version is wanted also where nothing is new.
    """
    with build.watch.steps.measure("build_inputs", "inputs"):
        feeds = _write(build, backfill)
        standing = None if force else _standing(build)
    if standing is not None:
        build.watch.standing = standing
        log.info(
            "nothing is new since %s, which stays served; --force builds all the same",
            standing.name,
            extra=said("unchanged", version=standing.name),
        )
    return Inputs(sum(feed.is_connected for feed in feeds), sum(feed.row_count for feed in feeds), standing)


def _write(build: Build, backfill: Backfill | None) -> list[FeedRecord]:
    ingest, profile, contract = build.workspace.ingest_file, build.profile, build.contract
    check_keys(ingest, contract, profile.privacy)
    if not build.is_restated:
        Archive(build.workspace.archive_dir).close_run(ingest)
    states = read_feed_states(ingest)
    contents = _contents(build)
    feeds = [
        FeedRecord(
            feed=state.feed,
            is_connected=profile.delivers(contract[state.feed]),
            sources=", ".join(sorted({binding.source for binding in profile.feeds.get(state.feed, ())})),
            row_count=state.row_count,
            delivered_count=state.delivered_count,
            # All that was delivered and is not a row of its own now, so that the columns of meta.feeds add up.
            superseded_count=state.superseded_count
            + state.unchanged_count
            + state.replaced_count
            + state.deleted_count,
            filtered_count=state.filtered_count,
            rejected_count=state.rejected_count,
            last_landed_at=state.last_landed_at,
        )
        for state in states
    ]
    write_inputs(
        build.file,
        build.build_id,
        feeds,
        read_rejects_summary(ingest),
        read_notices(ingest),
        _fingerprint(build, contents),
    )
    write_history(
        build.file,
        ingest,
        build.build_id,
        [FeedContent(each.feed, each.row_count, each.rejected_count, contents[each.feed][1]) for each in states],
        contract,
        build.previous,
        _backfilled(backfill),
    )
    return feeds


def _standing(build: Build) -> Path | None:
    """The served version, if it is what this build would make again."""
    served = served_version(build.workspace.published_dir)
    if served is None or served != build.previous:
        return None
    return served if says_the_same(build.file, build.build_id, served, build_id_of_version(served)) else None


def _contents(build: Build) -> dict[str, tuple[int, str]]:
    """Row count and content hash of every feed and policy table."""
    with connect() as con:
        attach(con, build.workspace.ingest_file, "ingest", read_only=True)
        return {
            feed.name: content_of(con, "ingest", feed.schema, feed.name, without=("_batch_id",))
            for feed in build.contract.values()
        }


def _fingerprint(build: Build, contents: dict[str, tuple[int, str]]) -> str:
    """A hash of everything that the models read: as-of, time zone, the content of every feed, and privacy."""
    inputs = [build.as_of.isoformat(), build.profile.time_zone, build.profile.currency, contents, _privacy(build)]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def _privacy(build: Build) -> list[str]:
    """What is published of personal data; with another salt, other pseudonyms."""
    privacy = build.profile.privacy
    salted = [hashlib.sha256(read_salt(build.settings.environment)).hexdigest()] if privacy.hashed_classes else []
    return [privacy.as_setting(), *salted]


def _backfilled(backfill: Backfill | None) -> list[Cause]:
    """The part of the history that was asked to be read again."""
    if backfill is None:
        return []
    feed, window = backfill.feed, backfill.window
    return [Cause("backfill", feed, f"{feed} was read again from {window.start} until {window.end}")]
