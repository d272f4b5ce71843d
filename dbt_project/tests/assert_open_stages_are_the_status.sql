-- The stage that lasts is the ticket's status, and a ticket still in work has one that lasts.
with lasting as (

    select
        ticket_id,
        stage
    from {{ ref('fct_ticket_stages') }}
    where is_open

)

select
    tickets.ticket_id,
    tickets.status,
    lasting.stage
from {{ ref('fct_tickets') }} as tickets
left join lasting on tickets.ticket_id = lasting.ticket_id
where
    (lasting.stage is not null and lasting.stage <> tickets.status)
    or (lasting.stage is null and tickets.exit_kind = 'open')
