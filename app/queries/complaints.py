"""Complaints, audits and public reviews."""

from __future__ import annotations

from typing import Final

# Parameters: site, product family, first month, last month.
COMPLAINT_MONTHS: Final = """
select month_start_date, complaint_kind, severity, outcome, complaint_count
from marts.agg_complaints_monthly
where
    site_id = ?
    and product_family = ?
    and month_start_date between ? and ?
order by month_start_date, complaint_kind, severity, outcome
"""

# Parameters: grain, period start, site, product family.
COMPLAINT_KINDS: Final = """
select
    kind_of, kind, complaint_count, open_count, recurrent_count, complaint_share, acknowledge_mean_seconds,
    handling_mean_seconds
from marts.agg_complaints_by_kind
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and product_family = ?
order by kind_of, complaint_count desc, kind
"""

# What is told first, the rarest by chance before it; then what was compared.
CAUSE_CIRCUMSTANCES: Final = """
select
    segment, cause, circumstance, verdict, ticket_count, present_count, present_share, present_low, present_high,
    base_share, expected_share
from marts.agg_complaint_causes
order by segment, verdict, chance, cause, circumstance
"""

# Parameters: site twice, product family twice, first day, last day.
COMPLAINTS: Final = """
select
    fct_complaints.complaint_id, fct_complaints.ticket_id, dim_sites.site_name, dim_technicians.technician_name,
    fct_complaints.product_family, fct_complaints.complaint_kind, fct_complaints.severity, fct_complaints.cause,
    fct_complaints.outcome, fct_complaints.acknowledge_seconds, fct_complaints.handling_seconds,
    fct_complaints.is_open, fct_complaints.is_recurrent, fct_complaints.raised_date
from marts.fct_complaints
left join marts.dim_sites
    on fct_complaints.site_id = dim_sites.site_id
left join marts.dim_technicians
    on fct_complaints.technician_id = dim_technicians.technician_id
where
    (? = 'all' or fct_complaints.site_id = ?)
    and (? = 'all' or fct_complaints.product_family = ?)
    and fct_complaints.raised_date between ? and ?
order by fct_complaints.is_open desc, fct_complaints.raised_date desc, fct_complaints.complaint_id
limit 200
"""

# Parameters: grain, period start, site, product family.
AUDIT_SCORES: Final = """
select audit_kind, aspect, score_count, mean_points, mean_low, mean_high
from marts.agg_audit_scores
where
    period_grain = ?
    and period_start_date = ?
    and site_id = ?
    and product_family = ?
order by audit_kind, mean_points desc, aspect
"""

# Parameters: site twice, product family twice, first day, last day.
REVIEWS: Final = """
select
    fct_reviews.platform, fct_reviews.product_family, dim_sites.site_name, fct_reviews.comment, fct_reviews.rating,
    fct_reviews.scale_max, fct_reviews.reviewed_date
from marts.fct_reviews
left join marts.dim_sites
    on fct_reviews.site_id = dim_sites.site_id
where
    (fct_reviews.comment is not null or fct_reviews.rating is not null)
    and (? = 'all' or fct_reviews.site_id = ?)
    and (? = 'all' or fct_reviews.product_family = ?)
    and fct_reviews.reviewed_date between ? and ?
order by fct_reviews.reviewed_at desc, fct_reviews.review_id
limit 30
"""
