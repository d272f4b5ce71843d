with shifts as (

    select * from {{ ref('int_shifts_timed') }}

),

technicians as (

    select
        technician_id,
        role,
        site_id
    from {{ ref('dim_technicians') }}

),

callers as (

    select distinct agent_id
    from {{ ref('int_calls_contacts') }}
    where agent_id is not null

),

call_queues as (

    select distinct queue
    from {{ ref('int_calls_contacts') }}
    where queue is not null

)

select
    shifts.shift_id,
    shifts.source,
    shifts.technician_id,
    coalesce(shifts.site_id, technicians.site_id, 'unknown') as site_id,
    shifts.queue,
    shifts.shift_kind,
    shifts.paid_seconds,
    shifts.break_seconds,
    shifts.available_seconds,
    shifts.is_over,
    shifts.is_time_fault,
    shifts.counted_from_at is not null
    and (shifts.queue is null or call_queues.queue is not null)
    and (
        coalesce(technicians.role = 'agent', false)
        or (coalesce(technicians.role <> 'technician', true) and callers.agent_id is not null)
    ) as is_phone_duty,
    {{ local_date('shifts.starts_at') }} as shift_date,
    shifts.counted_from_at,
    shifts.starts_at,
    shifts.ends_at
from shifts
left join technicians on shifts.technician_id = technicians.technician_id
left join callers on shifts.technician_id = callers.agent_id
left join call_queues on shifts.queue = call_queues.queue
