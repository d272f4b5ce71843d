"""KPI signals of a published version: what its newest finished month, or a restated one, says that is news.

Five kinds, on the values of the whole company:

off_target     the newest complete month misses its target, the one before did not, and the interval of a KPI that has
               one lies on the wrong side too
out_of_limits  it lies outside the natural limits of the complete months before it (marts.agg_kpi_changes says so)
near_limit     within them, it is the second of three months near the same limit, and the month before was neither such
               nor outside (from the same mart)
shifted        it begins a run: with the 7 months before it, it lies on one side of their mean (from the same mart)
restated       a finished month or quarter differs from what was published before by more than a share, or for no known
               reason
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from orchestration.engine import connect

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
        row_number() over newest as age
    from marts.kpi_values
    where
        kpi_values.kpi_id in (select kpi_id from watched)
        and kpi_values.period_grain = 'month'
        and kpi_values.segment = 'all'
        and kpi_values.is_complete
        and kpi_values.value is not null
    window newest as (partition by kpi_values.kpi_id order by kpi_values.period_start_date desc)
),
changes as (
    select
        kpi_id, period_start_date, signal, limit_center, limit_low, limit_high, baseline_count,
        lag(signal) over (partition by kpi_id order by period_start_date) as signal_before
    from marts.agg_kpi_changes
    where period_grain = 'month' and segment = 'all' and is_complete
),
compared as (
    select
        watched.*, newest.period_start_date, newest.value, newest.target, newest.eligible_count,
        changes.limit_center, changes.limit_low, changes.limit_high, changes.baseline_count as month_count,
        changes.signal, changes.signal_before,
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
    left join changes on changes.kpi_id = watched.kpi_id and changes.period_start_date = newest.period_start_date
)
"""  # noqa: S608 - of our own texts

_SIGNALS = (
    _NEWEST
    + """
select
    'off_target' as kind, kpi_id, name_en, name_zh, unit, 'month' as period_grain, period_start_date, value, target,
    eligible_count, null as limit_low, null as limit_high, null as month_count, null as limit_center
from compared
where is_off_target and not coalesce(was_off_target, false)
union all
select
    case signal when 'run' then 'shifted' when 'near_limit' then signal else 'out_of_limits' end, kpi_id, name_en,
    name_zh, unit, 'month', period_start_date, value, target, eligible_count, limit_low, limit_high, month_count,
    limit_center
from compared
where
    signal = 'beyond_limits'
    or (signal = 'near_limit' and coalesce(signal_before, 'none') not in ('near_limit', 'beyond_limits'))
    or (signal = 'run' and signal_before is distinct from 'run')
order by kind, kpi_id
"""
)

_RESTATED = f"""
with watched as ({_WATCHED})
select
    watched.kpi_id, watched.name_en, watched.name_zh, watched.unit, restated.period_grain, restated.period_start_date,
    restated.new_value as value, restated.new_target as target, null as eligible_count, null as limit_low,
    null as limit_high, null as month_count, null as limit_center, restated.old_value, restated.cause
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

    kind: Literal["off_target", "out_of_limits", "near_limit", "shifted", "restated"]
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
    limit_center: float | None = None
    before: float | None = None
    cause: str | None = None

    @property
    def fingerprint(self) -> str:
        """What makes it the same signal in another build: its kind, KPI and period; restated again is news."""
        again = f":{self.value!r}" if self.kind == "restated" else ""
        return f"{self.kind}:{self.kpi_id}:{self.period_grain}:{self.period_start_date}{again}"


def find_signals(version: Path, kpis: Sequence[str], restated_beyond: float) -> list[Signal]:
    """Look for signals of `kpis` (none: those for executives) in a published version."""
    with connect(version, read_only=True) as con:
        newest = con.execute(_SIGNALS, {"kpis": list(kpis)}).fetchall()
        restated = con.execute(_RESTATED, {"kpis": list(kpis), "beyond": restated_beyond}).fetchall()
    return [*(Signal(*row) for row in newest), *(Signal("restated", *row) for row in restated)]


def unknown_kpis(version: Path, kpis: Sequence[str]) -> list[str]:
    """Return those of `kpis` that the version does not have."""
    with connect(version, read_only=True) as con:
        known = {kpi for (kpi,) in con.execute("select kpi_id from marts.dim_kpis").fetchall()}
    return [kpi for kpi in kpis if kpi not in known]
