"""The command line `aftersales`: what an engineer does that is not a command of Dagster, dbt or Streamlit."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
import duckdb

from orchestration.backfill import BackfillError, plan_backfill
from orchestration.commands.alerts import alerts
from orchestration.commands.archive import archive, restate
from orchestration.commands.data_docs import data_docs
from orchestration.commands.forget import forget
from orchestration.commands.lake import lake
from orchestration.commands.pack import pack
from orchestration.commands.versions import rollback, versions
from orchestration.engine import limit_engine
from orchestration.extract.contract import read_contract
from orchestration.extract.errors import ExtractError
from orchestration.extract.profile import Profile, ProfileError, load_profile
from orchestration.metrics import METRICS_FILE, query_metrics, read_registry, write_metrics
from orchestration.sample.crm_files import export_crm
from orchestration.sample.generate import DEFAULT_AS_OF, DEFAULT_SEED, DEFAULT_TICKETS, generate, is_current
from orchestration.settings import Settings, SettingsError, read_instant, read_settings
from orchestration.summary import headline
from orchestration.versions.store import served_version
from orchestration.workspace import UnknownProfileError, Workspace, find_profile, workspace_for

EXIT_FAILED = 1
EXIT_MISUSED = 2
EXIT_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile", help="A shipped company profile (sample, public) or the path of a YAML file.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of all run-time files. Default: data")
@click.pass_context
def main(context: click.Context, profile: str | None, data_dir: Path | None) -> None:
    """After-sales service analytics warehouse: build it, list its versions, open its report."""
    context.with_resource(_progress_on_stderr())
    # Options become settings by the same door as the environment, so that Dagster's processes see them too.
    if profile:
        os.environ["AFTERSALES_PROFILE"] = profile
    if data_dir:
        os.environ["AFTERSALES_DATA_DIR"] = str(data_dir)
    try:
        settings = read_settings()
        workspace = workspace_for(find_profile(settings.profile), settings.data_dir)
        if settings.known_at:
            workspace = workspace.restated(settings.known_at)
    except (SettingsError, UnknownProfileError) as error:
        _stop(str(error), EXIT_MISUSED)
    limit_engine(settings.engine)
    context.obj = (settings, workspace)


@main.command()
@click.option("--as-of", help="Instant to describe the company at, ISO with offset. Default: the profile's.")
@click.option("--force", is_flag=True, help="Build also where nothing is new since the served version.")
@click.pass_obj
def build(obj: tuple[Settings, Workspace], as_of: str | None, force: bool) -> None:
    """Extract, check, model, check again and publish. Exit code 1 if anything stopped it; nothing is then published.

    Where sources, as-of, profile and code are those of the served version, it stays served and nothing is modelled.
    """
    _build(obj, as_of, {"force": force})


@main.command()
@click.argument("feed")
@click.option("--from", "start", required=True, help="First day, or the instant, to read again.")
@click.option("--until", "end", required=True, help="Day or instant to stop before.")
@click.option("--as-of", help="Instant to describe the company at, ISO with offset. Default: the profile's.")
@click.pass_obj
def backfill(obj: tuple[Settings, Workspace], feed: str, start: str, end: str, as_of: str | None) -> None:
    """Read a part of FEED's history from its source again, then build and publish as usual.

    March of the calls: aftersales backfill calls --from 2026-03-01 --until 2026-04-01
    """
    settings = obj[0]
    try:
        plan_backfill(_load(settings), feed, start, end)
    except (ProfileError, BackfillError) as error:
        _stop(str(error), EXIT_MISUSED)
    _build(obj, as_of, {"backfill_feed": feed, "backfill_from": start, "backfill_until": end})


@main.command()
@click.pass_obj
def summary(obj: tuple[Settings, Workspace]) -> None:
    """Print the served version and its headline KPIs."""
    _print_summary(obj[1])


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
    else:
        generate(target, seed=seed, tickets=tickets, as_of=instant)
        click.echo(f"sample company written: {target}")
    if obj[0].profile == "sample_files":
        export_crm(target)


@main.group()
def profile() -> None:
    """Work on company profiles."""


@profile.command("check")
@click.option("--feed", help="Look at the sources of this feed only.")
@click.option("--rows", type=click.IntRange(min=1), default=10, show_default=True, help="Mapped rows to show.")
@click.option("--offline", is_flag=True, help="Check the profile alone, and ask no source.")
@click.option("--show-values", is_flag=True, help="Show direct personal data too, which is masked otherwise.")
@click.pass_obj
def profile_check(
    obj: tuple[Settings, Workspace], feed: str | None, rows: int, offline: bool, show_values: bool
) -> None:
    """Name every mistake of the profile with its line, then look at its sources; nothing is landed.

    Exit code 2: the profile has mistakes. 1: a source cannot be read, or does not fit its mapping.
    """
    settings = obj[0]
    try:
        company = _load(settings)
    except ProfileError as error:
        _stop(str(error), EXIT_MISUSED)
    known = [*company.feeds, *company.policies]
    if feed and feed not in known:
        _stop(f"the profile has no feed {feed!r}; it has {', '.join(known)}", EXIT_MISUSED)
    click.echo(f"{company.name}: {len(company.feeds)} feeds from {len(company.sources)} sources, no mistake found")
    if offline:
        return
    # Imported late: drivers and readers take a second that no other command needs.
    from orchestration.extract.preview import look  # noqa: PLC0415
    from orchestration.extract.preview_text import text_of  # noqa: PLC0415

    failed = []
    looks = look(company, read_contract(), now=datetime.now(UTC), feed=feed, row_count=rows, is_shown=show_values)
    for seen in looks:
        click.echo(f"\n{text_of(seen, company.file.name)}")
        failed += [f"{seen.feed} from {seen.source}"] if seen.error else []
    if failed:
        _stop(f"{len(failed)} failed: {', '.join(failed)}", EXIT_FAILED)


@profile.command("presets")
def profile_presets() -> None:
    """List the exports that are mapped already, for `preset:` in a profile."""
    from orchestration.extract.presets import list_presets  # noqa: PLC0415

    for preset in list_presets():
        click.echo(f"{preset.id:<40} {preset.feed:<20} {preset.title}")


@profile.command("new")
@click.argument("source")
@click.option("--name", help="Name of the company. Default: by the source.")
@click.option("--feed", help="Bind to this feed only. Default: to those that names and values speak for.")
@click.option("--time-zone", help="Of the company's local days, such as Asia/Shanghai. Default: to be filled in.")
@click.option("--currency", help="Three letters, such as CNY. Default: to be filled in.")
@click.option("--bearer", metavar="VARIABLE", help="Environment variable with the token of an HTTP service.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write. Default: standard output.")
@click.pass_obj
def profile_new(
    obj: tuple[Settings, Workspace],
    source: str,
    name: str | None,
    feed: str | None,
    time_zone: str | None,
    currency: str | None,
    bearer: str | None,
    out: Path | None,
) -> None:
    """Look at SOURCE and write a commented starting profile.

    SOURCE is a file, a folder, a glob, s3://bucket/prefix, a SQLAlchemy URL or an http(s) URL that lists records.
    """
    contract = read_contract()
    feeds = [each.name for each in contract.values() if each.schema == "raw"]
    if feed and feed not in feeds:
        _stop(f"there is no feed {feed!r}; there are {', '.join(feeds)}", EXIT_MISUSED)
    if out and out.exists():
        _stop(f"{out} is there already; choose another name, or remove it", EXIT_MISUSED)
    # Imported late, for the same reason.
    from orchestration.extract.drafting import Company, draft  # noqa: PLC0415
    from orchestration.extract.inspect_source import inspect_source  # noqa: PLC0415

    try:
        inspection = inspect_source(source, obj[0].environment, bearer=bearer)
    except ExtractError as error:
        _stop(str(error), EXIT_FAILED)
    text = draft(inspection, contract, Company(name, time_zone, currency), feed=feed, today=datetime.now(UTC).date())
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"written: {out}; fill in what its first lines say, then: aftersales --profile {out} profile check")


@main.group()
def calendar() -> None:
    """Work on business calendars."""


@calendar.command("holidays")
@click.argument("regions", nargs=-1, required=True, metavar="REGION...")
@click.option("--from", "first_year", type=int, required=True, help="First year.")
@click.option("--to", "last_year", type=int, required=True, help="Last year.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write. Default: standard output.")
def calendar_holidays(regions: tuple[str, ...], first_year: int, last_year: int, out: Path | None) -> None:
    """Write the public holidays and make-up working days of each REGION as the policy table calendar_days.

    REGION is a country such as CN or DE, or a part of one such as DE-BY. Years of which nobody knows the holidays yet
    are named on standard error, and have no rows.
    """
    # Imported late: the library of all countries takes half a second that no other command needs.
    from orchestration.holiday_table import SpecialDay, UnknownRegionError, holidays_of, write_days  # noqa: PLC0415

    if last_year < first_year:
        _stop(f"--to {last_year} is before --from {first_year}", EXIT_MISUSED)
    days: list[SpecialDay] = []
    for region in dict.fromkeys(regions):
        try:
            found = holidays_of(region, first_year, last_year)
        except UnknownRegionError as error:
            _stop(str(error), EXIT_MISUSED)
        days += found.days
        if found.unknown_years:
            unknown = ", ".join(str(year) for year in found.unknown_years)
            click.echo(f"{region}: not known, and without rows: {unknown} (source: {found.source})", err=True)
    text = write_days(days)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"written: {out}, {len(days)} days")


@main.group()
def metrics() -> None:
    """Ask the semantic layer (MetricFlow), whose metrics are the KPIs of the registry."""


@metrics.command("query", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def metrics_query(obj: tuple[Settings, Workspace], arguments: tuple[str, ...]) -> None:
    """Run `mf query` on the served version: --metrics, --group-by, --where, --order, --csv as MetricFlow has them.

    CSAT by quarter and site: aftersales metrics query --metrics csat_top_box_share --group-by metric_time__quarter,site
    """
    _, workspace = obj
    if not workspace.current.exists():
        _stop(f"nothing is published in {workspace.published_dir}; run `aftersales build` first", EXIT_FAILED)
    raise SystemExit(query_metrics(arguments, workspace.current))


@metrics.command("write")
def metrics_write() -> None:
    """Write the metrics of the semantic layer anew, after a change of the shipped KPI registry."""
    METRICS_FILE.write_text(write_metrics(read_registry()), encoding="utf-8")
    click.echo(f"wrote {METRICS_FILE}; parse the project again: make setup")


@main.command()
@click.option("--port", type=int, default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="To listen on; another one needs a login.")
@click.pass_obj
def app(obj: tuple[Settings, Workspace], port: int, address: str) -> None:
    """Open the report on the served version. docs/report_access.md says how to give it a login and roles."""
    os.environ["AFTERSALES_WAREHOUSE"] = str(obj[1].current)
    server = Path(__file__).parents[1] / "app" / "server.py"
    os.execv(sys.executable, [sys.executable, str(server), "--port", str(port), "--address", address])  # noqa: S606


@main.command()
@click.option("--port", type=int, default=3000, show_default=True)
@click.pass_obj
def dagster(obj: tuple[Settings, Workspace], port: int) -> None:
    """Open Dagster's web interface with the schedule, on the same code location."""
    _prepare_dagster_home(obj[1])
    # Imported late, as for a build.
    import dagster as dg  # noqa: PLC0415

    from orchestration.dead_runs import fail_runs_of_dead_processes  # noqa: PLC0415

    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        for run_id in fail_runs_of_dead_processes(obj[1], instance):
            click.echo(f"run {run_id} had died without a word; it is marked as failed", err=True)
    arguments = ["dev", "-m", "orchestration.definitions", "-p", str(port), "-h", "127.0.0.1"]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", *arguments])  # noqa: S606


@contextmanager
def _progress_on_stderr() -> Iterator[None]:
    progress = logging.StreamHandler(sys.stderr)
    progress.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S"))
    logger = logging.getLogger("aftersales")
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.addHandler(progress)
    logger.propagate = False  # Dagster rewrites the message of a record before it gets further
    try:
        yield
    finally:
        logger.removeHandler(progress)
        logger.propagate = propagate
        logger.setLevel(level)


def _build(obj: tuple[Settings, Workspace], as_of: str | None, config: Mapping[str, str | bool]) -> None:
    settings, workspace = obj
    if as_of:
        os.environ["AFTERSALES_AS_OF"] = as_of
    try:
        read_settings()
        _load(settings)
    except (SettingsError, ProfileError) as error:
        _stop(str(error), EXIT_MISUSED)
    _prepare_dagster_home(workspace)
    # Whoever asks a build to end gets what Ctrl-C gives: steps close what they hold, and nothing is published.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Imported late: Dagster and dbt take seconds that no other command needs.
    from orchestration.run import run_build  # noqa: PLC0415

    try:
        failure = run_build(workspace.root / "dbt.log", config)
    except KeyboardInterrupt:
        _stop("stopped on request; nothing was published, and the next build goes on from here", EXIT_INTERRUPTED)
    if failure:
        _stop(failure, EXIT_FAILED)
    _print_summary(workspace)


def _load(settings: Settings) -> Profile:
    path = find_profile(settings.profile)
    return load_profile(path, settings.environment, profile_data=workspace_for(path, settings.data_dir).root)


def _prepare_dagster_home(workspace: Workspace) -> None:
    try:
        workspace.dagster_home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(__file__).with_name("dagster.yaml"), workspace.dagster_home / "dagster.yaml")
    except OSError as error:
        _stop(
            f"{workspace.root} cannot be written to: {error.strerror}. A build needs it; nothing was begun", EXIT_FAILED
        )
    os.environ["DAGSTER_HOME"] = str(workspace.dagster_home)


def _print_summary(workspace: Workspace) -> None:
    served = served_version(workspace.published_dir)
    if served is None:
        _stop(f"nothing is published in {workspace.published_dir}; run `aftersales build`", EXIT_FAILED)
    try:
        said = headline(served)
    except duckdb.Error as error:
        _stop(f"{served} is damaged: {error}; serve another one: aftersales rollback", EXIT_FAILED)
    click.echo(said)
    click.echo(f"\npublished  {workspace.current} -> {served.name}")
    name = os.environ.get("AFTERSALES_PROFILE") or "sample"
    suffix = "" if name == "sample" else f" PROFILE={name}"
    click.echo(f"query it   duckdb -readonly {workspace.current}")
    click.echo(f"report     make app{suffix}")


def _stop(message: str, code: int) -> NoReturn:
    click.echo(f"aftersales: {message}", err=True)
    sys.exit(code)


main.add_command(versions)
main.add_command(rollback)
main.add_command(archive)
main.add_command(restate)
main.add_command(alerts)
main.add_command(data_docs)
main.add_command(forget)
main.add_command(lake)
main.add_command(pack)
