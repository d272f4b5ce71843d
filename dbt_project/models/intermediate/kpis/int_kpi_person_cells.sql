with items as (

    select * from {{ ref('kpi_items') }}
    where
        technician_id is not null
        and state = 'counted'
        and kpi_id not in (
            select subjects.kpi_id from {{ ref('dim_kpi_subjects') }} as subjects
            where subjects.rows_rule <> 'sums'
        )

),

scorecard_kpis as (

    select distinct kpi_id
    from {{ ref('stg_scorecard_weights') }}

)

select
    items.kpi_id,
    items.technician_id,
    items.site_id,
    items.product_family,
    items.issue_family,
    items.channel,
    cast(sum(items.numerator) as decimal(38, 4)) as numerator,
    cast(sum(items.denominator) as decimal(38, 4)) as denominator,
    cast(
        sum(cast(items.numerator as decimal(38, 4)) * items.numerator) as decimal(38, 8)
    ) as numerator_squares,
    cast(sum(items.item_count) as bigint) as eligible_count,
    cast(date_trunc('month', items.counted_date) as date) as month_start_date
from items
inner join scorecard_kpis on items.kpi_id = scorecard_kpis.kpi_id
group by
    items.kpi_id,
    items.technician_id,
    items.site_id,
    items.product_family,
    items.issue_family,
    items.channel,
    cast(date_trunc('month', items.counted_date) as date)
