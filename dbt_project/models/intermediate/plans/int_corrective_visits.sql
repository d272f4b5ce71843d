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

)

select
    visit_id,
    ticket_id,
    site_id,
    outcome = 'not_fixed' and coalesce(non_fix_reason, '') = 'part_missing' as is_lost,
    case when outcome = 'not_fixed' and coalesce(non_fix_reason, '') = 'part_missing' then next_visit_id end
        as repeat_visit_id,
    case
        when outcome = 'not_fixed' and coalesce(non_fix_reason, '') = 'part_missing'
            then {{ elapsed_seconds('coalesce(completed_at, arrived_at, requested_at)', 'next_visit_at') }}
    end as wait_seconds,
    coalesce(arrived_at, completed_at, requested_at) as begun_at,
    coalesce(completed_at, arrived_at, requested_at) as ended_at,
    {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }} as worked_date
from visits
where
    visit_kind = 'corrective'
    and outcome in ('completed', 'not_fixed')
    -- Not fixed and nobody says why: neither lost to a part nor not.
    and (outcome = 'completed' or non_fix_reason is not null)
