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
        'complaints_per_1000_units' as kpi_id,
        units.product_family,
        case when units.first_month_date is null then 'no_service_start' end as excluded_reason,
        case when units.first_month_date is null then 0 else units.unit_count end as unit_count,
        case when units.first_month_date is null then units.unit_count else 0 end as excluded_count,
        periods.period_start_date as month_start_date
    from units
    inner join periods
        on
            units.first_month_date is null
            or units.first_month_date <= periods.period_start_date

),

raised as (

    select
        'complaints_per_1000_units' as kpi_id,
        product_family,
        cast(date_trunc('month', raised_date) as date) as month_start_date,
        count(*) as complaint_count
    from complaints
    group by product_family, cast(date_trunc('month', raised_date) as date)

),

parts as (

    select
        kpi_id,
        product_family,
        excluded_reason,
        0 as complaint_count,
        unit_count,
        excluded_count,
        month_start_date
    from serving

    union all

    select
        kpi_id,
        product_family,
        cast(null as varchar) as excluded_reason,
        complaint_count,
        0 as unit_count,
        0 as excluded_count,
        month_start_date
    from raised

)

select
    kpi_id,
    'unknown' as site_id,
    product_family,
    excluded_reason,
    cast(sum(complaint_count) as decimal(38, 4)) as numerator,
    cast(sum(unit_count) / 1000.0 as decimal(38, 4)) as denominator,
    cast(sum(unit_count) as bigint) as eligible_count,
    cast(sum(excluded_count) as bigint) as excluded_count,
    month_start_date
from parts
group by kpi_id, product_family, excluded_reason, month_start_date
