-- A first response time exists exactly where a response stands at or after creation;
-- a fault has none and is flagged.
select
    ticket_id,
    first_response_state,
    first_response_seconds,
    is_time_fault,
    created_at,
    first_response_at
from {{ ref('fct_tickets') }}
where
    (first_response_state = 'answered' and first_response_seconds is null)
    or (first_response_state in ('waiting', 'none_recorded') and first_response_at is not null)
    or (
        first_response_state = 'fault' and (first_response_seconds is not null or not is_time_fault)
    )
