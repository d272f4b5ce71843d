"""Response times and promises."""

from __future__ import annotations

from typing import Final

# Parameters: site, product family, first month, last month.
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
    and channel = 'all'
    and priority = 'all'
    and month_start_date between ? and ?
order by month_start_date
"""

# Parameters: site twice, product family twice.
PROMISE_COUNTS: Final = """
select outcome, count(*) as promise_count
from marts.fct_sla_outcomes
where
    outcome in ('breached_open', 'pending')
    and is_running
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
group by outcome
order by outcome
"""

# Parameters: outcome, site twice, product family twice.
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
order by fct_sla_outcomes.due_at, fct_sla_outcomes.metric, fct_sla_outcomes.subject_id
limit 200
"""
