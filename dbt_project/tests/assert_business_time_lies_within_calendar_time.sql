-- Open hours are a part of all hours, and one of both times is never known without the other: a
-- calendar whose hours end before the data would else shorten durations without a word.
with times as (

    select
        ticket_id,
        'acceptance' as metric,
        acceptance_business_seconds as business_seconds,
        acceptance_seconds as calendar_seconds
    from {{ ref('fct_tickets') }}
    where calendar_id is not null and created_at >= timestamp '1901-01-01 00:00:00'
    union all
    select
        ticket_id,
        'first_response' as metric,
        first_response_business_seconds as business_seconds,
        first_response_seconds as calendar_seconds
    from {{ ref('fct_tickets') }}
    where calendar_id is not null and created_at >= timestamp '1901-01-01 00:00:00'
    union all
    select
        ticket_id,
        'full_resolution' as metric,
        full_resolution_business_seconds as business_seconds,
        full_resolution_seconds as calendar_seconds
    from {{ ref('fct_tickets') }}
    where calendar_id is not null and created_at >= timestamp '1901-01-01 00:00:00'

)

select *
from times
where
    business_seconds > calendar_seconds
    or (business_seconds is null) <> (calendar_seconds is null)
