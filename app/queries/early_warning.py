"""The early warning: what is likely to go wrong, and how well that was foretold."""

from __future__ import annotations

from typing import Final

MODELS: Final = """
select
    risk, subject_kind, group_kind, verdict, is_used, now_count, judged_count, subject_count, event_share,
    brier, base_brier, group_brier, brier_gain, brier_gain_low, brier_gain_high, auc, auc_low, auc_high
from marts.agg_risk_models
order by risk
"""

# Parameter: risk.
CALIBRATION: Final = """
select probability_from, probability_to, mean_probability, event_share, event_share_low, event_share_high, judged_count,
    subject_count
from marts.agg_risk_calibration
where risk = ?
order by bin_number
"""

# Parameters: risk; site, product family, channel and priority, each twice.
TICKET_COUNTS: Final = """
select count(*) as ticket_count, count_if(probability >= 0.5) as likely_count
from marts.agg_ticket_risks
where
    risk = ?
    and (? = 'all' or site_id = ?)
    and (? = 'all' or product_family = ?)
    and (? = 'all' or channel = ?)
    and (? = 'all' or priority = ?)
"""

# Parameters: risk; site, product family, channel and priority, each twice.
TICKETS: Final = """
select
    risks.ticket_id, risks.probability, risks.reason_1, risks.reason_1_value, risks.reason_1_effect, risks.reason_2,
    risks.reason_2_value, risks.reason_2_effect, risks.reason_3, risks.reason_3_value, risks.reason_3_effect,
    risks.priority, risks.stage, risks.product_family, risks.channel, risks.due_at, dim_sites.site_name
from marts.agg_ticket_risks as risks
left join marts.dim_sites
    on risks.site_id = dim_sites.site_id
where
    risks.risk = ?
    and (? = 'all' or risks.site_id = ?)
    and (? = 'all' or risks.product_family = ?)
    and (? = 'all' or risks.channel = ?)
    and (? = 'all' or risks.priority = ?)
order by risks.rank_number
limit 200
"""

# Parameter: risk.
CUSTOMER_COUNTS: Final = """
select count(*) as customer_count, count_if(probability >= 0.5) as likely_count
from marts.agg_customer_risks
where risk = ?
"""

# Parameter: risk.
CUSTOMERS: Final = """
select
    customer_id, probability, reason_1, reason_1_value, reason_1_effect, reason_2, reason_2_value, reason_2_effect,
    reason_3, reason_3_value, reason_3_effect, purchase_amount, days_since_purchase, request_count
from marts.agg_customer_risks
where risk = ?
order by rank_number
limit 200
"""
