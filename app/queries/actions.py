"""The register of improvement measures, how far its cases came, and what came of what was done."""

from __future__ import annotations

from typing import Final

# Parameters: site twice, product family twice. Overdue ones first, then the others that are not done.
ACTIONS: Final = """
select
    fct_improvement_actions.action_id, fct_improvement_actions.complaint_id, fct_improvement_actions.finding_en,
    fct_improvement_actions.finding_zh, fct_improvement_actions.cause, fct_improvement_actions.action_en,
    fct_improvement_actions.action_zh, fct_improvement_actions.owner_role, fct_improvement_actions.kpi_id,
    fct_improvement_actions.segment, fct_improvement_actions.member, dim_sites.site_name,
    fct_improvement_actions.status, fct_improvement_actions.running_days, fct_improvement_actions.late_days,
    fct_improvement_actions.raised_date, fct_improvement_actions.due_date, fct_improvement_actions.done_date
from marts.fct_improvement_actions
left join marts.dim_sites
    on fct_improvement_actions.site_id = dim_sites.site_id
where
    (? = 'all' or fct_improvement_actions.site_id in ('all', ?))
    and (? = 'all' or fct_improvement_actions.product_family in ('all', ?))
order by
    case fct_improvement_actions.status when 'overdue' then 0 when 'open' then 1 else 2 end,
    fct_improvement_actions.late_days desc, fct_improvement_actions.due_date, fct_improvement_actions.action_id
"""

# What decides about each measure that is done; what moved first, then the latest.
# Parameters: site twice, product family twice.
ACTION_EFFECTS: Final = """
select
    action_id, design, verdict, reason, before_value, after_value, expected_value, effect, effect_low, effect_high,
    is_seasonally_adjusted, before_count, after_count, trigger_count, extreme_count, compared_member_count
from marts.agg_action_effects
where
    is_deciding
    and (? = 'all' or site_id in ('all', ?))
    and (? = 'all' or product_family in ('all', ?))
order by
    case verdict when 'improved' then 0 when 'worsened' then 1 when 'not_told' then 2 else 3 end,
    done_date desc, action_id
"""

# Parameters: site twice, product family twice.
ACTION_MONTHS: Final = """
select action_id, month_start_date, phase, value, eligible_count
from marts.agg_action_months
where
    (? = 'all' or site_id in ('all', ?))
    and (? = 'all' or product_family in ('all', ?))
order by action_id, month_start_date
"""

# Parameters: site.
ACTION_FUNNEL: Final = """
select step, case_count
from marts.agg_action_funnel
where site_id = ?
order by step_number
"""
