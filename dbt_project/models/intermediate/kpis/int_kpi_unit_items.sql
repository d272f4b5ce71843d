-- A unit counts once for every month of its service: units come in bundles of a product family,
-- and item_count says how many.
with complaints as (

    select * from {{ ref('fct_complaints') }}

),

periods as (

    select * from {{ ref('int_kpi_periods') }}
    where period_grain = 'month'

),

assets as (

    select
        asset_id,
        product_id,
        coalesce(installed_date, sold_date) as in_service_date
    from {{ ref('stg_assets') }}

),

products as (

    select
        product_id,
        product_family
    from {{ ref('dim_products') }}

),

-- Early: few families and days for many units.
units as (

    select
        coalesce(products.product_family, 'unknown') as product_family,
        cast(date_trunc('month', assets.in_service_date) as date) as first_month_date,
        count(*) as unit_count
    from assets
    left join products on assets.product_id = products.product_id
    group by
        coalesce(products.product_family, 'unknown'),
        cast(date_trunc('month', assets.in_service_date) as date)

),

-- The feed tells no end of service: a unit serves from its installation on.
serving as (

    select
        units.product_family,
        case when units.first_month_date is null then 'no_service_start' else 'counted' end
            as item_state,
        sum(units.unit_count) as unit_count,
        periods.period_start_date as month_start_date
    from units
    inner join periods
        on
            units.first_month_date is null
            or units.first_month_date <= periods.period_start_date
    group by
        units.product_family,
        case when units.first_month_date is null then 'no_service_start' else 'counted' end,
        periods.period_start_date

)

select
    'complaints_per_1000_units' as kpi_id,
    'units' as subject_kind,
    product_family as subject_id,
    cast(null as varchar) as technician_id,
    'unknown' as site_id,
    product_family,
    'unknown' as channel,
    'unknown' as priority,
    item_state,
    cast(0 as decimal(18, 4)) as numerator,
    cast(unit_count / 1000.0 as decimal(18, 4)) as denominator,
    cast(unit_count as bigint) as item_count,
    month_start_date as counted_date
from serving

union all

select
    'complaints_per_1000_units' as kpi_id,
    'complaint' as subject_kind,
    complaint_id as subject_id,
    technician_id,
    'unknown' as site_id,
    product_family,
    'unknown' as channel,
    'unknown' as priority,
    'counted' as item_state,
    cast(1 as decimal(18, 4)) as numerator,
    cast(0 as decimal(18, 4)) as denominator,
    0 as item_count,
    raised_date as counted_date
from complaints
