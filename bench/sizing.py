"""How large a company one machine serves, computed from the stored run of bench.whole_path.

python -m bench.sizing prints a Markdown table. Between the two largest measured sizes each part of the path and each
file is taken to grow along a straight line; that line is followed beyond them. A measured size that the line was not
made of stands beside it: the line's own test.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORED = Path(__file__).parents[1] / "docs" / "performance.json"
SIZES = (20_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
FILES = ("sources", "landed", "build folder", "published")
# Versions that are kept beside the served one.
KEPT = 10
GB = 1e9


@dataclass(frozen=True)
class Line:
    """A quantity at `tickets` tickets: at + slope * tickets."""

    at: float
    slope: float

    def __call__(self, tickets: float) -> float:
        """The quantity at that many tickets."""
        return self.at + self.slope * tickets


def line(small: tuple[int, float], large: tuple[int, float]) -> Line:
    """The straight line through two measured points (tickets, quantity)."""
    slope = (large[1] - small[1]) / (large[0] - small[0])
    return Line(small[1] - slope * small[0], slope)


def seconds(run: Mapping[str, Any]) -> float:
    """Wall seconds of the whole path in one stored run."""
    return float(next(part["seconds"] for part in run["parts"] if part["name"] == "whole path"))


def lines(stored: Mapping[int, Mapping[str, Any]]) -> tuple[Line, dict[str, Line]]:
    """The line of the seconds and those of the files, through the two largest sizes of the stored runs."""
    small, large = sorted(stored)[-2:]
    files = {
        name: line((small, stored[small]["bytes_of"][name]), (large, stored[large]["bytes_of"][name])) for name in FILES
    }
    return line((small, seconds(stored[small])), (large, seconds(stored[large]))), files


def rows(stored: Mapping[int, Mapping[str, Any]]) -> list[list[str]]:
    """One row per size: tickets; minutes and disk of a build, computed and measured; disk of all versions, computed."""
    time, files = lines(stored)
    out = []
    for size in SIZES:
        run = stored.get(size)
        # While a build publishes, the landed feeds, its own file and the new version are there at once.
        needed = sum(files[name](size) for name in ("landed", "build folder", "published"))
        held = needed + (KEPT - 1) * files["published"](size)
        measured = None
        if run is not None:
            measured = sum(run["bytes_of"][name] for name in ("landed", "build folder", "published"))
        out.append(
            [
                f"{size:,}",
                f"{time(size) / 60:,.1f}",
                "" if run is None else f"{seconds(run) / 60:,.1f}",
                f"{needed / GB:,.1f}",
                "" if measured is None else f"{measured / GB:,.1f}",
                f"{held / GB:,.0f}",
            ]
        )
    return out


def main() -> None:
    """Print the table."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else STORED
    stored = {int(size): run for size, run in json.loads(file.read_text(encoding="utf-8")).items()}
    print("| tickets | minutes | measured | GB while building | measured | GB with ten versions |")
    print("|---:|---:|---:|---:|---:|---:|")
    for row in rows(stored):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
