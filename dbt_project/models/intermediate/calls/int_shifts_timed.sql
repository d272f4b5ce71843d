with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

shifts as (

    select
        shifts.*,
        shifts.ends_at <= shifts.starts_at as is_time_fault,
        shifts.shift_kind = 'work' and shifts.ends_at > shifts.starts_at as is_timed_work,
        shifts.ends_at <= settings.as_of_at as is_over
    from {{ ref('stg_shifts') }} as shifts
    cross join settings
    where shifts.starts_at <= settings.as_of_at

),

-- Who is rostered twice for the same time is there once: the later shift counts from where the
-- earlier ones end.
covered as (

    select
        *,
        max(case when is_timed_work then ends_at end) over (
            partition by technician_id
            order by starts_at, ends_at, shift_id
            rows between unbounded preceding and 1 preceding
        ) as covered_until_at
    from shifts

),

counted as (

    select
        *,
        case
            when is_timed_work
                then least(greatest(starts_at, coalesce(covered_until_at, starts_at)), ends_at)
        end as counted_from_at
    from covered

),

measured as (

    select
        *,
        case
            when not is_time_fault
                then cast({{ seconds_between('starts_at', 'ends_at') }} as decimal(18, 3))
        end as paid_seconds,
        case
            when is_timed_work
                then
                    cast({{ seconds_between('counted_from_at', 'ends_at') }} as decimal(18, 3))
        end as counted_seconds,
        cast(break_minutes * 60 as decimal(18, 3)) as break_seconds
    from counted

)

select
    shift_id,
    source,
    technician_id,
    site_id,
    queue,
    shift_kind,
    paid_seconds,
    break_seconds,
    case
        -- A shift that is all covered by others, breaks included, adds nothing.
        when counted_seconds = 0 then cast(0 as decimal(18, 3))
        when is_timed_work and break_seconds between 0 and counted_seconds
            then cast(counted_seconds - break_seconds as decimal(18, 3))
        when shift_kind <> 'work' and not is_time_fault then cast(0 as decimal(18, 3))
    end as available_seconds,
    is_over,
    is_time_fault,
    counted_from_at,
    starts_at,
    ends_at
from measured
