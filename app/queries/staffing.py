"""Staffing: contacts forecast, how the forecasts proved, and staff required against the roster."""

from __future__ import annotations

from typing import Final

# Parameters: kind, site, first day. What was counted, and what is expected of the days ahead.
FORECAST: Final = """
select
    days.contact_date, days.day_kind, days.contact_count, days.is_ahead, forecasts.expected_count, forecasts.low_count,
    forecasts.high_count
from marts.agg_contact_days as days
left join marts.agg_contact_forecasts as forecasts
    on
        days.kind = forecasts.kind
        and days.site_id = forecasts.site_id
        and days.contact_date = forecasts.forecast_date
where days.kind = ? and days.site_id = ? and days.contact_date >= ?
order by days.contact_date
"""

# Parameters: kind, site. The baseline comes first.
BACKTESTS: Final = """
select
    method, verdict, cut_off_count, day_count, better_count, needed_count, root_mean_squared_error,
    weighted_error_ratio, scaled_error, bias_ratio, coverage_share, is_chosen
from marts.agg_forecast_backtests
where kind = ? and site_id = ?
order by verdict <> 'baseline', is_chosen desc, method
"""

# Parameters: first day, last day.
HOURS_AHEAD: Final = """
select hour_at, local_hour, expected_count, required_agents, rostered_agents, agent_gap, is_lacking, local_date
from marts.agg_agent_gaps_hourly
where is_ahead and local_date between ? and ?
order by hour_at
"""

LACKING_HOURS: Final = """
select local_date, local_hour, expected_count, required_agents, rostered_agents, agent_gap, cost_amount
from marts.agg_agent_gaps_hourly
where is_ahead and is_lacking
order by agent_gap, hour_at
limit 50
"""

# Parameters: role, site, first month, last month. The days ahead come last.
GAPS: Final = """
select
    period_start_date, period_end_date, verdict, required_hours, rostered_hours, lacking_hours, lacking_hour_count,
    lacking_share, cost_amount, is_ahead, is_complete
from marts.agg_staffing_gaps
where work_role = ? and site_id = ? and (is_ahead or period_start_date between ? and ?)
order by is_ahead, period_start_date
"""

# Parameters: site, twice; "all" for every site.
SITES_AHEAD: Final = """
select
    sites.site_name, gaps.verdict, gaps.required_hours, gaps.rostered_hours, gaps.lacking_hours, gaps.lacking_share,
    gaps.cost_amount, gaps.period_start_date, gaps.period_end_date
from marts.agg_staffing_gaps as gaps
inner join marts.dim_sites as sites on gaps.site_id = sites.site_id
where gaps.work_role = 'technician' and gaps.is_ahead and (? = 'all' or gaps.site_id = ?)
order by gaps.lacking_share desc nulls last, gaps.required_hours desc, gaps.site_id
"""
