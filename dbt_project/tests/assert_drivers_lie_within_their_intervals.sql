-- An effect lies within its interval, an association leaves out none, what is of too few has
-- neither, and nothing is at risk without an excess.
select
    'driver' as kind,
    outcome || ' ' || driver as name
from {{ ref('agg_drivers') }}
where
    not coalesce(adjusted_difference between adjusted_low and adjusted_high, true)
    or not coalesce(crude_difference between crude_low and crude_high, true)
    or (verdict = 'too_few') <> (adjusted_difference is null)
    or (verdict = 'association' and adjusted_low <= 0 and adjusted_high >= 0)
    or compared_exposed_count > exposed_count
    or compared_unexposed_count > unexposed_count
    or excluded_count < 0

union all

select
    'response' as kind,
    outcome || ' ' || driver || ' ' || band_number as name
from {{ ref('agg_driver_responses') }}
where
    not value between value_low and value_high
    or not coalesce(adjusted_difference between adjusted_low and adjusted_high, true)
    or not coalesce(step_difference between step_low and step_high, true)
    or (verdict = 'association' and step_low <= 0 and step_high >= 0)

union all

select
    'hazard' as kind,
    driver as name
from {{ ref('agg_churn_hazards') }}
where
    not coalesce(hazard_ratio between hazard_ratio_low and hazard_ratio_high, true)
    or not coalesce(
        hazard_difference between hazard_difference_low and hazard_difference_high, true
    )
    or not coalesce(exposed_hazard between exposed_hazard_low and exposed_hazard_high, true)
    or (verdict = 'too_few') <> (hazard_difference is null)

union all

select
    'value at risk' as kind,
    driver as name
from {{ ref('agg_value_at_risk') }}
where
    not coalesce(value_at_risk between value_at_risk_low and value_at_risk_high, true)
    or is_shown <> coalesce(value_at_risk_low >= 0, false)
    or value_at_risk_high > yearly_amount
