with tickets as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

acceptance as (

    select
        'acceptance_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        accepting_technician_id as technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        acceptance_state as item_state,
        cast(acceptance_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

first_response as (

    select
        'first_response_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        responding_technician_id as technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        first_response_state as item_state,
        cast(first_response_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

resolution as (

    select
        'resolution_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        resolution_state as item_state,
        cast(full_resolution_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

handling as (

    select
        'handling_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        handling_state as item_state,
        cast(handling_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

decided as (

    select
        'resolution_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        'counted' as item_state,
        cast(case when exit_kind = 'resolved' then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        finished_date as counted_date
    from tickets
    where exit_kind in ('resolved', 'unresolved')

),

reopened as (

    select
        'reopen_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        first_resolving_technician_id as technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when exit_kind in ('merged', 'cancelled') then exit_kind
            else 'counted'
        end as item_state,
        cast(case when is_reopened then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from tickets
    where first_resolved_date is not null

)

select * from acceptance
union all
select * from first_response
union all
select * from resolution
union all
select * from handling
union all
select * from decided
union all
select * from reopened
