-- The five parts of a ticket's life add up to it, to the second; the life is that of its stages,
-- from creation to its last exit or as-of; nothing is negative, and a part is empty only with the whole.
with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

stages as (

    select
        ticket_id,
        sum(life_seconds) as life_seconds,
        max(case when is_final_exit then entered_at end) as final_exit_at
    from {{ ref('fct_ticket_stages') }}
    group by ticket_id

)

select
    tickets.ticket_id,
    tickets.life_seconds,
    stages.life_seconds as stage_life_seconds,
    tickets.created_at,
    stages.final_exit_at
from {{ ref('fct_tickets') }} as tickets
inner join stages on tickets.ticket_id = stages.ticket_id
cross join settings
where
    tickets.life_seconds <> stages.life_seconds
    or tickets.life_seconds <> tickets.with_us_seconds
    + tickets.waiting_customer_seconds
    + tickets.waiting_parts_seconds
    + tickets.on_hold_seconds
    + tickets.after_resolution_seconds
    or tickets.life_seconds
    <> {{ seconds_between(
        'tickets.created_at', 'coalesce(stages.final_exit_at, settings.as_of_at)'
    ) }}
    or least(
        tickets.with_us_seconds,
        tickets.waiting_customer_seconds,
        tickets.waiting_parts_seconds,
        tickets.on_hold_seconds,
        tickets.after_resolution_seconds
    ) < 0
    or (tickets.life_seconds is null) <> (tickets.with_us_seconds is null)
    or (tickets.life_seconds is null) <> (tickets.after_resolution_seconds is null)
