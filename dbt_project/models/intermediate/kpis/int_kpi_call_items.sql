with calls as (

    select * from {{ ref('fct_calls') }}
    where direction = 'inbound'

),

handled as (

    select
        'aht_per_contact' as kpi_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case when handle_seconds is null then 'not_recorded' else 'counted' end as item_state,
        cast(handle_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from calls
    where is_answered

),

-- Offered is the denominator, not answered: a caller who gave up was not served in time.
answered_in_time as (

    select
        'call_service_level_20s' as kpi_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when is_answered and wait_seconds is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(
            case when is_answered and wait_seconds <= 20 then 1 else 0 end as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from calls

),

abandoned as (

    select
        'call_abandonment_rate' as kpi_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(case when outcome = 'abandoned' then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from calls

)

select * from handled
union all
select * from answered_in_time
union all
select * from abandoned
