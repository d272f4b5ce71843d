-- A segment is a partition: what its rows count adds up to what the company counts, in every
-- period.
with kpi_values as (

    select * from {{ ref('kpi_values') }}

),

totals as (

    select * from kpi_values
    where segment = 'all'

),

segments as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        segment,
        sum(numerator) as numerator,
        sum(eligible_count) as eligible_count,
        sum(immature_count) as immature_count,
        sum(censored_count) as censored_count,
        sum(excluded_count) as excluded_count
    from kpi_values
    where segment <> 'all'
    group by kpi_id, period_grain, period_start_date, segment

)

select
    segments.kpi_id,
    segments.period_grain,
    segments.period_start_date,
    segments.segment,
    segments.numerator,
    totals.numerator as total_numerator,
    segments.eligible_count,
    totals.eligible_count as total_eligible_count
from segments
left join totals
    on
        segments.kpi_id = totals.kpi_id
        and segments.period_grain = totals.period_grain
        and segments.period_start_date = totals.period_start_date
where
    totals.kpi_id is null
    or segments.eligible_count <> totals.eligible_count
    or segments.immature_count <> totals.immature_count
    or segments.censored_count <> totals.censored_count
    or segments.excluded_count <> totals.excluded_count
    -- Only the published doubles are rounded; what they are made of is exact.
    or abs(segments.numerator - totals.numerator) > 1e-9 * greatest(1, abs(totals.numerator))
