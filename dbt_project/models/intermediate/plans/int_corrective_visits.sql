with visits as (

    select
        *,
        lead(visit_id) over (
            partition by coalesce(work_order_id, visit_id)
            order by coalesce(arrived_at, completed_at, scheduled_at, requested_at), visit_id
        ) as next_visit_id,
        lead(coalesce(arrived_at, completed_at, scheduled_at, requested_at)) over (
            partition by coalesce(work_order_id, visit_id)
            order by coalesce(arrived_at, completed_at, scheduled_at, requested_at), visit_id
        ) as next_visit_at
    from {{ ref('int_visits_classified') }}
    where outcome in ('completed', 'not_fixed', 'no_show')

),

-- Not fixed and nobody says why: neither lost to a part nor not.
followed as (

    select
        *,
        outcome = 'not_fixed' and coalesce(non_fix_reason, '') = 'part_missing' as is_lost,
        coalesce(arrived_at, completed_at, requested_at) as begun_at,
        coalesce(completed_at, arrived_at, requested_at) as ended_at
    from visits
    where
        visit_kind = 'corrective'
        and outcome in ('completed', 'not_fixed')
        and (outcome = 'completed' or non_fix_reason is not null)

)

select
    visit_id,
    ticket_id,
    site_id,
    is_lost,
    case when is_lost then next_visit_id end as repeat_visit_id,
    case when is_lost then {{ elapsed_seconds('ended_at', 'next_visit_at') }} end as wait_seconds,
    begun_at,
    ended_at,
    {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
        as worked_date
from followed
