"""Random streams by name and the few vectorised draws that the simulation is made of."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from orchestration.sample.clock import Flags, Floats, Ints

_ROWS_AT_ONCE = 50_000


def stream(seed: int, name: str) -> np.random.Generator:
    """An independent generator per part of the simulation: a change in one part leaves the others as they were."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())])))


def pick(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Draw `size` indexes with probabilities proportional to `weights`."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.asarray(found, dtype=np.int64)


def pick_rows(rng: np.random.Generator, table: Floats, rows: Ints) -> Ints:
    """Draw one column index per element of `rows`, with the weights of that row of `table`."""
    cumulative = np.cumsum(table, axis=1)
    cumulative /= cumulative[:, -1:]
    drawn, found = rng.random(len(rows)), np.empty(len(rows), dtype=np.int64)
    # In pieces: millions of rows side by side with all their columns would not fit into memory.
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        piece = slice(start, start + _ROWS_AT_ONCE)
        found[piece] = (drawn[piece, None] >= cumulative[rows[piece]]).sum(axis=1)
    return found


def chance(rng: np.random.Generator, probability: float | Floats, size: int) -> Flags:
    """Draw `size` yes/no answers."""
    return np.asarray(rng.random(size) < probability, dtype=np.bool_)


def skewed(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Floats:
    """Draw `size` log-normal values with the given median."""
    return np.asarray(median * np.exp(sigma * rng.standard_normal(size)), dtype=np.float64)


def spread(rng: np.random.Generator, low: float, high: float, size: int) -> Ints:
    """Draw `size` whole numbers from low (inclusive) to high (exclusive)."""
    return rng.integers(int(low), int(high), size, dtype=np.int64)


def sigmoid(values: Floats) -> Floats:
    """The logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-values)), dtype=np.float64)


def running_numbers(groups: Ints) -> Ints:
    """0, 1, 2 … within each run of equal values of a sorted array."""
    if len(groups) == 0:
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(groups)]]))
    return np.asarray(np.arange(len(groups)) - np.repeat(starts, lengths), dtype=np.int64)
