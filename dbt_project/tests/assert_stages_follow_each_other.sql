-- A ticket's stages are numbered from 1 without a gap, each begins where the one before ended,
-- and only the last is without end.
with stages as (

    select
        ticket_id,
        stage_number,
        stage,
        duration_seconds,
        entered_at,
        left_at,
        lead(stage_number) over (partition by ticket_id order by stage_number) as next_stage_number,
        lead(stage) over (partition by ticket_id order by stage_number) as next_stage,
        lead(entered_at) over (partition by ticket_id order by stage_number) as next_entered_at,
        min(stage_number) over (partition by ticket_id) as first_stage_number
    from {{ ref('fct_ticket_stages') }}

)

select
    ticket_id,
    stage_number,
    stage,
    duration_seconds,
    entered_at,
    left_at
from stages
where
    first_stage_number <> 1
    or next_stage_number <> stage_number + 1
    or next_stage = stage
    or left_at is distinct from next_entered_at
    or duration_seconds < 0
