"""First-contact resolution, repeats, first-time fix, and why it was not."""

from __future__ import annotations

from typing import Final

# Parameters: grain (month or all), period start, any date for all time, segment, site, product family, channel.
FCR_DISAGREEMENT: Final = """
select variant_a, variant_b, only_a_count, only_b_count, ticket_count, agreement_share, kappa
from marts.agg_fcr_disagreement
where
    period_grain = ?
    and (period_grain = 'all' or period_start_date = ?)
    and segment = ?
    and site_id = ?
    and product_family = ?
    and channel = ?
order by variant_a, variant_b
"""

# Parameters: grain, period start, site, product family twice.
REPEATS_BY_ISSUE: Final = """
select
    product_family, issue_family, judged_count, repeated_count, repeat_share, repeat_low, repeat_high, share_of_repeats
from marts.agg_repeats_by_issue
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and (? = 'all' or product_family = ?)
order by repeated_count desc, judged_count desc, product_family, issue_family
"""

# Parameters: site, product family, channel and priority, each twice, first day, last day.
CHAINS: Final = """
select
    fct_episodes.episode_id, dim_sites.site_name, fct_episodes.product_family, fct_episodes.issue_family,
    fct_episodes.contact_count, fct_episodes.repeat_count, fct_episodes.reopening_count, fct_episodes.call_count,
    fct_episodes.visit_count, fct_episodes.effort_minutes, fct_episodes.is_open, fct_episodes.first_contact_date,
    fct_episodes.last_contact_at
from marts.fct_episodes
left join marts.dim_sites
    on fct_episodes.site_id = dim_sites.site_id
where
    fct_episodes.repeat_count > 0
    and (? = 'all' or fct_episodes.site_id = ?)
    and (? = 'all' or fct_episodes.product_family = ?)
    and (? = 'all' or fct_episodes.channel = ?)
    and (? = 'all' or fct_episodes.priority = ?)
    and fct_episodes.first_contact_date between ? and ?
order by
    fct_episodes.repeat_count desc, fct_episodes.contact_count desc, fct_episodes.last_contact_at desc,
    fct_episodes.episode_id
limit 100
"""

# Parameters: grain, period start, kind of reason, site, product family. What has no reason is not among them.
REASONS: Final = """
select reason, item_count, reason_share
from marts.agg_reasons
where
    period_grain = ?
    and period_start_date = ?
    and reason_kind = ?
    and site_id = ?
    and product_family = ?
    and is_reason
order by item_count desc, reason
"""
