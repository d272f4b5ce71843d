"""One asset per feed and policy table of the contract, and the asset that tells the build what was landed.

Annotations are not postponed here: Dagster inspects that of `context`.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager

import dagster as dg

from orchestration.archive.recording import Archive
from orchestration.asset_keys import FEEDS_KEY, PUBLISHED_KEY, SETTINGS_KEY
from orchestration.build_log import said
from orchestration.clean_errors import clean_errors
from orchestration.extract.connectors.delivery import Notice, Window
from orchestration.extract.contract import Feed
from orchestration.extract.errors import TransientError
from orchestration.extract.landing import FeedResult, land_feed
from orchestration.extract.profile import Profile
from orchestration.extract.source_models import Retry
from orchestration.extract.suppression import read_suppression
from orchestration.resources import BuildResource
from orchestration.steps import Rows, metadata_of

log = logging.getLogger("aftersales")

# Checks of a feed that warn: which kinds of notices turn each yellow.
_CHECKS = {
    "is_fresh": {"stale"},
    "is_delivered_as_before": {"new_column", "missing_column", "changed_type"},
}
_CHECK_DESCRIPTIONS = {
    "is_fresh": "The newest row is not older than the profile's fresh_within_hours.",
    "is_delivered_as_before": "The source delivers the columns and types that it delivered before.",
}


def feed_key(feed: Feed) -> dg.AssetKey:
    """The asset key of a feed, which is also dbt's key of the source table."""
    return dg.AssetKey([feed.schema, feed.name])


def feed_assets(contract: dict[str, Feed]) -> list[dg.AssetsDefinition]:
    """An asset for each feed, landing it from the sources that the company's profile names."""
    return [_feed_asset(feed) for feed in contract.values()]


def _feed_asset(feed: Feed) -> dg.AssetsDefinition:
    checks = _CHECKS if feed.schema == "raw" else {}

    @dg.asset(
        key=feed_key(feed),
        description=feed.description,
        group_name="feeds" if feed.schema == "raw" else "policies",
        kinds={"duckdb"},
        check_specs=[
            dg.AssetCheckSpec(name, asset=feed_key(feed), description=_CHECK_DESCRIPTIONS[name]) for name in checks
        ],
    )
    def land(context: dg.AssetExecutionContext, build: BuildResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        if build.build.is_restated:
            return _as_it_stands(feed, list(checks))
        windows: list[Window | None] = [None]
        if build.backfill and build.backfill.feed == feed.name:
            windows.insert(0, build.backfill.window)
        try:
            with clean_errors(build.build.secrets), _measured(build, feed) as rows:
                results = [_land(build, feed, window) for window in windows]
                rows.rows_in = sum(result.delivered for result in results)
                rows.rejected_count = sum(result.rejected for result in results)
                rows.rows_out = results[-1].row_count
        except TransientError as error:
            raise _try_again(context, build.build.profile, feed, error) from error
        notices = [notice for result in results for notice in result.notices]
        if results[-1].is_connected:
            late = [notice.message for notice in notices if notice.kind in _CHECKS["is_fresh"]]
            build.build.watch.late[feed.name] = "; ".join(late) or None
        step = build.build.watch.steps.last(_step(feed))
        return dg.MaterializeResult(
            metadata={**_metadata(results[-1]), **metadata_of(step)},
            check_results=[_check(name, kinds, notices) for name, kinds in checks.items()],
        )

    return land


def _step(feed: Feed) -> str:
    return f"extract:{feed.name}"


def _measured(build: BuildResource, feed: Feed) -> AbstractContextManager[Rows]:
    return build.build.watch.steps.measure(_step(feed), "extract")


def _land(build: BuildResource, feed: Feed, window: Window | None) -> FeedResult:
    current = build.build
    result = land_feed(
        current.workspace.ingest_file,
        feed,
        current.profile,
        batch_id=current.build_id,
        landed_at=current.clock.now(),
        log=log.info if feed.schema == "raw" else log.debug,
        sessions=build.sessions,
        window=window,
        recorder=Archive(current.workspace.archive_dir),
        suppression=read_suppression(current.workspace.forgotten_dir),
    )
    if result.is_connected:
        log.info(
            "%s %s: %s delivered, %s new, %s changed, %s deleted, %s rejected, %s rows now (%.1f s)",
            f"landed again from {window.start} until {window.end}:" if window else "landed",
            feed.name,
            f"{result.delivered:,}",
            f"{result.inserted:,}",
            f"{result.replaced:,}",
            f"{result.deleted:,}",
            f"{result.rejected:,}",
            f"{result.row_count:,}",
            result.seconds,
            extra=said(
                "feed_landed",
                feed=feed.name,
                delivered=result.delivered,
                inserted=result.inserted,
                replaced=result.replaced,
                unchanged=result.unchanged,
                superseded=result.superseded,
                filtered=result.filtered,
                deleted=result.deleted,
                rejected=result.rejected,
                rows=result.row_count,
                seconds=result.seconds,
                again_from=window.start if window else None,
                again_until=window.end if window else None,
            ),
        )
    for notice in result.notices:
        log.warning(
            "noticed in %s: %s",
            feed.name,
            notice.message,
            extra=said("noticed", feed=feed.name, kind=notice.kind, column=notice.column or None),
        )
    return result


def _as_it_stands(feed: Feed, checks: list[str]) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Land nothing: the ingest file holds what was known at an instant."""
    log.debug("%s stays as it was known", feed.name)
    return dg.MaterializeResult(check_results=[_check(name, set(), []) for name in checks])


def _try_again(context: dg.AssetExecutionContext, profile: Profile, feed: Feed, error: TransientError) -> Exception:
    """Ask for another try, each after twice the wait of the one before; when none is left, it is the error."""
    retries = [profile.sources[binding.source].retry for binding in profile.feeds[feed.name]]
    retry = max(retries, key=lambda each: each.attempts, default=Retry())
    if context.retry_number >= retry.attempts:
        return error
    wait = retry.wait_seconds * 2**context.retry_number
    log.warning(
        "%s; try %s of %s follows in %.0f s",
        error,
        context.retry_number + 1,
        retry.attempts,
        wait,
        extra=said(
            "feed_tried_again",
            feed=feed.name,
            attempt=context.retry_number + 1,
            attempts=retry.attempts,
            wait_seconds=wait,
        ),
    )
    return dg.RetryRequested(max_retries=retry.attempts, seconds_to_wait=wait)


def _check(name: str, kinds: set[str], notices: list[Notice]) -> dg.AssetCheckResult:
    found = [notice.message for notice in notices if notice.kind in kinds]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(found) or "nothing to notice",
    )


def _metadata(result: FeedResult) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/row_count": dg.MetadataValue.int(result.row_count),
        "connected": dg.MetadataValue.bool(result.is_connected),
        "delivered": dg.MetadataValue.int(result.delivered),
        "inserted": dg.MetadataValue.int(result.inserted),
        "replaced": dg.MetadataValue.int(result.replaced),
        "unchanged": dg.MetadataValue.int(result.unchanged),
        "superseded": dg.MetadataValue.int(result.superseded),
        "filtered": dg.MetadataValue.int(result.filtered),
        "rejected": dg.MetadataValue.int(result.rejected),
        "deleted": dg.MetadataValue.int(result.deleted),
        "suppressed": dg.MetadataValue.int(result.suppressed),
        "seconds": dg.MetadataValue.float(result.seconds),
    }


def build_inputs_asset(contract: dict[str, Feed]) -> dg.AssetsDefinition:
    """The asset that tells the build what the models read besides the feeds; not handed on where nothing is new."""
    keys = [feed_key(feed) for feed in contract.values()]

    @dg.multi_asset(
        name="build_inputs",
        specs=[dg.AssetSpec(key, deps=keys, skippable=True) for key in (SETTINGS_KEY, FEEDS_KEY)],
        group_name="build",
    )
    def build_inputs(context: dg.AssetExecutionContext, build: BuildResource) -> Iterator[dg.MaterializeResult[None]]:
        inputs = build.inputs
        if inputs.standing is not None:
            # What is not handed on is not modelled: later steps are skipped. The served version is fresh all the same.
            served = {"path": dg.MetadataValue.path(str(inputs.standing)), "unchanged": dg.MetadataValue.bool(True)}
            context.log_event(dg.AssetMaterialization(PUBLISHED_KEY, metadata=served))
            return
        as_of = build.build.as_of.isoformat()
        yield dg.MaterializeResult(asset_key=SETTINGS_KEY, metadata={"as_of": as_of})
        yield dg.MaterializeResult(
            asset_key=FEEDS_KEY, metadata={"connected_feeds": inputs.connected_feeds, "rows": inputs.rows}
        )

    return build_inputs
