with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

visits as (

    select * from {{ ref('int_visits_classified') }}
    where visit_kind = 'corrective' and outcome not in ('cancelled', 'no_show')

),

ordered_visits as (

    select
        *,
        row_number() over (
            partition by job_id
            order by coalesce(arrived_at, completed_at, scheduled_at, requested_at), visit_id
        ) as visit_number
    from visits

),

jobs as (

    select
        job_id,
        max(case when visit_number = 1 then visit_id end) as first_visit_id,
        max(case when visit_number = 1 then asset_id end) as asset_id,
        max(case when visit_number = 1 then issue_family end) as issue_family,
        count(*) as visit_count,
        bool_or(outcome = 'completed') as is_completed,
        bool_or(coalesce(service_mode, 'on_site') = 'remote') as is_remote,
        min(requested_at) as requested_at,
        max(completed_at) filter (where outcome = 'completed') as completed_at
    from ordered_visits
    group by job_id

),

-- Remote fixes are a bucket of their own; without asset or fault family nobody could tell whether
-- the fault came back.
decidable_jobs as (

    select * from jobs
    where
        is_completed
        and not is_remote
        and completed_at is not null
        and asset_id is not null
        and issue_family is not null

),

returns as (

    select distinct decidable_jobs.job_id
    from decidable_jobs
    inner join jobs as later_jobs
        on
            decidable_jobs.asset_id = later_jobs.asset_id
            and decidable_jobs.issue_family = later_jobs.issue_family
            and decidable_jobs.job_id <> later_jobs.job_id
            and decidable_jobs.completed_at < later_jobs.requested_at
            and decidable_jobs.completed_at + interval 30 day >= later_jobs.requested_at

)

select
    decidable_jobs.job_id,
    decidable_jobs.first_visit_id,
    cast(decidable_jobs.visit_count as bigint) as visit_count,
    returns.job_id is not null as is_returned,
    decidable_jobs.completed_at + interval 30 day <= settings.as_of_at as is_mature,
    decidable_jobs.completed_at
from decidable_jobs
cross join settings
left join returns on decidable_jobs.job_id = returns.job_id
