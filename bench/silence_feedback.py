"""Feedback on a company in which nothing rises: a false alarm is a theme that is called newly rising.

The questions asked of a month are judged together (agg_feedback_themes_monthly), so a chance to raise one is a month
and kind of segment in which anything was tested, and an alarm one in which any theme rises: promised 1 of 100 at most.
"""

from __future__ import annotations

import duckdb


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
