with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

visits as (

    select * from {{ ref('fct_visits') }}

),

jobs as (

    select
        first_visit_id,
        is_mature,
        completed_at
    from {{ ref('int_jobs_judged') }}

),

-- One item per corrective job, charged to who made its first visit.
fixed as (

    select
        'first_time_fix_rate' as kpi_id,
        visits.technician_id,
        visits.site_id,
        visits.product_family,
        coalesce(visits.issue_family, 'unknown') as issue_family,
        'unknown' as channel,
        'unknown' as priority,
        case when jobs.is_mature then 'counted' else 'immature' end as item_state,
        cast(case when visits.is_first_time_fix then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        {{ local_date('jobs.completed_at') }} as counted_date
    from jobs
    inner join visits on jobs.first_visit_id = visits.visit_id

),

kept_promises as (

    select
        'visit_on_time_rate' as kpi_id,
        visits.technician_id,
        visits.site_id,
        visits.product_family,
        coalesce(visits.issue_family, 'unknown') as issue_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when visits.outcome in ('cancelled', 'no_show') then visits.outcome
            when visits.promised_at is null then 'no_promise'
            when visits.promised_at > as_of.as_of_at then 'immature'
            when visits.is_on_time is not null or visits.outcome = 'open' then 'counted'
            else 'not_recorded'
        end as item_state,
        cast(case when visits.is_on_time then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        least(
            coalesce({{ local_date('visits.promised_at') }}, visits.requested_date), as_of.last_date
        ) as counted_date
    from visits
    cross join as_of

)

select * from fixed
union all
select * from kept_promises
