"""How often the individuals charts alarm where nothing happened.

An alarm is a finished month of an executive KPI of the whole company that agg_kpi_changes calls a signal
(beyond_limits, near_limit or run): what alerts and the overview would tell. A chance is such a month that has limits to
be judged by. Some alarms are to be expected: limits of three standard deviations, estimated from 8 to 24 months, leave
out about one quiet month in fifty.

python -m bench.silence_signals FILE… [MONTH…] prints the rates of published versions by segment and signal; months such
as 2025-11, in which something did happen, are left out.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb

from orchestration.engine import connect

_ALARMS = """
select
    count(*) filter (where agg_kpi_changes.signal <> 'none') as alarm_count,
    count(*) as chance_count
from marts.agg_kpi_changes
inner join marts.dim_kpis on agg_kpi_changes.kpi_id = dim_kpis.kpi_id
where
    agg_kpi_changes.period_grain = 'month'
    and agg_kpi_changes.segment = 'all'
    and agg_kpi_changes.signal is not null
    and dim_kpis.audience = 'executive'
"""

_BY_SEGMENT = """
select
    agg_kpi_changes.segment || case
        when agg_kpi_changes.segment = 'all' then ', ' || dim_kpis.audience
        else ''
    end as readings,
    count(*) as chance_count,
    count(*) filter (where agg_kpi_changes.signal = 'beyond_limits') as beyond_count,
    count(*) filter (where agg_kpi_changes.signal = 'near_limit') as near_count,
    count(*) filter (where agg_kpi_changes.signal = 'run') as run_count
from marts.agg_kpi_changes
inner join marts.dim_kpis on agg_kpi_changes.kpi_id = dim_kpis.kpi_id
where
    agg_kpi_changes.period_grain = 'month'
    and agg_kpi_changes.signal is not null
    and not list_contains($months, strftime(agg_kpi_changes.period_start_date, '%Y-%m'))
group by 1
order by 1
"""


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Months of executive KPIs that are called a signal, and those that were judged."""
    row = warehouse.execute(_ALARMS).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def main(arguments: list[str]) -> None:
    months = [argument for argument in arguments if re.fullmatch(r"\d{4}-\d{2}", argument)]
    counts: dict[str, list[int]] = {}
    for file in [argument for argument in arguments if argument not in months]:
        with connect(Path(file), read_only=True) as con:
            for readings, *found in con.execute(_BY_SEGMENT, {"months": months}).fetchall():
                counts[readings] = [sum(pair) for pair in zip(counts.get(readings, [0] * 4), found, strict=True)]
    print("| readings | judged | beyond_limits | near_limit | run | any |")
    print("|---|---:|---:|---:|---:|---:|")
    for readings, (judged, *found) in counts.items():
        rates = " | ".join(f"{count / judged:.1%}" for count in (*found, sum(found)))
        print(f"| {readings} | {judged:,} | {rates} |")


if __name__ == "__main__":
    main(sys.argv[1:])
