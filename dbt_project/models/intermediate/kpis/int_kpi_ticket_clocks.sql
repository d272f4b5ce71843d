with tickets as (

    select * from {{ ref('fct_tickets') }}

)

-- A state is counted, censored (the clock still runs at as-of) or, in a word, why the ticket is
-- left out. Merged tickets leave every population. A milestone that is there while its seconds are
-- not stands before creation: a fault in the data.
select
    ticket_id,
    technician_id,
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
        when exit_kind = 'open' then 'censored'
        when exit_kind = 'cancelled' then 'cancelled'
        else 'not_recorded'
    end as acceptance_state,
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
    acceptance_seconds,
    first_response_seconds,
    full_resolution_seconds,
    handling_seconds,
    is_resolved,
    is_reopened,
    created_date,
    first_resolved_date,
    -- The day on which the company was done with it, either way.
    case
        when exit_kind = 'resolved' then coalesce(resolved_date, created_date)
        when exit_kind = 'unresolved' then coalesce({{ local_date('closed_at') }}, created_date)
    end as finished_date
from tickets
