with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

part_lines as (

    select * from {{ ref('fct_part_lines') }}

),

on_time as (

    select
        'parts_on_time_rate' as kpi_id,
        cast(null as varchar) as technician_id,
        part_lines.site_id,
        part_lines.product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when part_lines.promised_at is null then 'no_promise'
            when part_lines.delivered_at is null and part_lines.returned_at is not null
                then 'returned'
            when part_lines.promised_at > as_of.as_of_at then 'immature'
            when part_lines.is_on_time is not null then 'counted'
            else 'not_recorded'
        end as item_state,
        cast(case when part_lines.is_on_time then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        least(
            coalesce({{ local_date('part_lines.promised_at') }}, part_lines.requested_date),
            as_of.last_date
        ) as counted_date
    from part_lines
    cross join as_of

),

arrived as (

    select
        'parts_arrival_time_mean' as kpi_id,
        cast(null as varchar) as technician_id,
        site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when delivery_seconds >= 0 then 'counted'
            when delivered_at is not null then 'time_fault'
            when used_at is not null or returned_at is not null then 'not_recorded'
            else 'censored'
        end as item_state,
        cast(delivery_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        requested_date as counted_date
    from part_lines

)

select * from on_time
union all
select * from arrived
