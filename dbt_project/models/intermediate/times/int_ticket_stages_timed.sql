with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

stages as (

    select * from {{ ref('int_ticket_stages_sequenced') }}

),

tickets as (

    select
        milestones.ticket_id,
        milestones.status,
        milestones.created_at,
        settings.as_of_at
    from {{ ref('int_ticket_milestones') }} as milestones
    cross join settings

),

-- Differences of whole seconds since creation add up to the life; seconds rounded stage by stage
-- would not.
offsets as (

    select
        stages.*,
        stages.is_last and stages.stage = tickets.status as is_open,
        stages.stage in ('closed', 'cancelled', 'merged', 'unresolved') as is_exit,
        1 + count(*) filter (where stages.is_reopening) over (
            partition by stages.ticket_id
            order by stages.stage_number
            rows between unbounded preceding and current row
        ) as cycle_number,
        {{ seconds_between('tickets.created_at', 'stages.entered_at') }} as entered_seconds,
        {{ seconds_between('tickets.created_at', 'stages.left_at') }} as left_seconds,
        {{ seconds_between('tickets.created_at', 'tickets.as_of_at') }} as as_of_seconds
    from stages
    inner join tickets on stages.ticket_id = tickets.ticket_id

)

select
    ticket_id,
    stage_number,
    stage,
    case stage
        when 'new' then 'us'
        when 'open' then 'us'
        when 'waiting_customer' then 'customer'
        when 'waiting_parts' then 'parts'
        when 'on_hold' then 'hold'
        else 'nobody'
    end as waits_for,
    site_id,
    technician_id,
    priority,
    cycle_number,
    left_seconds - entered_seconds as duration_seconds,
    -- The life ends with its last exit, or goes on at as-of; an untimed end has no length.
    case
        when left_seconds is not null then left_seconds - entered_seconds
        when is_open and is_exit then 0
        when is_open then as_of_seconds - entered_seconds
    end as life_seconds,
    case
        when is_resolution
            then
                entered_seconds
                - min(entered_seconds) over (partition by ticket_id, cycle_number)
    end as cycle_resolution_seconds,
    is_open,
    is_open and is_exit as is_final_exit,
    is_resolution,
    is_reopening,
    entered_at,
    left_at
from offsets
