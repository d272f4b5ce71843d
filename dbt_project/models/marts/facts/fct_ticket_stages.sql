with stages as (

    select * from {{ ref('int_ticket_stages_sequenced') }}

),

tickets as (

    select
        ticket_id,
        product_family,
        channel
    from {{ ref('int_tickets_classified') }}

),

milestones as (

    select
        ticket_id,
        status
    from {{ ref('int_ticket_milestones') }}

)

select
    stages.ticket_id,
    stages.stage_number,
    stages.stage,
    case stages.stage
        when 'new' then 'us'
        when 'open' then 'us'
        when 'waiting_customer' then 'customer'
        when 'waiting_parts' then 'parts'
        when 'on_hold' then 'hold'
        else 'nobody'
    end as waits_for,
    tickets.product_family,
    stages.site_id,
    stages.technician_id,
    tickets.channel,
    stages.priority,
    {{ seconds_between('stages.entered_at', 'stages.left_at') }} as duration_seconds,
    -- A ticket that left by an exit nobody timed has no stage that lasts, but one of unknown end.
    stages.is_last and stages.stage = milestones.status as is_open,
    {{ local_date('stages.entered_at') }} as entered_date,
    stages.entered_at,
    stages.left_at
from stages
inner join tickets on stages.ticket_id = tickets.ticket_id
inner join milestones on stages.ticket_id = milestones.ticket_id
