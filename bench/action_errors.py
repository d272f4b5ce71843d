"""How often a measure that does nothing would be told, and one that does something would be missed: two errors weighed.

python -m bench.action_errors prints two Markdown tables, of simulated series of months with an autocorrelation of the
first order: how often a step of nothing is told at 95 % by Newey and West's error alone (W. K. Newey, K. D. West 1987),
and by the wider of it and that of least squares corrected for autocorrelation (M. G. Kendall 1954), which
agg_action_effects ships; and how often a step of two standard deviations is told by the shipped one. The formulas are
those of the model, without weights; that the model computes them is tested beside it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SERIES = 40_000
MONTHS = ((8, 3), (14, 9))
AUTOCORRELATIONS = (0.0, 0.2, 0.4)
# From 28 months on Newey and West's window has one month more.
_LONG = 28
_MOST_AUTOCORRELATION = 0.9

Floats = NDArray[np.float64]


def drawn(random: np.random.Generator, months: int, autocorrelation: float) -> Floats:
    """Series of standard deviation 1, one a row, each month after the other."""
    shocks = random.standard_normal((SERIES, months))
    readings = shocks.copy()
    for month in range(1, months):
        fresh = np.sqrt(1 - autocorrelation**2) * shocks[:, month]
        readings[:, month] = autocorrelation * readings[:, month - 1] + fresh
    return readings


def told(readings: Floats, before: int, *, has_trend: bool) -> tuple[float, float]:
    """Shares of series whose step after month `before` is told: by Newey and West alone, and by the wider error."""
    months = readings.shape[1]
    step = (np.arange(months) >= before).astype(np.float64)
    trend = [np.arange(months, dtype=np.float64)] if has_trend else []
    design = np.column_stack([np.ones(months), step, *trend])
    known = design.shape[1]
    inverse = np.linalg.inv(design.T @ design)
    effects = readings @ design @ inverse
    residuals = readings - effects @ design.T
    scores = residuals * (inverse @ design.T)[1]
    window = 3 if months >= _LONG else 2
    variance = np.square(scores).sum(axis=1)
    for lag in range(1, window + 1):
        variance += 2 * (1 - lag / (window + 1)) * (scores[:, lag:] * scores[:, :-lag]).sum(axis=1)
    newey_west = np.sqrt(np.maximum(variance * months / (months - known), 0))
    squares = np.square(residuals).sum(axis=1)
    seen = (residuals[:, 1:] * residuals[:, :-1]).sum(axis=1) / squares
    correlation = np.clip(seen + (1 + known + 3 * seen) / months, 0, _MOST_AUTOCORRELATION)
    least_squares = squares / (months - known) * inverse[1, 1]
    corrected = np.sqrt(least_squares * (1 + correlation) / (1 - correlation))
    reach = stats.t.ppf(0.975, months - known)
    size = np.abs(effects[:, 1])
    return float(np.mean(size > reach * newey_west)), float(np.mean(size > reach * np.maximum(newey_west, corrected)))


def main() -> None:
    random = np.random.default_rng(1)
    print(
        "| design, months before and after | "
        + " | ".join(f"autocorrelation {rho:g}" for rho in AUTOCORRELATIONS)
        + " |"
    )
    print("|---|" + "---:|" * len(AUTOCORRELATIONS))
    designs = {"series": True, "difference": False}
    for design, has_trend in designs.items():
        for before, after in MONTHS:
            rates = [told(drawn(random, before + after, rho), before, has_trend=has_trend) for rho in AUTOCORRELATIONS]
            for index, error in enumerate(("Newey–West alone", "the wider of the two")):
                name = f"{design}, {before} and {after}: {error}" if index == 0 else f"… {error}"
                print(f"| {name} | " + " | ".join(f"{100 * rate[index]:.1f} %" for rate in rates) + " |")
    print("\n| design | " + " | ".join(f"{before} and {after}" for before, after in MONTHS) + " |")
    print("|---|" + "---:|" * len(MONTHS))
    for design, has_trend in designs.items():
        cells = []
        for before, after in MONTHS:
            readings = drawn(random, before + after, 0.0)
            readings[:, before:] += 2
            cells.append(f"{100 * told(readings, before, has_trend=has_trend)[1]:.0f} %")
        print(f"| {design} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
