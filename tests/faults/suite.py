"""The proof that nobody reads a half-built, failed or silently wrong version, whatever happens to builds.

    python -m tests.faults.suite [--kills 200] [--companies 2] [--readers 16] [--tickets 400] [--only NAME …] [--seed 1]

Prints a table of what was done and what came of it; exit code 1 if anything was not as it must be. Takes hours: each
kill costs the build that is killed, and each chain of kills one that completes. Companies have their faults side by
side and share the readers.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

import click

from tests.faults.companies import Rehearsed, Tally, rehearse
from tests.faults.kills import Kill, in_chains, plan, run_chain
from tests.faults.readers import Report, reading
from tests.faults.scenarios import SCENARIOS
from tests.faults.trial import Trial

CHAIN_LENGTH = 8
PAUSE = 0.25  # seconds between the reads of a reader

Tallies = dict[str, Tally]
# Numbered chains of kills, which the companies take one after the other.
Chains = SimpleQueue[tuple[int, list[Kill]]]


@dataclass(frozen=True)
class Work:
    """What is to happen to one company; `folder` is its own, `chains` are those of all."""

    folder: Path
    faults: list[str]
    chains: Chains


def do_faults(rehearsed: Rehearsed, folder: Path, names: Sequence[str], tallies: Tallies) -> None:
    """Everything but the kills, one after the other."""
    for name in names:
        trial = Trial(rehearsed, folder / name.replace(" ", "_"), tallies.setdefault(name, Tally()))
        SCENARIOS[name](trial)
        summary = f"{trial.tally.completed} builds completed, {trial.tally.checks} versions read"
        _say("\n".join([f"{name}: {summary}, {len(trial.tally.problems)} problems", *trial.tally.problems]))


def kill_builds(rehearsed: Rehearsed, name: str, chains: Chains, tallies: Tallies) -> None:
    """Kills, in chains, while there are any; the last day is delivered in every other one: contents go to and fro."""
    taken = 0
    while True:
        try:
            number, kills = chains.get_nowait()
        except Empty:
            return
        taken += 1
        started, of_chain = time.monotonic(), dict[str, Tally]()
        run_chain(rehearsed, rehearsed.stages[taken % 2], kills, of_chain)
        problems = [problem for tally in of_chain.values() for problem in tally.problems]
        summary = f"{len(kills)} kills in {time.monotonic() - started:.0f} s, {len(problems)} problems"
        _say("\n".join([f"company {name}, chain {number}: {summary}", *problems]))
        for kind, tally in of_chain.items():
            tallies[kind] = tallies.get(kind, Tally()) + tally


def run_company(rehearsed: Rehearsed, work: Work, readers: int, pause_seconds: float) -> tuple[Tallies, list[Report]]:
    """All that is to happen to one company, with its readers at work for the whole time."""
    tallies: Tallies = {}
    stop = work.folder / "stop"
    with reading(rehearsed.company, stop, count=readers, pause_seconds=pause_seconds) as reports:
        do_faults(rehearsed, work.folder, work.faults, tallies)
        kill_builds(rehearsed, work.folder.name, work.chains, tallies)
    return tallies, reports


def main() -> int:
    """Run what is asked for; 0 if all of it went as it must."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--companies", type=int, default=2)
    parser.add_argument("--tickets", type=int, default=400)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=["kills", *SCENARIOS], default=["kills", *SCENARIOS])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aftersales-faults-") as scratch:
        rehearsed = rehearse(Path(scratch), asked.tickets)
        _say(f"rehearsed: {[round(stage.seconds) for stage in rehearsed.stages]} s a build")
        chains: Chains = SimpleQueue()
        if "kills" in asked.only:
            planned = in_chains(plan(rehearsed.stages[1], asked.kills, asked.seed), CHAIN_LENGTH)
            for numbered in enumerate(planned, start=1):
                chains.put(numbered)
        works = []
        for number in range(asked.companies):
            folder = Path(scratch) / f"{number + 1}"
            folder.mkdir()
            faults = [name for name in SCENARIOS if name in asked.only] if number == 0 else []
            works.append(Work(folder, faults, chains))
        companies = [Rehearsed(rehearsed.copy_to(work.folder / "data"), rehearsed.stages) for work in works]
        with ThreadPoolExecutor(asked.companies) as pool:
            readers = -(-asked.readers // asked.companies)
            done = list(pool.map(lambda company, work: run_company(company, work, readers, PAUSE), companies, works))
    return _tell([tallies for tallies, _ in done], [report for _, reports in done for report in reports])


def _say(message: str) -> None:
    click.echo(message, err=True)


def _tell(parts: list[Tallies], reports: list[Report]) -> int:
    tallies: Tallies = {}
    for part in parts:
        for kind, tally in part.items():
            tallies[kind] = tallies.get(kind, Tally()) + tally
    click.echo(
        "| fault | processes killed | builds that were quicker | builds completed after | versions read | problems |"
    )
    click.echo("|---|---|---|---|---|---|")
    for kind, tally in tallies.items():
        click.echo(
            f"| {kind} | {tally.kills} | {tally.missed} | {tally.completed} | {tally.checks} | {len(tally.problems)} |"
        )
    errors = [error for report in reports for error in report.errors]
    click.echo(
        f"\n{len(reports)} readers: {sum(report.reads for report in reports):,} reads of up to "
        f"{max((report.versions for report in reports), default=0)} versions each, {len(errors)} errors"
    )
    problems = [problem for tally in tallies.values() for problem in tally.problems]
    for problem in (*problems, *errors):
        click.echo(f"- {problem}")
    return 1 if problems or errors else 0


if __name__ == "__main__":
    sys.exit(main())
