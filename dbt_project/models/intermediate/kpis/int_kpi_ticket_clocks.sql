with as_of as (

    select as_of_at from {{ ref('int_kpi_as_of') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

-- What a source never tells of any ticket is not recorded: its open tickets do not wait for it.
sources as (

    select
        source,
        bool_or(accepted_at is not null) as tells_acceptances,
        bool_or(assigned_at is not null) as tells_assignments,
        bool_or(acknowledged_at is not null) as tells_acknowledgements,
        bool_or(service_started_at is not null) as tells_work_starts,
        bool_or(followed_up_at is not null) as tells_follow_ups
    from tickets
    group by source

),

clocks as (

    select
        tickets.*,
        sources.tells_acceptances,
        sources.tells_assignments,
        sources.tells_acknowledgements,
        sources.tells_work_starts,
        sources.tells_follow_ups,
        tickets.resolved_at + interval {{ var('follow_up_window_days') }} day as follow_up_until_at,
        as_of.as_of_at,
        {{ elapsed_seconds('tickets.created_at', 'as_of.as_of_at') }} as open_seconds,
        {{ elapsed_seconds('tickets.created_at', 'tickets.closed_at') }} as exit_seconds
    from tickets
    inner join sources on tickets.source = sources.source
    cross join as_of

)

-- A state is counted, censored (the clock still runs at as-of) or, in a word, why the ticket is
-- left out. Merged tickets leave every population. A milestone that is there while its seconds are
-- not stands before creation: a fault in the data.
select
    ticket_id,
    -- Each stage is charged to who did it; while nobody has, to who is in charge.
    coalesce(resolver_id, technician_id) as technician_id,
    coalesce(accepted_by_id, technician_id) as accepting_technician_id,
    coalesce(first_responder_id, technician_id) as responding_technician_id,
    coalesce(service_started_by_id, technician_id) as starting_technician_id,
    coalesce(first_resolver_id, technician_id) as first_resolving_technician_id,
    site_id,
    product_family,
    coalesce(issue_family, 'unknown') as issue_family,
    channel,
    priority,
    exit_kind,
    case
        when exit_kind = 'merged' then 'merged'
        when acceptance_seconds is not null then 'counted'
        when accepted_at is not null then 'time_fault'
        when exit_kind = 'open' and tells_acceptances then 'censored'
        when exit_kind = 'cancelled' then 'cancelled'
        else 'not_recorded'
    end as acceptance_state,
    case
        when exit_kind = 'merged' then 'merged'
        when assignment_seconds is not null then 'counted'
        when assigned_at is not null then 'time_fault'
        when exit_kind = 'open' and tells_assignments then 'censored'
        when exit_kind = 'cancelled' then 'cancelled'
        else 'not_recorded'
    end as assignment_state,
    case
        when exit_kind = 'merged' then 'merged'
        when acknowledgement_seconds is not null then 'counted'
        when acknowledged_at is not null then 'time_fault'
        when exit_kind = 'open' and tells_acknowledgements then 'censored'
        when exit_kind = 'cancelled' then 'cancelled'
        else 'not_recorded'
    end as acknowledgement_state,
    case
        when exit_kind = 'merged' then 'merged'
        when work_start_seconds is not null then 'counted'
        when service_started_at is not null then 'time_fault'
        when exit_kind = 'open' and tells_work_starts then 'censored'
        when exit_kind = 'cancelled' then 'cancelled'
        else 'not_recorded'
    end as work_start_state,
    case
        when exit_kind = 'merged' then 'merged'
        when first_response_state = 'answered' and first_response_seconds is not null then 'counted'
        when first_response_state in ('answered', 'fault') then 'time_fault'
        when first_response_state = 'waiting' then 'censored'
        when first_response_state = 'not_applicable' then 'cancelled'
        else 'not_recorded'
    end as first_response_state,
    case
        when exit_kind in ('merged', 'cancelled', 'unresolved') then exit_kind
        when exit_kind = 'open' then 'censored'
        when full_resolution_seconds is not null then 'counted'
        when resolved_at is not null then 'time_fault'
        else 'not_recorded'
    end as resolution_state,
    case
        when exit_kind in ('merged', 'cancelled', 'unresolved') then exit_kind
        when exit_kind = 'open' then 'censored'
        when handling_seconds is not null then 'counted'
        when service_started_at is not null and resolved_at is not null then 'time_fault'
        else 'not_recorded'
    end as handling_state,
    -- Whether who stands resolved was called back in time: judged once the window has passed.
    case
        when exit_kind <> 'resolved' then exit_kind
        when resolved_at is null or not tells_follow_ups then 'not_recorded'
        when followed_up_at < created_at then 'time_fault'
        when follow_up_until_at > as_of_at then 'immature'
        else 'counted'
    end as follow_up_state,
    -- Nobody knows that a call-back will still come: after the window it is missing, not late.
    case
        when exit_kind <> 'resolved' then exit_kind
        when resolved_at is null or not tells_follow_ups then 'not_recorded'
        when followed_up_at < created_at then 'time_fault'
        when follow_up_seconds is not null then 'counted'
        when follow_up_until_at > as_of_at then 'censored'
        else 'not_followed_up'
    end as follow_up_time_state,
    coalesce(
        followed_up_at >= resolved_at and followed_up_at <= follow_up_until_at, false
    ) as is_followed_up,
    case
        when exit_kind in ('merged', 'cancelled') then exit_kind
        when exit_kind = 'open' then 'censored'
        when life_seconds is not null then 'counted'
        when is_time_fault then 'time_fault'
        else 'not_recorded'
    end as split_state,
    -- On a survival curve a ticket that left by another way out was under observation until then.
    case
        when exit_kind = 'merged' then 'merged'
        when first_response_state = 'answered' and first_response_seconds is not null then 'event'
        when first_response_state in ('answered', 'fault') then 'time_fault'
        when first_response_state = 'waiting' and open_seconds is not null then 'open'
        when first_response_state = 'not_applicable' and exit_seconds is not null then 'other_exit'
        when first_response_state = 'not_applicable' and closed_at is not null then 'time_fault'
        else 'not_recorded'
    end as response_curve_state,
    coalesce(
        first_response_seconds, case when exit_kind = 'open' then open_seconds else exit_seconds end
    ) as response_curve_seconds,
    case
        when exit_kind <> 'merged' and first_resolution_seconds is not null then 'event'
        when exit_kind <> 'merged' and first_resolved_at is not null then 'time_fault'
        -- Resolved before, and nobody knows when.
        when exit_kind = 'resolved' or (exit_kind = 'open' and is_reopened) then 'not_recorded'
        when exit_kind = 'open' then 'open'
        when exit_seconds is not null then 'other_exit'
        when closed_at is not null then 'time_fault'
        else 'not_recorded'
    end as resolution_curve_state,
    coalesce(
        case when exit_kind <> 'merged' then first_resolution_seconds end,
        case when exit_kind = 'open' then open_seconds else exit_seconds end
    ) as resolution_curve_seconds,
    case
        when exit_kind <> 'merged' and first_resolution_seconds is not null then 'resolved'
        else exit_kind
    end as curve_exit,
    acceptance_seconds,
    assignment_seconds,
    acknowledgement_seconds,
    first_response_seconds,
    work_start_seconds,
    full_resolution_seconds,
    handling_seconds,
    follow_up_seconds,
    first_response_business_seconds,
    full_resolution_business_seconds,
    with_us_seconds,
    waiting_customer_seconds,
    waiting_parts_seconds,
    life_seconds - after_resolution_seconds as worked_life_seconds,
    handover_count,
    is_resolved,
    is_reopened,
    created_date,
    first_resolved_date,
    -- The day on which the company was done with it, either way.
    case
        when exit_kind = 'resolved' then coalesce(resolved_date, created_date)
        when exit_kind = 'unresolved' then coalesce({{ local_date('closed_at') }}, created_date)
    end as finished_date
from clocks
