with shifts as (

    select * from {{ ref('int_shifts_timed') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('dim_technicians') }}

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
    {{ local_date('shifts.starts_at') }} as shift_date,
    shifts.counted_from_at,
    shifts.starts_at,
    shifts.ends_at
from shifts
left join technicians on shifts.technician_id = technicians.technician_id
