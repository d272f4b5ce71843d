"""What the board is told of a company in which nothing happened.

Two kinds of sentence say that something happened. A change: an alarm is a complete month, quarter or year of which
agg_findings tells any KPI as worse, better or changed; a chance is such a period in which a change was judged.
Benjamini and Hochberg's step-up promises a false one in one period of twenty at most. A level: an alarm is a KPI and
period told as a level that moved; a chance is an executive KPI's period that has limits. Levels repeat what the
individuals chart says (silence_signals), once per shift. That a target is missed is no alarm: it is so, whatever
happened.
"""

from __future__ import annotations

import duckdb

_JUDGED = """
from marts.agg_kpi_changes as changes
inner join marts.dim_kpis as kpis on changes.kpi_id = kpis.kpi_id
where changes.segment = 'all' and changes.is_complete and kpis.audience = 'executive'
"""
_CHANGES = f"""
select
    (
        select count(distinct (period_grain, period_start_date)) from marts.agg_findings
        where finding_kind in ('worse', 'better', 'changed')
    ),
    (
        select count(distinct (changes.period_grain, changes.period_start_date))
        {_JUDGED} and changes.verdict <> 'unknown'
    )
"""
_LEVELS = f"""
select
    (select count(*) from marts.agg_findings where finding_kind = 'level'),
    (select count(*) {_JUDGED} and changes.signal is not null)
"""


def changes(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Periods of which a change is told, and those in which one was judged."""
    ((told, judged),) = warehouse.execute(_CHANGES).fetchall()
    return int(told), int(judged)


def levels(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Levels told as moved, and readings that have limits."""
    ((told, judged),) = warehouse.execute(_LEVELS).fetchall()
    return int(told), int(judged)
