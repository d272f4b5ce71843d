with sites as (

    select
        site_id,
        region
    from {{ ref('dim_sites') }}

),

items as (

    select * from {{ ref('int_kpi_items') }}

),

cost_cells as (

    select * from {{ ref('int_kpi_cost_cells') }}

),

complaint_cells as (

    select * from {{ ref('int_kpi_complaint_cells') }}

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
        product_family,
        channel,
        priority,
        case
            when item_state not in ('counted', 'immature', 'censored') then item_state
        end as excluded_reason,
        sum(numerator) filter (where item_state = 'counted') as numerator,
        sum(denominator) filter (where item_state = 'counted') as denominator,
        sum(cast(numerator as decimal(38, 4)) * numerator) filter (
            where item_state = 'counted'
        ) as numerator_squares,
        count(*) filter (where item_state = 'counted' and denominator <> 0) as eligible_count,
        count(*) filter (where item_state = 'immature') as immature_count,
        count(*) filter (where item_state = 'censored') as censored_count,
        count(*) filter (
            where item_state not in ('counted', 'immature', 'censored')
        ) as excluded_count,
        cast(date_trunc('month', counted_date) as date) as month_start_date
    from items
    group by
        kpi_id,
        site_id,
        product_family,
        channel,
        priority,
        case when item_state not in ('counted', 'immature', 'censored') then item_state end,
        cast(date_trunc('month', counted_date) as date)

),

cells as (

    select
        kpi_id,
        'month' as period_grain,
        site_id,
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
        kpi_id,
        'month' as period_grain,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        excluded_reason,
        numerator,
        denominator,
        cast(0 as decimal(38, 8)) as numerator_squares,
        eligible_count,
        0 as immature_count,
        0 as censored_count,
        excluded_count,
        true as is_summable,
        month_start_date as period_start_date
    from cost_cells

    union all

    select
        kpi_id,
        'month' as period_grain,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        excluded_reason,
        numerator,
        denominator,
        cast(0 as decimal(38, 8)) as numerator_squares,
        eligible_count,
        0 as immature_count,
        0 as censored_count,
        excluded_count,
        true as is_summable,
        month_start_date as period_start_date
    from complaint_cells

    union all

    select
        kpi_id,
        period_grain,
        'unknown' as site_id,
        'unknown' as product_family,
        'unknown' as channel,
        'unknown' as priority,
        cast(null as varchar) as excluded_reason,
        numerator,
        denominator,
        cast(0 as decimal(38, 8)) as numerator_squares,
        eligible_count,
        immature_count,
        0 as censored_count,
        0 as excluded_count,
        false as is_summable,
        period_start_date
    from retention_cells

    union all

    select
        kpi_id,
        period_grain,
        site_id,
        'unknown' as product_family,
        'unknown' as channel,
        'unknown' as priority,
        excluded_reason,
        numerator,
        denominator,
        cast(0 as decimal(38, 8)) as numerator_squares,
        eligible_count,
        0 as immature_count,
        0 as censored_count,
        excluded_count,
        false as is_summable,
        period_start_date
    from certification_cells

)

select
    cells.kpi_id,
    cells.period_grain,
    cells.site_id,
    coalesce(sites.region, 'unknown') as region,
    cells.product_family,
    cells.channel,
    cells.priority,
    cells.excluded_reason,
    cells.numerator,
    cells.denominator,
    cells.numerator_squares,
    cells.eligible_count,
    cells.immature_count,
    cells.censored_count,
    cells.excluded_count,
    cells.is_summable,
    cells.period_start_date
from cells
left join sites on cells.site_id = sites.site_id
