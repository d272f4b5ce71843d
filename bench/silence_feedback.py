"""Feedback on a company in which nothing rises: a false alarm is a theme that is called newly rising.

The questions asked of a month are judged together (agg_feedback_themes_monthly), so a chance to raise one is a month
and kind of segment in which anything was tested, and an alarm one in which any theme rises: promised 1 of 100 at most.

Small companies have too few comments for chances. python -m bench.silence_feedback [SEEDS] [TICKETS] reads what
customers of larger ones write, by the models of feedback alone, without and with the theme that is planted.
"""

from __future__ import annotations

import sys

import duckdb

from orchestration.sample.plants import EVERYTHING, NOTHING
from tests.dbt_project.feedback.written import themes_by_month

SEEDS = 20
TICKETS = 12_000
_PLANTED = ("2026-06", "communication_bad")


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Months × kinds of segment in which a theme is called rising, and all in which one was tested."""
    ((raised, chances),) = warehouse.execute(
        """
        select count(*) filter (where rising), count(*)
        from (
            select bool_or(is_rising) as rising
            from marts.agg_feedback_themes_monthly
            where is_tested
            group by month_start_date, segment
        )
        """
    ).fetchall()
    return raised, chances


def main() -> None:
    """Read, count, print."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    tickets = int(sys.argv[2]) if len(sys.argv) > 2 else TICKETS
    for name, without in (("without plants", EVERYTHING), ("with its plants", NOTHING)):
        chances = alarms = loud = planted = 0
        for seed in range(1, seeds + 1):
            rows = themes_by_month(seed, tickets, without)
            rows["month"] = rows["month_start_date"].dt.strftime("%Y-%m")
            judged = rows[rows["is_tested"]].groupby(["month", "segment"])
            rising = rows[rows["is_rising"]]
            found = set(zip(rising["month"], rising["theme"], strict=True))
            is_planted = (rising["month"] == _PLANTED[0]) & (rising["theme"] == _PLANTED[1])
            others = rising[~is_planted].groupby(["month", "segment"]).ngroups
            planted += _PLANTED in found
            chances += judged.ngroups
            alarms += others
            loud += others > 0
        print(
            f"{seeds} companies of {tickets:,} tickets {name}: the planted theme found in {planted}; "
            f"{alarms} other alarms of {chances:,} chances, in {loud} companies"
        )


if __name__ == "__main__":
    main()
