"""What goes with satisfaction, recommendation and staying."""

from __future__ import annotations

from typing import Final

DRIVERS: Final = """
select
    outcome, driver, driver_kind, unit, adjusted_for, verdict, exposed_count, unexposed_count, exposed_value,
    unexposed_value, crude_difference, crude_low, crude_high, adjusted_difference, adjusted_low, adjusted_high,
    immature_count
from marts.agg_drivers
order by outcome, driver_kind, driver
"""

RESPONSES: Final = """
select
    outcome, driver, band_number, over_seconds, to_seconds, unit, adjusted_for, verdict, item_count, value, value_low,
    value_high, adjusted_value, adjusted_difference, adjusted_low, adjusted_high, step_difference, step_low, step_high
from marts.agg_driver_responses
order by outcome, driver, band_number
"""

HAZARDS: Final = """
select
    driver, adjusted_for, verdict, exposed_customer_count, unexposed_customer_count, exposed_leaver_count,
    unexposed_leaver_count, exposed_hazard, unexposed_hazard, crude_ratio, crude_low, crude_high, hazard_ratio,
    hazard_ratio_low, hazard_ratio_high
from marts.agg_churn_hazards
order by driver
"""

VALUES_AT_RISK: Final = """
select
    driver, customer_count, yearly_amount, expected_leaver_count, value_at_risk, value_at_risk_low, value_at_risk_high
from marts.agg_value_at_risk
where is_shown
order by value_at_risk desc, driver
"""
