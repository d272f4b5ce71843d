with tickets as (

    select * from {{ ref('int_kpi_ticket_clocks') }}

),

assignment as (

    select
        'assignment_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        accepting_technician_id as technician_id,
        site_id,
        product_family,
        channel,
        priority,
        assignment_state as item_state,
        cast(assignment_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

acknowledgement as (

    select
        'acknowledgement_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        responding_technician_id as technician_id,
        site_id,
        product_family,
        channel,
        priority,
        acknowledgement_state as item_state,
        cast(acknowledgement_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

work_start as (

    select
        'work_start_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        starting_technician_id as technician_id,
        site_id,
        product_family,
        channel,
        priority,
        work_start_state as item_state,
        cast(work_start_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

customer_waits as (

    select
        'waiting_customer_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        split_state as item_state,
        cast(waiting_customer_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets
    where waiting_customer_seconds > 0

),

parts_waits as (

    select
        'waiting_parts_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        split_state as item_state,
        cast(waiting_parts_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets
    where waiting_parts_seconds > 0

),

our_time as (

    select
        'our_time_share' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        -- A life without any time has no share.
        case
            when split_state = 'counted' and worked_life_seconds = 0 then 'no_time'
            else split_state
        end as item_state,
        cast(with_us_seconds as decimal(18, 4)) as numerator,
        cast(worked_life_seconds as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

handovers as (

    select
        'handovers_per_ticket' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        case
            when exit_kind in ('merged', 'cancelled') then exit_kind
            when exit_kind = 'open' then 'censored'
            when handover_count is not null then 'counted'
            else 'not_recorded'
        end as item_state,
        cast(handover_count as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        created_date as counted_date
    from tickets

),

-- Charged to who resolved it: the resolution is what the call-back asks about.
followed_up as (

    select
        'follow_up_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        follow_up_state as item_state,
        cast(case when is_followed_up then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        finished_date as counted_date
    from tickets
    where exit_kind = 'resolved'

),

follow_up_times as (

    select
        'follow_up_time_mean' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        technician_id,
        site_id,
        product_family,
        channel,
        priority,
        follow_up_time_state as item_state,
        cast(follow_up_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        finished_date as counted_date
    from tickets
    where exit_kind = 'resolved'

)

select * from assignment
union all
select * from acknowledgement
union all
select * from work_start
union all
select * from customer_waits
union all
select * from parts_waits
union all
select * from our_time
union all
select * from handovers
union all
select * from followed_up
union all
select * from follow_up_times
