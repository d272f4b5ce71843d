with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

technicians as (

    select
        technician_id,
        work_role
    from {{ ref('dim_technicians') }}

),

-- Only work of which both the end and the break are known is available time.
shifts as (

    select
        shifts.shift_id,
        shifts.technician_id,
        technicians.work_role,
        shifts.site_id,
        case
            when not shifts.is_over then 'immature'
            when shifts.is_time_fault then 'time_fault'
            when shifts.available_seconds is null then 'break_unknown'
            else 'counted'
        end as shift_state,
        shifts.available_seconds,
        shifts.shift_date
    from {{ ref('fct_shifts') }} as shifts
    inner join technicians on shifts.technician_id = technicians.technician_id
    where shifts.shift_kind = 'work'

),

site_days as (

    select
        min(shift_id) as shift_id,
        technician_id,
        work_role,
        site_id,
        shift_date,
        row_number() over (
            partition by technician_id, shift_date
            order by sum(available_seconds) desc, site_id
        ) as site_number
    from shifts
    where shift_state = 'counted' and available_seconds > 0
    group by technician_id, work_role, site_id, shift_date

),

-- Two shifts of a day are one day, at the site of the longer one.
days as (

    select
        shift_id,
        technician_id,
        work_role,
        site_id,
        shift_date
    from site_days
    where site_number = 1

),

-- Work is set against the roster only of people and months that have one: else those who are never
-- rostered would make the others look busy.
rostered_months as (

    select distinct
        technician_id,
        work_role,
        cast(date_trunc('month', shift_date) as date) as month_start_date
    from days

),

visits as (

    select
        visits.*,
        -- Checked in and out, else what was reported.
        case
            when visits.completed_at >= visits.arrived_at
                then {{ seconds_between('visits.arrived_at', 'visits.completed_at') }}
            else cast(visits.on_site_minutes * 60 as bigint)
        end as on_site_seconds,
        {{ local_date(
            'coalesce(visits.completed_at, visits.arrived_at, visits.scheduled_at, '
            ~ 'visits.requested_at)'
        ) }} as worked_date
    from {{ ref('fct_visits') }} as visits
    where visits.outcome in ('completed', 'not_fixed', 'no_show')

),

jobs as (

    select
        *,
        row_number() over (
            partition by coalesce(work_order_id, visit_id)
            order by completed_at desc, visit_id desc
        ) as recency
    from {{ ref('fct_visits') }}
    where outcome = 'completed' and completed_at is not null

),

answered as (

    select *
    from {{ ref('fct_calls') }}
    where direction = 'inbound' and is_answered

),

-- A job is finished by who made its last visit, and once, however many visits it took.
finished_jobs as (

    select
        'jobs_per_available_day' as kpi_id,
        'visit' as subject_kind,
        jobs.visit_id as subject_id,
        jobs.technician_id,
        jobs.site_id,
        jobs.product_family,
        case when rostered_months.technician_id is null then 'not_rostered' else 'counted' end
            as item_state,
        cast(1 as decimal(18, 4)) as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        jobs.completed_date as counted_date
    from jobs
    left join rostered_months
        on
            jobs.technician_id = rostered_months.technician_id
            and rostered_months.work_role = 'technician'
            and cast(date_trunc('month', jobs.completed_date) as date)
            = rostered_months.month_start_date
    where jobs.recency = 1

),

technician_days as (

    select
        'jobs_per_available_day' as kpi_id,
        'shift' as subject_kind,
        shift_id as subject_id,
        technician_id,
        site_id,
        'unknown' as product_family,
        'counted' as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        shift_date as counted_date
    from days
    where work_role = 'technician'

),

handled_contacts as (

    select
        'contacts_per_rostered_hour' as kpi_id,
        'call' as subject_kind,
        answered.call_id as subject_id,
        answered.agent_id as technician_id,
        answered.site_id,
        answered.product_family,
        case when rostered_months.technician_id is null then 'not_rostered' else 'counted' end
            as item_state,
        cast(1 as decimal(18, 4)) as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        answered.offered_date as counted_date
    from answered
    left join rostered_months
        on
            answered.agent_id = rostered_months.technician_id
            and rostered_months.work_role = 'agent'
            and cast(date_trunc('month', answered.offered_date) as date)
            = rostered_months.month_start_date

),

agent_hours as (

    select
        'contacts_per_rostered_hour' as kpi_id,
        'shift' as subject_kind,
        shift_id as subject_id,
        technician_id,
        site_id,
        'unknown' as product_family,
        shift_state as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(available_seconds / 3600 as decimal(18, 4)) as denominator,
        shift_date as counted_date
    from shifts
    where work_role = 'agent'

),

on_site as (

    select
        'technician_utilisation' as kpi_id,
        'visit' as subject_kind,
        visits.visit_id as subject_id,
        visits.technician_id,
        visits.site_id,
        visits.product_family,
        case
            when rostered_months.technician_id is null then 'not_rostered'
            when visits.on_site_seconds is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(visits.on_site_seconds as decimal(18, 4)) as numerator,
        cast(0 as decimal(18, 4)) as denominator,
        visits.worked_date as counted_date
    from visits
    left join rostered_months
        on
            visits.technician_id = rostered_months.technician_id
            and rostered_months.work_role = 'technician'
            and cast(date_trunc('month', visits.worked_date) as date)
            = rostered_months.month_start_date

),

technician_time as (

    select
        'technician_utilisation' as kpi_id,
        'shift' as subject_kind,
        shift_id as subject_id,
        technician_id,
        site_id,
        'unknown' as product_family,
        shift_state as item_state,
        cast(0 as decimal(18, 4)) as numerator,
        cast(available_seconds as decimal(18, 4)) as denominator,
        shift_date as counted_date
    from shifts
    where work_role = 'technician'

),

checked_in as (

    select
        'checked_in_visit_share' as kpi_id,
        'visit' as subject_kind,
        visit_id as subject_id,
        technician_id,
        site_id,
        product_family,
        'counted' as item_state,
        cast(case when arrived_at is not null then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        worked_date as counted_date
    from visits
    where outcome in ('completed', 'not_fixed')

),

people_items as (

    select * from finished_jobs
    union all
    select * from technician_days
    union all
    select * from handled_contacts
    union all
    select * from agent_hours
    union all
    select * from on_site
    union all
    select * from technician_time
    union all
    select * from checked_in

)

select
    people_items.kpi_id,
    people_items.subject_kind,
    people_items.subject_id,
    people_items.technician_id,
    people_items.site_id,
    people_items.product_family,
    'unknown' as channel,
    'unknown' as priority,
    people_items.item_state,
    people_items.numerator,
    people_items.denominator,
    -- A day ahead of as-of has not been worked.
    least(people_items.counted_date, as_of.last_date) as counted_date
from people_items
cross join as_of
