"""Which run rules are worth their false alarms: the individuals chart on readings that only vary, and ones that shift.

python -m bench.signal_rules prints two Markdown tables: per rule, how often a month is a signal where nothing changed,
and how often a shift is found within so many months. The chart is that of agg_kpi_changes: limits from the 8 to 24
readings before, which a shift soon is among.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Readings = NDArray[np.float64]
Found = NDArray[np.bool_]

LEAST, MOST, RUN, FACTOR = 8, 24, 8, 2.66
SERIES = 6_000
MONTHS = 24
# The month in which the readings shift; eight follow.
SHIFTED = 16
SHIPPED = ("beyond_limits", "near_limit", "run")
# Sets of rules that were weighed against each other.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "beyond_limits alone": ("beyond_limits",),
    "beyond_limits, run (as before)": ("beyond_limits", "run"),
    "**beyond_limits, near_limit, run (shipped)**": SHIPPED,
    "… and four of five beyond a third": (*SHIPPED, "four_of_five"),
    "… and six rising or falling": (*SHIPPED, "trend"),
}
NOISES: Mapping[str, Callable[[np.random.Generator, tuple[int, int]], Readings]] = {
    "normal": lambda random, size: random.normal(size=size),
    "long-tailed (Student, 5)": lambda random, size: random.standard_t(5, size=size),
    "skewed (lognormal, 0.5)": lambda random, size: np.exp(0.5 * random.normal(size=size)),
    "shares of 30 at 0.9": lambda random, size: random.binomial(30, 0.9, size=size) / 30,
}


def judge(readings: Readings) -> tuple[Found, dict[str, Found]]:
    """Of each reading of each series (a row): whether it has limits, and by rule whether it is a signal."""
    has_limits = np.zeros(readings.shape, dtype=bool)
    rules = ("beyond_limits", "near_limit", "four_of_five", "run", "trend")
    found = {rule: np.zeros(readings.shape, dtype=bool) for rule in rules}
    for month in range(LEAST, readings.shape[1]):
        baseline = readings[:, max(0, month - MOST) : month]
        center = baseline.mean(axis=1, keepdims=True)
        reach = FACTOR * np.abs(np.diff(baseline, axis=1)).mean(axis=1, keepdims=True)
        has_limits[:, month] = reach[:, 0] > 0
        away = readings[:, max(0, month - RUN + 1) : month + 1] - center
        steps = np.diff(readings[:, max(0, month - 5) : month + 1], axis=1)
        found["beyond_limits"][:, month] = np.abs(away[:, -1]) > reach[:, 0]
        for side in (1, -1):
            near, far = side * away * 3 > 2 * reach, side * away * 3 > reach
            found["near_limit"][:, month] |= near[:, -1] & near[:, -3:-1].any(axis=1)
            found["four_of_five"][:, month] |= far[:, -1] & (far[:, -5:].sum(axis=1) >= 4)
            found["run"][:, month] |= (side * away > 0).all(axis=1)
            found["trend"][:, month] |= (side * steps > 0).all(axis=1)
    return has_limits, {rule: hits & has_limits for rule, hits in found.items()}


def told(readings: Readings) -> list[list[str | None]]:
    """Of each reading the signal that agg_kpi_changes gives it: the first rule that holds, "none", or None."""
    has_limits, found = judge(readings)
    rows: list[list[str | None]] = []
    for row in range(readings.shape[0]):
        rows.append(
            [
                next((rule for rule in SHIPPED if found[rule][row, month]), "none") if has_limits[row, month] else None
                for month in range(readings.shape[1])
            ]
        )
    return rows


def _any(found: Mapping[str, Found], rules: tuple[str, ...]) -> Found:
    either: Found = np.logical_or.reduce([found[rule] for rule in rules])
    return either


def main() -> None:
    random = np.random.default_rng(1)
    print("| rules | " + " | ".join(NOISES) + " |")
    print("|---|" + "---:|" * len(NOISES))
    judged = {name: judge(make(random, (SERIES, MONTHS))) for name, make in NOISES.items()}
    for choice, rules in CHOICES.items():
        rates = [_any(found, rules)[has_limits].mean() for has_limits, found in judged.values()]
        print(f"| {choice} | " + " | ".join(f"{rate:.1%}" for rate in rates) + " |")
    shifts = (1, 2, 3)
    print("\n| rules | " + " | ".join(f"{size} sd, 1 / 3 / 6 months" for size in shifts) + " |")
    print("|---|" + "---:|" * len(shifts))
    shifted = {}
    for size in shifts:
        readings = random.normal(size=(SERIES, MONTHS))
        readings[:, SHIFTED:] += size
        shifted[size] = judge(readings)[1]
    for choice, rules in CHOICES.items():
        cells = []
        for found in shifted.values():
            hits = _any(found, rules)
            cells.append(" / ".join(f"{hits[:, SHIFTED : SHIFTED + n].any(axis=1).mean():.0%}" for n in (1, 3, 6)))
        print(f"| {choice} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
