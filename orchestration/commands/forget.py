"""`aftersales forget`: one customer, out of all that is kept."""

from __future__ import annotations

import click

from orchestration.build import lake_of
from orchestration.commands.failing import EXIT_MISUSED, Failed, in_words
from orchestration.extract.contract import read_contract
from orchestration.extract.profile import Profile, load_profile
from orchestration.extract.pseudonyms import SaltError, read_salt
from orchestration.forget.errors import ForgetError
from orchestration.forget.forgetting import Forgotten
from orchestration.forget.forgetting import forget as forget_person
from orchestration.instants import now
from orchestration.lake.errors import LakeError
from orchestration.lake.serving import commit_version, let_go_of_all_but_last
from orchestration.lake.workshop import remove_workshops
from orchestration.lock import hold_build_lock
from orchestration.settings import Settings
from orchestration.versions.store import PublishError, list_versions
from orchestration.workspace import Workspace, find_profile


@click.command()
@click.argument("customer_id")
@click.option("--source", help="The source whose number it is; its id_space is put before the number.")
@click.option("--reason", help="Why, for the register; without a name, it is kept.")
@click.option("--dry-run", is_flag=True, help="Say what would lose the person, and change nothing.")
@click.option("--discard-set-aside", is_flag=True, help="Delete files that were set aside, which may hold the person.")
@click.pass_obj
def forget(
    obj: tuple[Settings, Workspace],
    customer_id: str,
    source: str | None,
    reason: str | None,
    dry_run: bool,
    discard_set_aside: bool,
) -> None:
    """Take one customer out of what is landed, the archive, every version, logs and the work files of builds.

    What happened stays and is counted as before, under a pseudonym that was made at random; name, addresses, places
    and free texts are gone. The source's next deliveries are landed without the person. Forget the customer in the
    sources, too, and in your backups: docs/privacy.md says how.
    """
    settings, workspace = obj
    if settings.known_at:
        raise Failed("what was known at an instant is deleted as a whole; forget in the live files", EXIT_MISUSED)
    with in_words():
        profile = load_profile(find_profile(settings.profile), settings.environment, profile_data=workspace.root)
        try:
            salt = read_salt(settings.environment) if "customer_key" in profile.privacy.hashed_classes else None
            with hold_build_lock(workspace.lock_file, {"forget": "a customer"}):
                done = forget_person(
                    workspace,
                    read_contract(),
                    _landed_number(profile, customer_id, source),
                    salt=salt,
                    reason=reason,
                    forgotten_at=now(),
                    is_dry=dry_run,
                    discards_set_aside=discard_set_aside,
                    tell=click.echo,
                )
        except SaltError as error:
            raise Failed(str(error), EXIT_MISUSED) from error
        except (ForgetError, PublishError) as error:
            raise Failed(str(error)) from error
    _forget_in_lake(profile, settings, workspace, is_dry=dry_run)
    if not done.counts and done.is_new:
        raise Failed(f"nothing here knows the customer {customer_id!r}; write the number as the ingest file has it")
    _print(done, is_dry=dry_run)


def _forget_in_lake(profile: Profile, settings: Settings, workspace: Workspace, *, is_dry: bool) -> None:
    """Serve the lake's readers what is served here now, without the person, and delete every version before it, and
    what builds left there."""
    lake = lake_of(profile)
    if lake is None or is_dry:
        return
    served = next((each for each in list_versions(workspace.published_dir) if each.is_current), None)
    try:
        if served is not None:
            commit_version(
                lake, served.path, served.build_id, profile.name, keep=settings.keep_versions, may_go_back=True
            )
        count = let_go_of_all_but_last(lake)
        workshops = remove_workshops(lake, lambda problem: click.echo(problem, err=True))
    except LakeError as error:
        raise Failed(f"forgotten here, but the lake may still hold the person: {error}. Run this again") from error
    click.echo(f"the lake: {count} versions before the one that is served are deleted, and {len(workshops)} workshops")


def _landed_number(profile: Profile, customer_id: str, source: str | None) -> str:
    if source is None:
        return customer_id
    if source not in profile.sources:
        raise Failed(f"no source {source!r}; sources: {', '.join(sorted(profile.sources))}", EXIT_MISUSED)
    space = profile.sources[source].id_space
    return f"{space}:{customer_id}" if space else customer_id


def _print(done: Forgotten, *, is_dry: bool) -> None:
    if not done.counts:
        click.echo(f"forgotten before, by request {done.request}: nothing here knows the customer any more")
        return
    for place, count in sorted(done.counts.items()):
        click.echo(f"{count:>10,}  {place}")
    for path in done.removed:
        click.echo(f"{'deleted':>10}  {path}" if not is_dry else f"{'to delete':>10}  {path}")
    if is_dry:
        click.echo("nothing was changed: a dry run")
    else:
        click.echo(f"forgotten by request {done.request}; what happened stays under {done.pseudonym}")
        click.echo("next: the sources themselves, and your backups of archive and versions (docs/privacy.md)")
