with sites as (

    select
        site_id,
        region
    from {{ ref('dim_sites') }}

),

-- What is a quantile or a level of its items comes ready for each period.
items as (

    select * from {{ ref('kpi_items') }}
    where
        kpi_id not in (
            select subjects.kpi_id from {{ ref('dim_kpi_subjects') }} as subjects
            where subjects.rows_rule <> 'sums'
        )

),

retention_cells as (

    select * from {{ ref('int_kpi_retention_cells') }}

),

certification_cells as (

    select * from {{ ref('int_kpi_certification_cells') }}

),

-- Sums of decimals: unlike those of floating-point numbers they do not depend on the order in which
-- threads add.
item_cells as (

    select
        kpi_id,
        site_id,
        region,
        product_family,
        channel,
        priority,
        case when state = 'excluded' then reason end as excluded_reason,
        sum(numerator) filter (where state = 'counted') as numerator,
        sum(denominator) filter (where state = 'counted') as denominator,
        sum(cast(numerator as decimal(38, 4)) * numerator) filter (
            where state = 'counted'
        ) as numerator_squares,
        cast(coalesce(sum(item_count) filter (where state = 'counted'), 0) as bigint)
            as eligible_count,
        cast(coalesce(sum(item_count) filter (where state = 'immature'), 0) as bigint)
            as immature_count,
        cast(coalesce(sum(item_count) filter (where state = 'censored'), 0) as bigint)
            as censored_count,
        cast(coalesce(sum(item_count) filter (where state = 'excluded'), 0) as bigint)
            as excluded_count,
        cast(date_trunc('month', counted_date) as date) as month_start_date
    from items
    group by
        kpi_id,
        site_id,
        region,
        product_family,
        channel,
        priority,
        case when state = 'excluded' then reason end,
        cast(date_trunc('month', counted_date) as date)

),

other_cells as (

    select
        kpi_id,
        period_grain,
        'unknown' as site_id,
        cast(null as varchar) as excluded_reason,
        numerator,
        denominator,
        eligible_count,
        immature_count,
        0 as excluded_count,
        period_start_date
    from retention_cells

    union all

    select
        kpi_id,
        period_grain,
        site_id,
        excluded_reason,
        numerator,
        denominator,
        eligible_count,
        0 as immature_count,
        excluded_count,
        period_start_date
    from certification_cells

)

select
    kpi_id,
    'month' as period_grain,
    site_id,
    region,
    product_family,
    channel,
    priority,
    excluded_reason,
    cast(coalesce(numerator, 0) as decimal(38, 4)) as numerator,
    cast(coalesce(denominator, 0) as decimal(38, 4)) as denominator,
    cast(coalesce(numerator_squares, 0) as decimal(38, 8)) as numerator_squares,
    eligible_count,
    immature_count,
    censored_count,
    excluded_count,
    true as is_summable,
    month_start_date as period_start_date
from item_cells

union all

select
    other_cells.kpi_id,
    other_cells.period_grain,
    other_cells.site_id,
    coalesce(sites.region, 'unknown') as region,
    'unknown' as product_family,
    'unknown' as channel,
    'unknown' as priority,
    other_cells.excluded_reason,
    other_cells.numerator,
    other_cells.denominator,
    cast(0 as decimal(38, 8)) as numerator_squares,
    other_cells.eligible_count,
    other_cells.immature_count,
    0 as censored_count,
    other_cells.excluded_count,
    false as is_summable,
    other_cells.period_start_date
from other_cells
left join sites on other_cells.site_id = sites.site_id
