"""KPI signals of a published version: what its newest finished month, or a restated one, says that is news.

Three kinds, on the values of the whole company:

off_target     the newest complete month misses its target, the one before did not, and the interval of a KPI that has
               one lies on the wrong side too
out_of_limits  it lies outside the natural limits of the complete months before it: mean ± 2.66 × the mean change from
               month to month (Shewhart's individuals chart), of at least 8 and at most 24 months
restated       a finished month or quarter differs from what was published before by more than a share, or for no known
               reason
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

# Of the individuals chart: 3 / 1.128.
_LIMIT_FACTOR = 2.66
_FEWEST_MONTHS = 8
_MOST_MONTHS = 24

_WATCHED = """
select kpi_id, name_en, name_zh, unit, direction, interval_method
from marts.dim_kpis
where case when len($kpis) > 0 then list_contains($kpis, kpi_id) else audience = 'executive' end
"""

_NEWEST = f"""
with
watched as ({_WATCHED}),
months as (
    select
        kpi_values.kpi_id, kpi_values.period_start_date, kpi_values.value, kpi_values.target,
        kpi_values.interval_low, kpi_values.interval_high, kpi_values.eligible_count,
        row_number() over newest as age,
        lag(kpi_values.value) over (
            partition by kpi_values.kpi_id order by kpi_values.period_start_date
        ) as value_before
    from marts.kpi_values
    where
        kpi_values.kpi_id in (select kpi_id from watched)
        and kpi_values.period_grain = 'month'
        and kpi_values.segment = 'all'
        and kpi_values.is_complete
        and kpi_values.value is not null
    window newest as (partition by kpi_values.kpi_id order by kpi_values.period_start_date desc)
),
limits as (
    select
        kpi_id, count(*) as month_count, avg(value) as center,
        $factor * avg(abs(value - value_before)) as reach
    from months
    where age between 2 and $most + 1
    group by kpi_id
),
compared as (
    select
        watched.*, newest.period_start_date, newest.value, newest.target, newest.eligible_count,
        limits.center - limits.reach as limit_low, limits.center + limits.reach as limit_high, limits.month_count,
        case watched.direction
            when 'higher'
                then newest.value < newest.target
                and (watched.interval_method = 'none' or newest.interval_high < newest.target)
            else
                newest.value > newest.target
                and (watched.interval_method = 'none' or newest.interval_low > newest.target)
        end as is_off_target,
        case watched.direction
            when 'higher' then before.value < before.target
            else before.value > before.target
        end as was_off_target
    from watched
    inner join months as newest on newest.kpi_id = watched.kpi_id and newest.age = 1
    left join months as before on before.kpi_id = watched.kpi_id and before.age = 2
    left join limits on limits.kpi_id = watched.kpi_id
)
"""  # noqa: S608 - of our own texts

_SIGNALS = (
    _NEWEST
    + """
select
    'off_target' as kind, kpi_id, name_en, name_zh, unit, 'month' as period_grain, period_start_date, value, target,
    eligible_count, null as limit_low, null as limit_high, null as month_count
from compared
where is_off_target and not coalesce(was_off_target, false)
union all
select
    'out_of_limits', kpi_id, name_en, name_zh, unit, 'month', period_start_date, value, target,
    eligible_count, limit_low, limit_high, month_count
from compared
where month_count >= $fewest and (value < limit_low or value > limit_high)
order by kind, kpi_id
"""
)

_RESTATED = f"""
with watched as ({_WATCHED})
select
    watched.kpi_id, watched.name_en, watched.name_zh, watched.unit, restated.period_grain, restated.period_start_date,
    restated.new_value as value, restated.new_target as target, null as eligible_count, null as limit_low,
    null as limit_high, null as month_count, restated.old_value, restated.cause
from meta.restatements as restated
inner join watched on watched.kpi_id = restated.kpi_id
where
    restated.segment = 'all'
    and restated.period_grain in ('month', 'quarter')
    and restated.old_value is distinct from restated.new_value
    and restated.cause != 'maturity'
    and (
        restated.cause = 'unexplained'
        or restated.old_value is null
        or restated.new_value is null
        or abs(restated.new_value - restated.old_value) > $beyond * abs(restated.old_value)
    )
order by restated.period_start_date desc, watched.kpi_id, restated.period_grain
"""  # noqa: S608 - of our own texts


@dataclass(frozen=True)
class Signal:
    """One KPI that says something new. `before` is the value published before, of a restated one."""

    kind: Literal["off_target", "out_of_limits", "restated"]
    kpi_id: str
    name_en: str
    name_zh: str
    unit: str
    period_grain: str
    period_start_date: date
    value: float | None
    target: float | None = None
    eligible_count: int | None = None
    limit_low: float | None = None
    limit_high: float | None = None
    month_count: int | None = None
    before: float | None = None
    cause: str | None = None

    @property
    def fingerprint(self) -> str:
        """What makes it the same signal in another build: its kind, KPI and period; restated again is news."""
        again = f":{self.value!r}" if self.kind == "restated" else ""
        return f"{self.kind}:{self.kpi_id}:{self.period_grain}:{self.period_start_date}{again}"


def find_signals(version: Path, kpis: Sequence[str], restated_beyond: float) -> list[Signal]:
    """Look for signals of `kpis` (none: those for executives) in a published version."""
    with duckdb.connect(str(version), read_only=True) as con:
        newest = con.execute(
            _SIGNALS,
            {"kpis": list(kpis), "factor": _LIMIT_FACTOR, "fewest": _FEWEST_MONTHS, "most": _MOST_MONTHS},
        ).fetchall()
        restated = con.execute(_RESTATED, {"kpis": list(kpis), "beyond": restated_beyond}).fetchall()
    return [*(Signal(*row) for row in newest), *(Signal("restated", *row) for row in restated)]


def unknown_kpis(version: Path, kpis: Sequence[str]) -> list[str]:
    """Return those of `kpis` that the version does not have."""
    with duckdb.connect(str(version), read_only=True) as con:
        known = {kpi for (kpi,) in con.execute("select kpi_id from marts.dim_kpis").fetchall()}
    return [kpi for kpi in kpis if kpi not in known]
