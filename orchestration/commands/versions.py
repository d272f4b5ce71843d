"""`aftersales versions` and `aftersales rollback`: list, verify, pin, prune, restore and compare published versions."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import NoReturn

import click

from orchestration.data_docs import prune_data_docs
from orchestration.settings import Settings
from orchestration.versions import store
from orchestration.versions.diff import Difference, Restatement, choose_versions, compare
from orchestration.versions.diff_text import text_of
from orchestration.versions.inspection import look_at, verify
from orchestration.versions.store import PublishError, Version, list_versions
from orchestration.workspace import Workspace

_Context = tuple[Settings, Workspace]

# Rows that a terminal is shown unless told otherwise; csv and json have them all.
_SHOWN = 30


@click.group(invoke_without_command=True)
@click.pass_context
def versions(context: click.Context) -> None:
    """List the published versions, oldest first; the served one is marked. Sub-commands do more."""
    if context.invoked_subcommand is None:
        _list(context.obj)


@versions.command("list")
@click.pass_obj
def list_command(obj: _Context) -> None:
    """The same list."""
    _list(obj)


def _list(obj: _Context) -> None:
    found = _demand_versions(obj)
    served = store.served_version(obj[1].published_dir)
    for version in found:
        look = look_at(version.path, version.build_id)
        marks = (
            f"{'*' if version.is_current else ' '} {version.build_id}  {'pinned' if version.is_pinned else '      '}"
        )
        size = f"{look.byte_count / 1e6:9,.1f} MB"
        if look.damage:
            click.echo(f"{marks} {size}  DAMAGED: {look.damage}")
            continue
        assert look.as_of is not None
        assert look.published_at is not None
        click.echo(
            f"{marks} {size} {look.row_count or 0:>12,} rows  as of {look.as_of:%Y-%m-%d %H:%M} UTC, "
            f"published {look.published_at:%Y-%m-%d %H:%M:%S} UTC, built in {look.duration_seconds or 0:.0f} s, "
            f"DuckDB {look.duckdb_version}"
        )
    if served is not None and not served.exists():
        click.echo(
            f"aftersales: the served version is gone: {served}; serve another one: aftersales rollback", err=True
        )


@versions.command("verify")
@click.argument("build_id", required=False)
@click.option("--all", "is_all", is_flag=True, help="Every version.")
@click.pass_obj
def verify_command(obj: _Context, build_id: str | None, is_all: bool) -> None:
    """Read BUILD_ID (default: the served version) and compare it with what was published. Exit code 1 if damaged."""
    if build_id and is_all:
        raise click.UsageError("give a BUILD_ID or --all, not both")
    found = _demand_versions(obj)
    chosen = [v for v in found if is_all or (v.build_id == build_id if build_id else v.is_current)]
    if not chosen:
        what = f"no version {build_id!r}" if build_id else "no version is served"
        _stop(f"{what}; versions: {', '.join(v.build_id for v in found)}")
    damaged = 0
    for version in chosen:
        problems = verify(version.path, version.build_id, lambda said, v=version: click.echo(f"{v.build_id}  {said}"))  # type: ignore[misc]
        damaged += bool(problems)
        for problem in problems or ["whole"]:
            click.echo(f"{version.build_id}  {'DAMAGED: ' if problems else ''}{problem}")
    if damaged:
        _stop(f"{damaged} of {len(chosen)} damaged; `aftersales versions restore` brings one back from a backup")


@versions.command("pin")
@click.argument("build_id")
@click.pass_obj
def pin_command(obj: _Context, build_id: str) -> None:
    """Never prune BUILD_ID."""
    click.echo(f"pinned: {_done(store.pin, obj, build_id).path}")


@versions.command("unpin")
@click.argument("build_id")
@click.pass_obj
def unpin_command(obj: _Context, build_id: str) -> None:
    """Let BUILD_ID be pruned again."""
    click.echo(f"not pinned: {_done(store.unpin, obj, build_id).path}")


@versions.command("prune")
@click.option("--keep", type=click.IntRange(min=1), help="Newest versions to keep. Default: AFTERSALES_KEEP_VERSIONS.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.pass_obj
def prune_command(obj: _Context, keep: int | None, is_dry: bool) -> None:
    """Delete all but the newest versions, the served one and the pinned ones."""
    try:
        removed = store.prune(obj[1].published_dir, keep=keep or obj[0].keep_versions, is_dry=is_dry)
    except PublishError as error:
        _stop(str(error))
    if not is_dry:
        prune_data_docs(obj[1].data_docs_dir, obj[1].published_dir, keep=keep or obj[0].keep_versions)
    for path in removed:
        click.echo(f"{'would delete' if is_dry else 'deleted'}: {path}")
    if not removed:
        click.echo("nothing to delete")


@versions.command("restore")
@click.argument("version")
@click.pass_obj
def restore_command(obj: _Context, version: str) -> None:
    """Verify VERSION and serve it: a build id, or the file of a version that was copied elsewhere."""
    try:
        restored = store.restore(obj[1].published_dir, version)
    except PublishError as error:
        _stop(str(error))
    click.echo(f"now served: {restored.path}")


@versions.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--kpi", help="Only this KPI.")
@click.option(
    "--limit", type=click.IntRange(min=0), help=f"Values to show. Default: {_SHOWN} in a table, all otherwise."
)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.pass_obj
def diff_command(
    obj: _Context, old: str | None, new: str | None, kpi: str | None, limit: int | None, form: str
) -> None:
    """What NEW says otherwise than OLD, and why. Default: the served version, and the one before it.

    csv holds the restated KPI values; json also schema, row counts and changed rows.
    """
    if limit is None and form == "table":
        limit = _SHOWN
    try:
        difference = compare(*choose_versions(obj[1].published_dir, old, new), kpi=kpi, limit=limit)
    except PublishError as error:
        _stop(str(error))
    if form == "csv":
        _write_csv(difference)
    elif form == "json":
        click.echo(json.dumps(asdict(difference), default=str, ensure_ascii=False, indent=1))
    else:
        click.echo(text_of(difference))
    unexplained = difference.counts_by_cause.get("unexplained", 0)
    if unexplained:
        click.echo(
            f"aftersales: {unexplained:,} values are UNEXPLAINED: neither definition, data nor time accounts for them. "
            "Do not rely on this version before you know why",
            err=True,
        )


@click.command()
@click.argument("build_id", required=False)
@click.pass_obj
def rollback(obj: _Context, build_id: str | None) -> None:
    """Verify and serve BUILD_ID again, or the version before the served one."""
    try:
        version = store.roll_back(obj[1].published_dir, build_id)
    except PublishError as error:
        _stop(str(error))
    click.echo(f"now served: {version.path}")


def _write_csv(difference: Difference) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["old_version", "new_version", *(field.name for field in fields(Restatement))])
    for restatement in difference.restatements:
        writer.writerow([difference.old, difference.new, *asdict(restatement).values()])


def _done(change: Callable[[Path, str], Version], obj: _Context, build_id: str) -> Version:
    try:
        return change(obj[1].published_dir, build_id)
    except PublishError as error:
        _stop(str(error))


def _demand_versions(obj: _Context) -> list[Version]:
    found = list_versions(obj[1].published_dir)
    if not found:
        _stop(f"nothing is published in {obj[1].published_dir}; run `aftersales build`")
    return found


def _stop(message: str) -> NoReturn:
    click.echo(f"aftersales: {message}", err=True)
    raise SystemExit(1)
