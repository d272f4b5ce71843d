with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

visits as (

    select
        *,
        outcome in ('cancelled', 'no_show') as is_missed,
        coalesce(arrived_at, completed_at, scheduled_at, requested_at) as visited_at
    from {{ ref('int_visits_classified') }}
    where visit_kind = 'corrective'

),

-- Two technicians on one visit are one visit, also where each has a row: the second begins no later
-- than the first, or before everybody has left.
ordered_visits as (

    select
        *,
        row_number() over (
            partition by job_id
            order by is_missed, visited_at, visit_id
        ) as visit_number,
        max(greatest(visited_at, completed_at)) over (
            partition by job_id
            order by is_missed, visited_at, visit_id
            rows between unbounded preceding and 1 preceding
        ) as left_at,
        lag(visited_at) over (
            partition by job_id
            order by is_missed, visited_at, visit_id
        ) as previous_visited_at
    from visits

),

jobs as (

    select
        job_id,
        max(case when visit_number = 1 then visit_id end) as first_visit_id,
        max(case when visit_number = 1 then ticket_id end) as ticket_id,
        max(case when visit_number = 1 then customer_id end) as customer_id,
        max(case when visit_number = 1 then asset_id end) as asset_id,
        max(case when visit_number = 1 then product_family end) as product_family,
        max(case when visit_number = 1 then site_id end) as site_id,
        max(case when visit_number = 1 then technician_id end) as technician_id,
        max(case when visit_number = 1 then issue_family end) as issue_family,
        min_by(coalesce(non_fix_reason, 'not_recorded'), visit_number) filter (
            where outcome = 'not_fixed'
        ) as non_fix_reason,
        count(*) filter (
            where not is_missed
            and (
                previous_visited_at is null
                or (visited_at >= left_at and visited_at > previous_visited_at)
            )
        ) as visit_count,
        count(*) filter (where outcome = 'no_show') as no_show_count,
        bool_or(outcome = 'completed') as is_completed,
        bool_or(not is_missed and coalesce(service_mode, 'on_site') = 'remote') as is_remote,
        min(requested_at) filter (where not is_missed) as visit_requested_at,
        min(requested_at) as requested_at,
        min(visited_at) filter (where not is_missed) as first_visited_at,
        max(completed_at) filter (where outcome = 'completed') as completed_at
    from ordered_visits
    group by job_id

),

-- Remote fixes are a bucket of their own; without asset or fault family nobody could tell whether
-- the fault came back.
judged as (

    select
        *,
        case
            when visit_count = 0 then 'not_visited'
            when is_remote then 'remote'
            when not is_completed then 'not_completed'
            when completed_at is null then 'not_recorded'
            when asset_id is null or issue_family is null then 'issue_unknown'
            else 'judged'
        end as fix_state
    from jobs

),

returns as (

    select
        judged.job_id,
        min(later_jobs.visit_requested_at) as returned_at
    from judged
    inner join judged as later_jobs
        on
            judged.asset_id = later_jobs.asset_id
            and judged.issue_family = later_jobs.issue_family
            and judged.job_id <> later_jobs.job_id
            and judged.completed_at < later_jobs.visit_requested_at
    where judged.fix_state = 'judged'
    group by judged.job_id

)

select
    judged.job_id,
    judged.first_visit_id,
    judged.ticket_id,
    judged.customer_id,
    judged.asset_id,
    judged.product_family,
    judged.site_id,
    judged.technician_id,
    judged.issue_family,
    judged.fix_state,
    judged.non_fix_reason,
    cast(judged.visit_count as bigint) as visit_count,
    cast(judged.no_show_count as bigint) as no_show_count,
    judged.is_completed,
    {%- for days in [14, 30] %}
        case
            when
                judged.fix_state = 'judged'
                and judged.completed_at + interval {{ days }} day <= settings.as_of_at
                then
                    judged.visit_count = 1
                    and coalesce(
                        returns.returned_at > judged.completed_at + interval {{ days }} day, true
                    )
        end as is_first_time_fix_{{ days }}d,
    {%- endfor %}
    judged.requested_at,
    judged.first_visited_at,
    judged.completed_at,
    returns.returned_at
from judged
cross join settings
left join returns on judged.job_id = returns.job_id
