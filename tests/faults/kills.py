"""Kill builds one after the other, let one complete now and then, and hold what is served against what must be."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.faults.companies import (
    TIMEOUT_SECONDS,
    Rehearsed,
    Stage,
    Tally,
    log_of,
    problems_at_rest,
    problems_of_served,
    start_build,
    start_doomed,
)

# Where a kill leaves most to repair: what is renamed, linked and deleted around the moment of publication.
PUBLICATION = "published"


@dataclass(frozen=True)
class Kill:
    """One kill to be: at a named point, or after a share of what an undisturbed build takes."""

    kind: str
    point: str = ""
    share: float = 0.0


def plan(stage: Stage, count: int, seed: int) -> list[Kill]:
    """`count` kills: at every step boundary, at operations on files (all of publication), the others at random."""
    chosen = random.Random(seed)  # noqa: S311 - a plan that can be repeated, not a secret
    steps = [Kill("step boundary", point) for point in stage.points if point.startswith(("before ", "after "))]
    files = [point for point in stage.points if point[0].isdigit()]
    publication = [point for point in files if point.endswith(PUBLICATION)]
    others = [point for point in files if point not in publication]
    chosen.shuffle(others)
    wanted = max(count // 5, 1)
    operations = [Kill("file operation", point) for point in (*publication, *others)[:wanted]]
    chosen.shuffle(steps)
    steps = steps[: max(count - 2 * wanted, wanted)]
    instants = count - len(steps) - len(operations)
    # One in each of as many equal parts of the build's time: random, and none of them forgotten.
    random_ones = [Kill("random instant", share=(n + chosen.random()) / instants) for n in range(instants)]
    chosen.shuffle(random_ones)
    return [*operations, *steps, *random_ones]


def in_chains(kills: Sequence[Kill], length: int) -> Iterator[list[Kill]]:
    """Deal the kills out to chains of at most `length`; one at a file operation comes first in its chain, and alone of
    its kind, since only there the company is as it was when the operations were counted."""
    first = [kill for kill in kills if kill.kind == "file operation"]
    chains: list[list[Kill]] = [[] for _ in range(max(-(-len(kills) // length), len(first), 1))]
    for number, kill in enumerate([*first, *(kill for kill in kills if kill not in first)]):
        chains[number % len(chains)].append(kill)
    yield from chains


def run_chain(rehearsed: Rehearsed, stage: Stage, kills: Sequence[Kill], tallies: dict[str, Tally]) -> None:
    """Put the company back to `stage`, kill a build at each of `kills`, and let the next one complete."""
    company = rehearsed.company
    rehearsed.put_back(stage)
    before = company.contents()
    is_after = False
    for kill in kills:
        tally = tallies.setdefault(kill.kind, Tally())
        where = f"{kill.kind} {kill.point or f'{kill.share:.3f}'}"
        if (code := _kill_build(rehearsed, stage, kill)) == -9:
            tally.kills += 1
        else:
            tally.missed += 1
            if code != 0:
                tally.problems.append(f"{where}: the build ended by itself with {code}:\n{log_of(company)}")
        # A switch is there or not, and never taken back.
        is_after = is_after or company.contents() == stage.contents
        tally.problems += [
            f"{where}: {problem}" for problem in problems_of_served(company, stage.contents if is_after else before)
        ]
        tally.checks += 1
    build = start_build(company)
    tally = tallies[kills[-1].kind]
    if build.wait(TIMEOUT_SECONDS) != 0:
        tally.problems.append(f"the build after {kills[-1]} failed:\n{log_of(company)}")
        return
    tally.completed += 1
    tally.checks += 1
    tally.problems += [
        f"after {kills[-1]}: {problem}"
        for problem in (*problems_of_served(company, stage.contents), *problems_at_rest(company))
    ]


def _kill_build(rehearsed: Rehearsed, stage: Stage, kill: Kill) -> int:
    """Start a build and have it killed; its exit code, -9 when it was."""
    if kill.point:
        return start_doomed(rehearsed.company, "kill", kill.point).wait(TIMEOUT_SECONDS)
    build = start_build(rehearsed.company)
    end = time.monotonic() + kill.share * stage.seconds
    while build.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    build.kill()
    return build.wait()
