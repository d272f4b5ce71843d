"""The early warning of the company of the report's tests: two models that are used, and one that is switched off."""

from __future__ import annotations

import duckdb

_MODELS = """
insert into marts.agg_risk_models by name
select
    risk, subject_kind, group_kind, verdict, verdict = 'used' as is_used, 1177 as judged_count, 566 as subject_count,
    400 as event_count, 40 as now_count, 0.34 as event_share, 0.33 as mean_probability, 0.174 as brier,
    0.251 as base_brier, 0.248 as group_brier, gain as brier_gain, gain - 0.015 as brier_gain_low,
    gain + 0.015 as brier_gain_high, 0.525 as log_loss, 0.694 as base_log_loss, 0.690 as group_log_loss,
    gain as log_loss_gain, gain - 0.015 as log_loss_gain_low, gain + 0.015 as log_loss_gain_high, 0.77 as auc,
    0.74 as auc_low, 0.80 as auc_high
from (
    values
    ('breach', 'ticket', 'priority', 'used', 0.074),
    ('comeback', 'ticket', 'priority', 'not_better', -0.002),
    ('leave', 'customer', 'last_purchase', 'used', 0.018)
) as models (risk, subject_kind, group_kind, verdict, gain)
"""
_CALIBRATION = """
insert into marts.agg_risk_calibration by name
select
    risk, bin_number, 100 as judged_count, 90 as subject_count, 10 * bin_number as event_count,
    (bin_number - 1) / 10 as probability_from, bin_number / 10 as probability_to,
    bin_number / 10 - 0.05 as mean_probability, bin_number / 10 - 0.04 as event_share,
    greatest(0, bin_number / 10 - 0.12) as event_share_low, least(1, bin_number / 10 + 0.04) as event_share_high
from marts.agg_risk_models
cross join (select range as bin_number from range(1, 11))
"""
_TICKETS = """
insert into marts.agg_ticket_risks by name
select
    'breach' as risk, ticket_id, site_id, product_family, channel, priority, 'waiting_parts' as stage,
    row_number() over (order by ticket_id) as rank_number,
    round(1 - row_number() over (order by ticket_id) / (count(*) over () + 1), 4) as probability,
    0.34 as base_rate, 0.36 as group_rate, 'promise_used_share' as reason_1, '0.87' as reason_1_value,
    1.92 as reason_1_effect, 'is_answered' as reason_2, 'True' as reason_2_value, -0.29 as reason_2_effect,
    null as reason_3, null as reason_3_value, null as reason_3_effect, 12.5 as age_hours,
    created_at + interval 3 day as due_at
from marts.fct_tickets
where exit_kind = 'open'
"""
_CUSTOMERS = """
insert into marts.agg_customer_risks by name
select
    'leave' as risk, 'c' || range as customer_id, range + 1 as rank_number, round(0.9 - range / 20, 4) as probability,
    0.54 as base_rate, 0.6 as group_rate, 'longest_days' as reason_1, '6.5' as reason_1_value,
    0.68 as reason_1_effect, 'last_bought_within' as reason_2, 'quarter' as reason_2_value, -0.2 as reason_2_effect,
    'purchase_amount' as reason_3, '5999.0' as reason_3_value, 0.15 as reason_3_effect, 2 as purchase_count,
    1234.5 as purchase_amount, 40.25 as days_since_purchase, 1 as request_count
from range(12)
"""


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Judge what is open in the file, and twelve customers."""
    for statement in (_MODELS, _CALIBRATION, _TICKETS, _CUSTOMERS):
        con.execute(statement)
