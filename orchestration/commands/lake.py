"""`aftersales lake`: the versions that the company's DuckLake remembers, and which of them readers see."""

from __future__ import annotations

import click

from orchestration.build import lake_of
from orchestration.commands.failing import EXIT_MISUSED, Failed, in_words
from orchestration.extract.profile import Profile, load_profile
from orchestration.lake.address import LakeAddress
from orchestration.lake.serving import commit_version, list_commits, prune_commits
from orchestration.settings import Settings
from orchestration.versions.inspection import verify
from orchestration.versions.store import list_versions
from orchestration.workspace import Workspace, find_profile

_Context = tuple[Settings, Workspace]


@click.group()
def lake() -> None:
    """The company's DuckLake: its versions, and which of them readers see."""


@lake.command("versions")
@click.pass_obj
def versions_command(obj: _Context) -> None:
    """List the versions in the lake, oldest first; the last one is what readers see, `at (version => …)` any other."""
    with in_words():
        commits = list_commits(_lake(obj)[1])
    if not commits:
        raise Failed("the lake has no version yet; run `aftersales build`, or `aftersales lake serve`")
    for commit in commits:
        mark = "*" if commit == commits[-1] else " "
        click.echo(
            f"{mark} {commit.build_id}  snapshot {commit.snapshot:>6}  "
            f"committed {commit.committed_at:%Y-%m-%d %H:%M:%S} UTC"
        )


@lake.command("serve")
@click.argument("build_id", required=False)
@click.pass_obj
def serve_command(obj: _Context, build_id: str | None) -> None:
    """Verify BUILD_ID (default: the version served here) and commit it to the lake: after a rollback, or a failure."""
    settings, workspace = obj
    found = list_versions(workspace.published_dir)
    version = next((each for each in found if (each.build_id == build_id if build_id else each.is_current)), None)
    if version is None:
        there_are = ", ".join(each.build_id for each in found) or "none"
        raise Failed(f"no version {build_id or 'is served'} in {workspace.published_dir}; there are {there_are}")
    with in_words():
        profile, address = _lake(obj)
        if problems := verify(version.path, version.build_id):
            raise Failed(f"version {version.build_id} is damaged: {problems[0]}")
        commit = commit_version(
            address,
            version.path,
            version.build_id,
            profile.name,
            keep=settings.keep_versions,
            kept=[each.build_id for each in found if each.is_pinned],
            may_go_back=True,
        )
    assert commit is not None  # it may go back
    click.echo(f"in the lake: {commit.build_id}, snapshot {commit.snapshot}")


@lake.command("prune")
@click.option("--keep", type=click.IntRange(min=1), help="Newest versions to keep. Default: AFTERSALES_KEEP_VERSIONS.")
@click.pass_obj
def prune_command(obj: _Context, keep: int | None) -> None:
    """Let go of all but the newest versions and those that are pinned here; their files are deleted a day later."""
    settings, workspace = obj
    pinned = [each.build_id for each in list_versions(workspace.published_dir) if each.is_pinned]
    with in_words():
        count = prune_commits(_lake(obj)[1], keep=keep or settings.keep_versions, kept=pinned)
    click.echo(f"let go of {count} versions")


def _lake(obj: _Context) -> tuple[Profile, LakeAddress]:
    settings, workspace = obj
    profile = load_profile(find_profile(settings.profile), settings.environment, profile_data=workspace.root)
    address = lake_of(profile)
    if address is None:
        raise Failed(
            f"the profile {profile.name} has no warehouse.lake: docs/lake.md says how to write one", EXIT_MISUSED
        )
    return profile, address
