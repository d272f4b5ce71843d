with stages as (

    select * from {{ ref('int_ticket_stages_timed') }}

),

tickets as (

    select
        ticket_id,
        product_family,
        channel
    from {{ ref('int_tickets_classified') }}

)

select
    stages.ticket_id,
    stages.stage_number,
    stages.stage,
    stages.waits_for,
    tickets.product_family,
    stages.site_id,
    stages.technician_id,
    tickets.channel,
    stages.priority,
    stages.cycle_number,
    stages.duration_seconds,
    stages.life_seconds,
    stages.cycle_resolution_seconds,
    -- A ticket that left by an exit nobody timed has no stage that lasts, but one of unknown end.
    stages.is_open,
    stages.is_final_exit,
    stages.is_resolution,
    stages.is_reopening,
    {{ local_date('stages.entered_at') }} as entered_date,
    stages.entered_at,
    stages.left_at
from stages
inner join tickets on stages.ticket_id = tickets.ticket_id
