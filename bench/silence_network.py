"""False alarms of parts and network: sites said to lose more visits to parts than the others."""

from __future__ import annotations

import duckdb


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Alarms raised, and chances to raise one, in a published company of which nothing is planted.

    An alarm is a quarter or year of agg_visits_lost in which a site stands out. A chance is a quarter or year: the
    correction is for all of its sites at once: at most one of twenty may name somebody.
    """
    (row,) = warehouse.execute(
        """
        select
            count(distinct period_grain || period_start_date) filter (where is_standing_out) as alarms,
            count(distinct period_grain || period_start_date) as chances
        from marts.agg_visits_lost
        where segment = 'site' and chance is not null
        """
    ).fetchall()
    return row[0], row[1]
