-- Counts in = counts out: none is lost or doubled where usage is joined to them.
with as_of as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

delivered as (

    select count(*) as in_count
    from {{ ref('stg_part_stock') }} as part_stock
    cross join as_of
    where part_stock.stock_date <= as_of.last_date

),

kept as (

    select count(*) as out_count from {{ ref('fct_part_stock') }}

)

select
    delivered.in_count,
    kept.out_count
from delivered
cross join kept
where delivered.in_count <> kept.out_count
