"""Response times and promises."""

from __future__ import annotations

from typing import Final

# Parameters: site, product family, channel, priority, first month, last month.
RESPONSE_MONTHS: Final = """
select
    month_start_date, ticket_count, answered_count, waiting_count, resolved_count, open_count,
    acceptance_mean_seconds, first_response_mean_seconds, first_response_median_seconds,
    first_response_p90_seconds, resolution_median_seconds, resolution_p90_seconds,
    first_response_open_share, resolution_open_share
from marts.agg_response_monthly
where
    site_id = ?
    and product_family = ?
    and channel = ?
    and priority = ?
    and month_start_date between ? and ?
order by month_start_date
"""

# Parameters: site, product family, channel and priority, each twice.
PROMISE_COUNTS: Final = """
select outcome, count(*) as promise_count
from marts.fct_sla_outcomes
where
    outcome in ('breached_open', 'pending')
    and is_running
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
    and (? = 'all' or channel = ?)
    and (? = 'all' or priority = ?)
group by outcome
order by outcome
"""

# Parameters: outcome, site, product family, channel and priority, each twice.
PROMISES: Final = """
select
    fct_sla_outcomes.ticket_id, fct_sla_outcomes.metric, fct_sla_outcomes.priority, fct_sla_outcomes.channel,
    fct_sla_outcomes.product_family, fct_tickets.issue_family, fct_tickets.status, dim_sites.site_name,
    dim_technicians.technician_name, fct_sla_outcomes.margin_seconds, fct_sla_outcomes.due_at
from marts.fct_sla_outcomes
left join marts.fct_tickets
    on fct_sla_outcomes.ticket_id = fct_tickets.ticket_id
left join marts.dim_sites
    on fct_sla_outcomes.site_id = dim_sites.site_id
left join marts.dim_technicians
    on fct_sla_outcomes.technician_id = dim_technicians.technician_id
where
    fct_sla_outcomes.outcome = ?
    and fct_sla_outcomes.is_running
    and (? = 'all' or fct_sla_outcomes.site_id = ?)
    and (? = 'all' or fct_sla_outcomes.product_family = ?)
    and (? = 'all' or fct_sla_outcomes.channel = ?)
    and (? = 'all' or fct_sla_outcomes.priority = ?)
order by fct_sla_outcomes.due_at, fct_sla_outcomes.metric, fct_sla_outcomes.subject_id
limit 200
"""

# Parameters: site, product family, channel, priority, first month, last month.
STAGES: Final = """
select month_start_date, stage, waits_for, visit_count, open_visit_count, mean_seconds, life_share
from marts.agg_stage_durations_monthly
where
    site_id = ?
    and product_family = ?
    and channel = ?
    and priority = ?
    and month_start_date between ? and ?
order by month_start_date, stage
"""

# Parameters: metric, grain (year or all), site, product family, region, channel, priority.
SURVIVAL: Final = """
select
    period_grain, period_start_date, time_seconds, ticket_count, at_risk_count, survival_share, survival_low,
    survival_high
from marts.agg_resolution_survival
where
    metric = ?
    and period_grain = ?
    and site_id = ?
    and product_family = ?
    and region = ?
    and channel = ?
    and priority = ?
order by period_start_date, time_seconds
"""

REQUEST_CHANNELS: Final = """
select distinct channel
from marts.agg_requests_by_hour_of_week
where channel <> 'all'
order by channel
"""

# Parameter: channel.
REQUEST_WEEK: Final = """
select iso_weekday, local_hour, hour_count, mean_request_count, is_peak
from marts.agg_requests_by_hour_of_week
where channel = ?
order by iso_weekday, local_hour
"""

# Parameters: site, product family, channel and priority, each twice. What still runs, by how soon it falls due.
AT_RISK: Final = """
select due_band, metric, count(*) as promise_count
from marts.agg_sla_at_risk
where
    (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
    and (? = 'all' or channel = ?)
    and (? = 'all' or priority = ?)
group by due_band, metric
order by due_band, metric
"""

# Parameters: site twice.
DUE_HOURS: Final = """
select due_date, due_hour, metric, promise_count
from marts.agg_sla_due_hourly
where ? = 'all' or site_id = ?
order by due_date, due_hour, metric
"""
