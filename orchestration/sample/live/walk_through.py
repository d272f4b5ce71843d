"""The walk through the live sample: start three real systems, build, let a day pass in them, build again, compare."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.sample.clock import ZONE
from orchestration.sample.generate import DEFAULT_AS_OF, DEFAULT_SEED, generate, is_current
from orchestration.sample.live.account import Held, Landed, held_rows, last_landings
from orchestration.sample.live.changes import Change, live_a_day
from orchestration.sample.live.systems import Systems, running_systems

PROFILE = "live"
DEFAULT_TICKETS = 2_000
EXIT_DIFFERENT = 1
_PATIENCE_SECONDS = 60

Echo = Callable[[str], None]


class LiveRunError(RuntimeError):
    """A build of the live sample failed; what it said stands above."""


def run_live(data_dir: Path, tickets: int = DEFAULT_TICKETS, echo: Echo = print) -> int:
    """Walk through the live sample below `data_dir`; return 0 if the second run landed just what had changed, else 1.

    LiveRunError where a build fails; ServerMissing and ServerFailed where a system cannot be started. Everything that
    was started is stopped, however this ends.
    """
    root = data_dir / PROFILE
    sources, ingest = root / "sources", root / "ingest" / "ingest.duckdb"
    if not is_current(sources, DEFAULT_SEED, tickets, DEFAULT_AS_OF):
        generate(sources, tickets=tickets)
    # The systems start anew, so the warehouse must not remember how far it had read others.
    for folder in ("ingest", "build", "published"):
        shutil.rmtree(root / folder, ignore_errors=True)
    echo("starting PostgreSQL, MariaDB and the survey service …")
    with running_systems(sources, root / "logs") as systems:
        tell_systems(systems, echo)
        echo("\nfirst run: everything is read")
        build(data_dir, systems, DEFAULT_AS_OF)
        echo(f"\nthe survey service {_told(systems)}\na day passes in the systems")
        changes = live_a_day(systems, DEFAULT_AS_OF.astimezone(ZONE).replace(tzinfo=None))
        held = held_rows(systems, ingest)
        echo("\nsecond run: only what changed is read")
        build(data_dir, systems, DEFAULT_AS_OF + timedelta(days=1))
        differences = compare(changes, held, last_landings(ingest), echo)
        echo(f"\nthe survey service {_told(systems)}")
    echo("the systems are stopped")
    if differences:
        echo(f"\nFAILED: {len(differences)} feeds did not land what changed: {', '.join(differences)}")
        return EXIT_DIFFERENT
    echo("\nthe second run read what was due and landed just what changed, in every feed")
    echo(f"published  {root / 'published' / 'current.duckdb'}")
    return 0


def build(data_dir: Path, systems: Systems, as_of: datetime) -> None:
    """Run `aftersales build` with profile live in a process of its own; LiveRunError if it fails."""
    own = {
        "AFTERSALES_PROFILE": PROFILE,
        "AFTERSALES_DATA_DIR": str(data_dir),
        "AFTERSALES_AS_OF": as_of.isoformat(),
        **systems.environment,
    }
    command = [str(Path(sys.executable).with_name("aftersales")), "build"]
    with subprocess.Popen(command, env={**os.environ, **own}) as process:  # noqa: S603 - our own command
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # A Ctrl-C reached the build too: give it the time to close what it holds.
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    if code != 0:
        raise LiveRunError(f"the build exited with {code}")


def compare(changes: dict[str, Change], held: dict[str, Held], landed: dict[str, Landed], echo: Echo) -> list[str]:
    """Print each feed's account, changes beside landings; return the feeds where they differ."""
    echo(
        "\n                        in the    to be              added          changed        removed\n"
        "feed                    system     read     read   there   here   there   here   there   here"
    )
    different = []
    for feed in sorted(held):
        there, here, rows = changes.get(feed, Change()), landed[feed], held[feed]
        pairs = [(there.added, here.inserted), (there.changed, here.replaced), (there.removed, here.deleted)]
        is_equal = all(a == b for a, b in pairs) and here.read == rows.due
        if not is_equal:
            different.append(feed)
        counts = " ".join(f"{a:7,}{b:7,}" for a, b in pairs)
        echo(f"{feed:20} {rows.rows:9,} {rows.due:8,} {here.read:8,} {counts}{'' if is_equal else '   DIFFERENT'}")
    for feed in sorted(landed.keys() - held.keys()):
        here = landed[feed]
        if here.inserted or here.replaced or here.deleted:
            different.append(feed)
            echo(f"{feed:20} is not of the systems, and landed {here}   DIFFERENT")
    return different


def tell_systems(systems: Systems, echo: Echo) -> None:
    """Print what the systems hold."""
    crm, calls, surveys = systems.crm, systems.calls, systems.surveys
    refused = sum(crm.refused.values()) + calls.refused
    echo(f"  PostgreSQL      CRM, {len(crm.loaded)} tables, {sum(crm.loaded.values()):,} rows")
    echo(f"  MariaDB         call centre, {calls.loaded:,} call legs")
    echo(f"  {surveys.url}  surveys, {sum(surveys.loaded.values()):,} records")
    echo(f"  ({refused} bad rows of the sample's files could not get in: no database holds a 30 February)")


def _told(systems: Systems) -> str:
    happened = systems.surveys.happened()
    return (
        f"answered {happened.get('answered', 0)} requests; it throttled {happened.get('throttled', 0)} (429), "
        f"failed {happened.get('failed', 0)} (500), broke off {happened.get('broken_off', 0)} half way, "
        f"and issued {happened.get('token', 0)} tokens"
    )
