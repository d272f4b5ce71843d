-- A survival curve and its risk set only fall, and the ways out only add up: with the share in none
-- of them they make the whole.
with curves as (

    select
        *,
        row_number() over (
            partition by
                metric,
                period_grain,
                period_start_date,
                segment,
                site_id,
                region,
                product_family,
                channel,
                priority
            order by time_seconds
        ) as step_number,
        lag(survival_share) over (
            partition by
                metric,
                period_grain,
                period_start_date,
                segment,
                site_id,
                region,
                product_family,
                channel,
                priority
            order by time_seconds
        ) as earlier_survival_share,
        lag(at_risk_count) over (
            partition by
                metric,
                period_grain,
                period_start_date,
                segment,
                site_id,
                region,
                product_family,
                channel,
                priority
            order by time_seconds
        ) as earlier_at_risk_count
    from {{ ref('agg_resolution_survival') }}

)

select
    metric,
    segment,
    period_start_date,
    time_seconds,
    survival_share,
    at_risk_count,
    step_number
from curves
where
    survival_share > earlier_survival_share + 1e-12
    or at_risk_count > earlier_at_risk_count
    or survival_share < 0
    or survival_share > 1
    -- Fewer are resolved where others compete than there would be without them.
    or resolved_share > 1 - survival_share + 1e-9
    or resolved_share + unresolved_share + cancelled_share + merged_share > 1 + 1e-9
    or at_risk_count + event_count > ticket_count
