"""The command line `aftersales`: what an engineer does that is not a command of Dagster, dbt or Streamlit."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import click

from orchestration.extract.profile import Profile, ProfileError, load_profile
from orchestration.publish import PublishError, list_versions, roll_back, served_version
from orchestration.sample.generate import DEFAULT_AS_OF, DEFAULT_SEED, DEFAULT_TICKETS, generate, is_current
from orchestration.settings import Settings, SettingsError, read_instant, read_settings
from orchestration.summary import build_of, headline
from orchestration.workspace import UnknownProfileError, Workspace, find_profile, workspace_for

EXIT_FAILED = 1
EXIT_MISUSED = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile", help="A shipped company profile (sample, public) or the path of a YAML file.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of all run-time files. Default: data")
@click.pass_context
def main(context: click.Context, profile: str | None, data_dir: Path | None) -> None:
    """After-sales service analytics warehouse: build it, list its versions, open its report."""
    _log_progress()
    # Options become settings by the same door as the environment, so that Dagster's processes see them too.
    if profile:
        os.environ["AFTERSALES_PROFILE"] = profile
    if data_dir:
        os.environ["AFTERSALES_DATA_DIR"] = str(data_dir)
    try:
        settings = read_settings()
        workspace = workspace_for(find_profile(settings.profile), settings.data_dir)
    except (SettingsError, UnknownProfileError) as error:
        _stop(str(error), EXIT_MISUSED)
    context.obj = (settings, workspace)


@main.command()
@click.option("--as-of", help="Instant to describe the company at, ISO with offset. Default: the profile's.")
@click.pass_obj
def build(obj: tuple[Settings, Workspace], as_of: str | None) -> None:
    """Extract, check, model, check again and publish. Exit code 1 if anything stopped it; nothing is then published."""
    settings, workspace = obj
    if as_of:
        os.environ["AFTERSALES_AS_OF"] = as_of
    try:
        read_settings()
        _load(settings, workspace)
    except (SettingsError, ProfileError) as error:
        _stop(str(error), EXIT_MISUSED)
    _prepare_dagster_home(workspace)
    # Imported late: Dagster and dbt take seconds that no other command needs.
    from orchestration.run import run_build  # noqa: PLC0415

    failure = run_build(workspace.root / "dbt.log")
    if failure:
        _stop(failure, EXIT_FAILED)
    _print_summary(workspace)


@main.command()
@click.pass_obj
def summary(obj: tuple[Settings, Workspace]) -> None:
    """Print the served version and its headline KPIs."""
    _print_summary(obj[1])


@main.command()
@click.pass_obj
def versions(obj: tuple[Settings, Workspace]) -> None:
    """List the published versions, oldest first; the served one is marked."""
    found = list_versions(obj[1].published_dir)
    if not found:
        _stop(f"nothing is published in {obj[1].published_dir}; run `aftersales build`", EXIT_FAILED)
    for version in found:
        details = build_of(version.path, version.build_id)
        click.echo(f"{'*' if version.is_current else ' '} {version.build_id}  {details}")


@main.command()
@click.argument("build_id", required=False)
@click.pass_obj
def rollback(obj: tuple[Settings, Workspace], build_id: str | None) -> None:
    """Serve BUILD_ID again, or the version before the served one."""
    try:
        version = roll_back(obj[1].published_dir, build_id)
    except PublishError as error:
        _stop(str(error), EXIT_FAILED)
    click.echo(f"now served: {version.path}")


@main.command()
@click.option("--tickets", type=click.IntRange(min=100), default=DEFAULT_TICKETS, show_default=True)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True)
@click.option("--as-of", default=DEFAULT_AS_OF.isoformat(), show_default=True, help="Instant at which they were read.")
@click.pass_obj
def sample(obj: tuple[Settings, Workspace], tickets: int, seed: int, as_of: str) -> None:
    """Write the sources of the sample company, unless they are there already."""
    target = obj[1].sources
    try:
        instant = read_instant(as_of, "--as-of")
    except SettingsError as error:
        _stop(str(error), EXIT_MISUSED)
    if is_current(target, seed=seed, tickets=tickets, as_of=instant):
        click.echo(f"sample company is there: {target}")
        return
    generate(target, seed=seed, tickets=tickets, as_of=instant)
    click.echo(f"sample company written: {target}")


@main.group()
def profile() -> None:
    """Work on company profiles."""


@profile.command("check")
@click.pass_obj
def profile_check(obj: tuple[Settings, Workspace]) -> None:
    """Read the profile and name every mistake with its line."""
    settings, workspace = obj
    try:
        company = _load(settings, workspace)
    except ProfileError as error:
        _stop(str(error), EXIT_MISUSED)
    click.echo(f"{company.name}: {len(company.feeds)} feeds from {len(company.sources)} sources, no mistake found")


@main.command()
@click.option("--port", type=int, default=8501, show_default=True)
@click.pass_obj
def app(obj: tuple[Settings, Workspace], port: int) -> None:
    """Open the report on the served version."""
    os.environ["AFTERSALES_WAREHOUSE"] = str(obj[1].current)
    main_script = Path(__file__).parents[1] / "app" / "main.py"
    arguments = ["run", str(main_script), "--server.port", str(port), "--server.address", "127.0.0.1"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments])  # noqa: S606


@main.command()
@click.option("--port", type=int, default=3000, show_default=True)
@click.pass_obj
def dagster(obj: tuple[Settings, Workspace], port: int) -> None:
    """Open Dagster's web interface with the schedule, on the same code location."""
    _prepare_dagster_home(obj[1])
    arguments = ["dev", "-m", "orchestration.definitions", "-p", str(port), "-h", "127.0.0.1"]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", *arguments])  # noqa: S606


def _log_progress() -> None:
    progress = logging.StreamHandler(sys.stderr)
    progress.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S"))
    logger = logging.getLogger("aftersales")
    logger.setLevel(logging.INFO)
    logger.addHandler(progress)
    logger.propagate = False  # Dagster rewrites the message of a record before it gets further


def _load(settings: Settings, workspace: Workspace) -> Profile:
    return load_profile(find_profile(settings.profile), settings.environment, profile_data=workspace.root)


def _prepare_dagster_home(workspace: Workspace) -> None:
    workspace.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), workspace.dagster_home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(workspace.dagster_home)


def _print_summary(workspace: Workspace) -> None:
    served = served_version(workspace.published_dir)
    if served is None:
        _stop(f"nothing is published in {workspace.published_dir}; run `aftersales build`", EXIT_FAILED)
    click.echo(headline(served))
    click.echo(f"\npublished  {workspace.current} -> {served.name}")
    name = os.environ.get("AFTERSALES_PROFILE") or "sample"
    suffix = "" if name == "sample" else f" PROFILE={name}"
    click.echo(f"query it   duckdb -readonly {workspace.current}")
    click.echo(f"report     make app{suffix}")


def _stop(message: str, code: int) -> NoReturn:
    click.echo(f"aftersales: {message}", err=True)
    sys.exit(code)
