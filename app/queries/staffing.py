"""Staffing: contacts forecast, how the forecasts proved, and staff required against the roster."""

from __future__ import annotations

from typing import Final

# Parameters: kind, site, first day. What was counted, and what is expected of the days ahead.
FORECAST: Final = """
select
    agg_contact_days.contact_date, agg_contact_days.day_kind, agg_contact_days.contact_count,
    agg_contact_days.is_ahead, agg_contact_forecasts.expected_count, agg_contact_forecasts.low_count,
    agg_contact_forecasts.high_count
from marts.agg_contact_days
left join marts.agg_contact_forecasts
    on
        agg_contact_days.kind = agg_contact_forecasts.kind
        and agg_contact_days.site_id = agg_contact_forecasts.site_id
        and agg_contact_days.contact_date = agg_contact_forecasts.forecast_date
where agg_contact_days.kind = ? and agg_contact_days.site_id = ? and agg_contact_days.contact_date >= ?
order by agg_contact_days.contact_date
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
    dim_sites.site_name, agg_staffing_gaps.verdict, agg_staffing_gaps.required_hours, agg_staffing_gaps.rostered_hours,
    agg_staffing_gaps.lacking_hours, agg_staffing_gaps.lacking_share, agg_staffing_gaps.cost_amount
from marts.agg_staffing_gaps
inner join marts.dim_sites on agg_staffing_gaps.site_id = dim_sites.site_id
where
    agg_staffing_gaps.work_role = 'technician'
    and agg_staffing_gaps.is_ahead
    and (? = 'all' or agg_staffing_gaps.site_id = ?)
order by
    agg_staffing_gaps.lacking_share desc nulls last, agg_staffing_gaps.required_hours desc, agg_staffing_gaps.site_id
"""
