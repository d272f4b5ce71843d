with calls as (

    select * from {{ ref('fct_calls') }}

),

shifts as (

    select * from {{ ref('fct_shifts') }}
    where is_phone_duty

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

merged_tickets as (

    select
        ticket_id,
        merged_into_ticket_id
    from {{ ref('stg_tickets') }}
    where merged_into_ticket_id is not null

),

inbound as (

    select
        *,
        case
            when outcome = 'in_progress' then 'immature'
            when is_answered and wait_seconds is null then 'not_recorded'
            else 'counted'
        end as offered_state
    from calls
    where direction = 'inbound'

),

handled as (

    select
        'aht_per_contact' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when not is_over then 'immature'
            when handle_seconds is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(handle_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound
    where is_answered

),

-- A case is a ticket; one that was merged is the ticket that it was merged into.
calls_of_cases as (

    select
        coalesce(merged_tickets.merged_into_ticket_id, calls.ticket_id) as case_id,
        calls.is_answered,
        calls.is_over,
        calls.talk_seconds,
        calls.hold_seconds
    from calls
    left join merged_tickets on calls.ticket_id = merged_tickets.ticket_id
    where calls.ticket_id is not null

),

cases as (

    select
        case_id,
        bool_or(is_answered) as is_handled,
        bool_and(is_over) as is_over,
        bool_and(talk_seconds is not null) filter (where is_answered) as is_measured,
        sum(talk_seconds + coalesce(hold_seconds, 0)) filter (where is_answered) as case_seconds
    from calls_of_cases
    group by case_id

),

handled_cases as (

    select
        'aht_per_case' as kpi_id,
        'ticket' as subject_kind,
        tickets.ticket_id as subject_id,
        tickets.technician_id,
        tickets.site_id,
        tickets.product_family,
        tickets.channel,
        tickets.priority,
        case
            when not cases.is_handled then 'not_answered'
            when tickets.exit_kind = 'merged' then 'merged'
            when tickets.exit_kind = 'open' or not cases.is_over then 'censored'
            when not cases.is_measured then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(cases.case_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        tickets.created_date as counted_date
    from cases
    inner join tickets on cases.case_id = tickets.ticket_id

),

-- Calls that no case can be charged with; the definition says that it leaves them out.
caseless as (

    select
        'aht_per_case' as kpi_id,
        'call' as subject_kind,
        calls.call_id as subject_id,
        calls.agent_id as technician_id,
        calls.site_id,
        calls.product_family,
        'phone' as channel,
        'unknown' as priority,
        case when calls.ticket_id is null then 'no_ticket' else 'ticket_unknown' end as item_state,
        cast(null as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        calls.offered_date as counted_date
    from calls
    left join merged_tickets on calls.ticket_id = merged_tickets.ticket_id
    left join tickets
        on coalesce(merged_tickets.merged_into_ticket_id, calls.ticket_id) = tickets.ticket_id
    where calls.is_answered and tickets.ticket_id is null

),

-- Offered is the denominator, not answered: a caller who gave up was not served in time.
answered_in_time as (

    select
        'call_service_level_20s' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        offered_state as item_state,
        cast(
            case when is_answered and wait_seconds <= 20 then 1 else 0 end as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound

),

answered_in_time_excluding_short as (

    select
        'call_service_level_20s_excluding_short' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case when is_short_abandon then 'short_abandon' else offered_state end as item_state,
        cast(
            case when is_answered and wait_seconds <= 20 then 1 else 0 end as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound

),

answer_speeds as (

    select
        'average_speed_of_answer' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        offered_state as item_state,
        cast(wait_seconds as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound
    where is_answered

),

abandoned as (

    select
        'call_abandonment_rate' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case when outcome = 'in_progress' then 'immature' else 'counted' end as item_state,
        cast(case when outcome = 'abandoned' then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound

),

abandoned_excluding_short as (

    select
        'call_abandonment_rate_excluding_short' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when is_short_abandon then 'short_abandon'
            when outcome = 'in_progress' then 'immature'
            else 'counted'
        end as item_state,
        cast(case when outcome = 'abandoned' then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound

),

transferred as (

    select
        'call_transfer_rate' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when not is_over then 'immature'
            when transfer_count is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(case when transfer_count > 0 then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound
    where is_answered

),

offered as (

    select
        'calls_offered' as kpi_id,
        'call' as subject_kind,
        call_id as subject_id,
        agent_id as technician_id,
        site_id,
        product_family,
        'phone' as channel,
        'unknown' as priority,
        'counted' as item_state,
        cast(1 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        offered_date as counted_date
    from inbound

),

-- Shifts by the local days that they touch, so that a call finds the shift in which it was answered
-- by an equality and two comparisons.
shift_days as (

    select
        technician_id,
        shift_date as work_date,
        counted_from_at,
        ends_at
    from shifts

    union all

    select
        technician_id,
        {{ local_date('ends_at') }} as work_date,
        counted_from_at,
        ends_at
    from shifts
    where {{ local_date('ends_at') }} > shift_date

),

answered_on_duty as (

    select calls.call_id
    from calls
    inner join shift_days
        on
            calls.agent_id = shift_days.technician_id
            and {{ local_date('calls.answered_at') }} = shift_days.work_date
            and calls.answered_at >= shift_days.counted_from_at
            and calls.answered_at < shift_days.ends_at

),

-- Both ways: whoever rings back is as busy as whoever answers.
occupied as (

    select
        'agent_occupancy' as kpi_id,
        'call' as subject_kind,
        calls.call_id as subject_id,
        calls.agent_id as technician_id,
        calls.site_id,
        calls.product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when not calls.is_over then 'immature'
            when answered_on_duty.call_id is null then 'not_rostered'
            when calls.workload_seconds is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(calls.workload_seconds as decimal(18, 4)) as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        calls.offered_date as counted_date
    from calls
    left join answered_on_duty on calls.call_id = answered_on_duty.call_id
    where calls.is_answered

),

available as (

    select
        'agent_occupancy' as kpi_id,
        'shift' as subject_kind,
        shift_id as subject_id,
        technician_id,
        site_id,
        'unknown' as product_family,
        'phone' as channel,
        'unknown' as priority,
        case
            when not is_over then 'immature'
            when available_seconds is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(available_seconds as decimal(18, 4)) as denominator,
        shift_date as counted_date
    from shifts

)

select * from handled
union all
select * from handled_cases
union all
select * from caseless
union all
select * from answered_in_time
union all
select * from answered_in_time_excluding_short
union all
select * from answer_speeds
union all
select * from abandoned
union all
select * from abandoned_excluding_short
union all
select * from transferred
union all
select * from offered
union all
select * from occupied
union all
select * from available
