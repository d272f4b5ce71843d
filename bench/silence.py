"""Do the analyses stay silent where there is nothing to be found?

python -m bench.silence [SEEDS] [TICKETS] builds the sample company without anything that is planted in it, once with
each seed, and prints a Markdown table: how often each analysis raised an alarm, and how often it could have.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import duckdb

from bench import (
    silence_drivers,
    silence_feedback,
    silence_findings,
    silence_loop,
    silence_network,
    silence_signals,
    silence_staffing,
    silence_warning,
)
from bench.sample_builds import built
from orchestration.sample.plants import EVERYTHING

SEEDS = 20
TICKETS = 3_000
Alarms = Callable[[duckdb.DuckDBPyConnection], tuple[int, int]]
# What is counted as an alarm, and as a chance to raise one, each module says.
ANALYSES: dict[str, Alarms] = {
    "signal or noise": silence_signals.alarms,
    "drivers": silence_drivers.alarms,
    "feedback": silence_feedback.alarms,
    "closed loop": silence_loop.alarms,
    "staffing": silence_staffing.alarms,
    "parts and network": silence_network.alarms,
    "early warning": silence_warning.alarms,
    "board text: changes": silence_findings.changes,
    "board text: levels": silence_findings.levels,
}


def heard(seed: int, tickets: int) -> dict[str, tuple[int, int]]:
    """Alarms and chances of each analysis in one company without plants."""
    with built(seed, tickets, without=EVERYTHING) as con:
        return {name: alarms(con) for name, alarms in ANALYSES.items()}


def table(companies: list[dict[str, tuple[int, int]]]) -> str:
    """The Markdown table: alarms and chances of all companies together, and in how many there was an alarm."""
    lines = ["| analysis | alarms | of | share | companies with an alarm |", "|---|---:|---:|---:|---:|"]
    for name in ANALYSES:
        raised = sum(company[name][0] for company in companies)
        chances = sum(company[name][1] for company in companies)
        share = f"{raised / chances:.2%}" if chances else ""
        loud = sum(company[name][0] > 0 for company in companies)
        lines.append(f"| {name} | {raised:,} | {chances:,} | {share} | {loud} of {len(companies)} |")
    return "\n".join(lines)


def main() -> None:
    """Build, listen, print."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    tickets = int(sys.argv[2]) if len(sys.argv) > 2 else TICKETS
    with ThreadPoolExecutor(max_workers=2) as pool:
        companies = list(pool.map(lambda seed: heard(seed, tickets), range(1, seeds + 1)))
    print(f"{seeds} companies of {tickets:,} tickets without plants.\n")
    print(table(companies))


if __name__ == "__main__":
    main()
