"""`aftersales archive` and `aftersales restate`: the archive of what was landed, and builds of what was known."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from orchestration.archive.folding import fold
from orchestration.archive.layout import list_parts, rename_durably
from orchestration.archive.replay import rebuild
from orchestration.archive.settling import check_ingest, find_damage, forget_parts, settle
from orchestration.archive.verifying import describe, verify
from orchestration.commands.failing import EXIT_MISUSED, Failed, in_words
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import prepare_ingest
from orchestration.extract.profile import load_profile
from orchestration.forget.journal import finish, is_decided
from orchestration.instants import now
from orchestration.lock import hold_build_lock
from orchestration.settings import Settings, read_instant, read_settings
from orchestration.workspace import Workspace, find_profile

_TIME = "%Y-%m-%d %H:%M:%S"


@click.group()
def archive() -> None:
    """Look after the archive, from which the ingest file can be rebuilt."""


@archive.command("list")
@click.pass_obj
def archive_list(obj: tuple[Settings, Workspace]) -> None:
    """List the parts of the archive, in the order in which they were landed."""
    folder = obj[1].archive_dir
    rows = size = count = 0
    with in_words():
        for each in describe(folder):
            count, rows, size = count + 1, rows + each.row_count, size + each.byte_count
            click.echo(
                f"{each.part.sequence:>8} {each.kind:<5} {each.feed:<20} {each.landed_at:{_TIME}} UTC "
                f"{each.row_count:>12,} rows {each.byte_count:>14,} bytes  {each.part.path.relative_to(folder)}"
            )
    click.echo(f"{count:,} parts, {rows:,} rows, {size:,} bytes in {folder}")


@archive.command("verify")
@click.pass_obj
def archive_verify(obj: tuple[Settings, Workspace]) -> None:
    """Read every part, and name those that are missing, cut or changed. Exit code 1 if there are any."""
    workspace = obj[1]
    ingest = workspace.ingest_file
    with in_words(), hold_build_lock(workspace.lock_file, {"archive": "verify"}):
        finish(workspace.root, workspace.published_dir)
        is_readable = ingest.exists() and find_damage(ingest) is None
        if not list_parts(workspace.archive_dir):
            raise Failed(f"there is no archive in {workspace.archive_dir}; the next `aftersales build` begins it")
        problems = verify(workspace.archive_dir, ingest if is_readable else None)
        if problems:
            raise Failed(f"{len(problems)} problems of the archive:\n" + "\n".join(f"  {each}" for each in problems))
        parts = list(describe(workspace.archive_dir))
    beside = "" if is_readable else "; the ingest file cannot tell whether the last parts are there"
    click.echo(f"{len(parts):,} parts, all whole, until {parts[-1].landed_at:{_TIME}} UTC{beside}")


@archive.command("rebuild")
@click.option("--known-at", metavar="INSTANT", help="Replay only what was landed by then, ISO with offset.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="File to make. Default: the live."
)
@click.option("--replace", is_flag=True, help="Set the live file aside although it can be read.")
@click.pass_obj
def archive_rebuild(obj: tuple[Settings, Workspace], known_at: str | None, target: Path | None, replace: bool) -> None:
    """Make the ingest file from the archive alone.

    A live file that cannot be read is set aside beside the new one, not deleted.
    """
    workspace = obj[1]
    if known_at and not target:
        raise Failed("--known-at makes a file of the past: say --to FILE, or use `aftersales restate`", EXIT_MISUSED)
    with in_words():
        instant = read_instant(known_at, "--known-at") if known_at else None
        if target:
            _finish_forgetting(workspace)
            count = rebuild(workspace.archive_dir, target, read_contract(), known_at=instant, tell=click.echo)
        else:
            target = workspace.ingest_file
            with hold_build_lock(workspace.lock_file, {"archive": "rebuild"}):
                finish(workspace.root, workspace.published_dir)
                count = _rebuild_live(workspace, is_forced=replace)
    click.echo(f"rebuilt from {count:,} parts: {target}")


def _rebuild_live(workspace: Workspace, *, is_forced: bool) -> int:
    live = workspace.ingest_file
    if live.exists() and not is_forced and find_damage(live) is None:
        raise Failed(f"{live} is there and whole: there is nothing to rebuild. --replace sets it aside all the same")
    made = live.with_name("rebuilt.duckdb")
    made.unlink(missing_ok=True)
    live.parent.mkdir(parents=True, exist_ok=True)
    count = rebuild(workspace.archive_dir, made, read_contract(), tell=click.echo)
    for left in (live, live.with_name(f"{live.name}.wal")):
        if left.exists():
            aside = left.with_name(f"set_aside_{now():%Y%m%dT%H%M%SZ}_{left.name}")
            left.rename(aside)
            click.echo(f"set aside: {aside}")
    rename_durably(made, live)
    return count


@archive.command("compact")
@click.option(
    "--before", metavar="INSTANT", help="Fold what was landed before then, ISO with offset. Default: profile."
)
@click.pass_obj
def archive_compact(obj: tuple[Settings, Workspace], before: str | None) -> None:
    """Fold old parts into one base. Nothing is dropped, but no instant before the base can be told any more.

    Without --before, the profile's `archive: {keep_days: …}` says what is old.
    """
    settings, workspace = obj
    with in_words():
        if before:
            instant = read_instant(before, "--before")
        else:
            path = find_profile(settings.profile)
            keep_days = load_profile(path, settings.environment, profile_data=workspace.root).archive.keep_days
            if keep_days is None:
                raise Failed(f"{path} keeps every part (no archive: keep_days); say --before INSTANT", EXIT_MISUSED)
            instant = now() - timedelta(days=keep_days)
        with hold_build_lock(workspace.lock_file, {"archive": "compact"}):
            _settle(workspace)
            base = fold(workspace.ingest_file, workspace.archive_dir, read_contract(), instant, click.echo)
    click.echo(
        f"folded into {base.path}" if base else f"nothing was landed before {instant.astimezone(UTC):{_TIME}} UTC"
    )


@archive.command("begin")
@click.pass_obj
def archive_begin(obj: tuple[Settings, Workspace]) -> None:
    """Set the archive aside, and begin another with all that is landed now; for one that has lost parts."""
    workspace = obj[1]
    folder = workspace.archive_dir
    with in_words(), hold_build_lock(workspace.lock_file, {"archive": "begin"}):
        finish(workspace.root, workspace.published_dir)
        check_ingest(workspace.ingest_file, folder)
        prepare_ingest(workspace.ingest_file, read_contract())
        aside = folder.with_name(f"archive_set_aside_{now():%Y%m%dT%H%M%SZ}")
        if folder.exists():
            folder.rename(aside)
            click.echo(f"set aside: {aside}")
        forget_parts(workspace.ingest_file)
        settle(workspace.ingest_file, folder, read_contract(), click.echo)


@click.command()
@click.option("--known-at", required=True, metavar="INSTANT", help="Use what was landed by then, ISO with offset.")
@click.option("--as-of", help="Instant to describe the company at. Default: the profile's, else --known-at.")
@click.pass_context
def restate(context: click.Context, known_at: str, as_of: str | None) -> None:
    """Build what would have been reported at an instant, from the archive, apart from the live files.

    What we knew on 1 March: aftersales restate --known-at 2026-03-01T00:00:00+08:00 --as-of 2026-03-01T00:00:00+08:00
    """
    live: Workspace = context.obj[1]
    with in_words():
        instant = read_instant(known_at, "--known-at")
        apart = live.restated(instant)
        _finish_forgetting(live)
        with hold_build_lock(apart.lock_file, {"restate": known_at}):
            shutil.rmtree(apart.ingest_file.parent, ignore_errors=True)
            apart.ingest_file.parent.mkdir(parents=True)
            count = rebuild(live.archive_dir, apart.ingest_file, read_contract(), known_at=instant, tell=click.echo)
        click.echo(f"known at {_utc(instant)}: {count:,} parts replayed")
        # By the environment, so that Dagster's and dbt's processes see it too.
        os.environ["AFTERSALES_KNOWN_AT"] = instant.isoformat()
        context.obj = (read_settings(), apart)
    assert context.parent is not None  # a command of the group
    assert isinstance(context.parent.command, click.Group)
    context.invoke(context.parent.command.commands["build"], as_of=as_of)
    click.echo(f"restated: {apart.current}; the live version is as it was: {live.current}")
    click.echo(f"its report: AFTERSALES_KNOWN_AT={instant.isoformat()} aftersales app")


def _finish_forgetting(workspace: Workspace) -> None:
    """An archive of which a killed command left some parts old and some new tells nothing until that is finished."""
    if is_decided(workspace.root):
        with hold_build_lock(workspace.lock_file, {"archive": "read"}):
            finish(workspace.root, workspace.published_dir)


def _settle(workspace: Workspace) -> None:
    finish(workspace.root, workspace.published_dir)
    check_ingest(workspace.ingest_file, workspace.archive_dir)
    prepare_ingest(workspace.ingest_file, read_contract())
    settle(workspace.ingest_file, workspace.archive_dir, read_contract(), click.echo)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):{_TIME}} UTC"
