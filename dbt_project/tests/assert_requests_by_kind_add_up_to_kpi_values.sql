-- A breakdown by kind of request is of the same items as the KPI: in every month its kinds add up
-- to it.
with kinds as (

    select
        kpi_id,
        kind_of,
        month_start_date,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(item_count) as item_count,
        sum(eligible_count) as eligible_count,
        sum(immature_count) as immature_count,
        sum(censored_count) as censored_count,
        sum(excluded_count) as excluded_count
    from {{ ref('agg_requests_by_kind_monthly') }}
    group by kpi_id, kind_of, month_start_date

),

kinds_of as (

    select distinct
        kpi_id,
        kind_of
    from kinds

),

published as (

    select
        kinds_of.kind_of,
        kpi_values.*
    from {{ ref('kpi_values') }} as kpi_values
    inner join kinds_of on kpi_values.kpi_id = kinds_of.kpi_id
    where kpi_values.period_grain = 'month' and kpi_values.segment = 'all'

)

select
    kinds.kpi_id,
    kinds.kind_of,
    kinds.month_start_date,
    published.period_start_date,
    kinds.numerator,
    published.numerator as published_numerator
from kinds
full outer join published
    on
        kinds.kpi_id = published.kpi_id
        and kinds.kind_of = published.kind_of
        and kinds.month_start_date = published.period_start_date
where
    abs(coalesce(kinds.numerator, 0) - coalesce(published.numerator, 0))
    > 1e-9 * greatest(1, abs(coalesce(published.numerator, 0)))
    or coalesce(kinds.denominator, 0) <> coalesce(published.denominator, 0)
    or coalesce(kinds.eligible_count, 0) <> coalesce(published.eligible_count, 0)
    or coalesce(kinds.immature_count, 0) <> coalesce(published.immature_count, 0)
    or coalesce(kinds.censored_count, 0) <> coalesce(published.censored_count, 0)
    or coalesce(kinds.excluded_count, 0) <> coalesce(published.excluded_count, 0)
    or coalesce(kinds.item_count, 0)
    <> coalesce(
        kinds.eligible_count + kinds.immature_count + kinds.censored_count + kinds.excluded_count, 0
    )
