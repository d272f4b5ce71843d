with tickets as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

-- The states are those of calendar time: what counts there counts here, so that both compare.
first_response as (

    select
        'first_response_business_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        responding_technician_id as technician_id,
        site_id,
        product_family,
        channel,
        priority,
        case
            when first_response_state = 'counted' and first_response_business_seconds is null
                then 'no_calendar'
            else first_response_state
        end as item_state,
        cast(first_response_business_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

resolution as (

    select
        'resolution_business_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        case
            when resolution_state = 'counted' and full_resolution_business_seconds is null
                then 'no_calendar'
            else resolution_state
        end as item_state,
        cast(full_resolution_business_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

)

select * from first_response
union all
select * from resolution
