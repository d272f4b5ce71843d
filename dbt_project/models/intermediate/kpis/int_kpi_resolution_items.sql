with tickets as (

    select * from {{ ref('fct_tickets') }}

),

resolutions as (

    select
        ticket_resolutions.*,
        coalesce(tickets.issue_family, 'unknown') as issue_family
    from {{ ref('fct_ticket_resolutions') }} as ticket_resolutions
    left join tickets on ticket_resolutions.ticket_id = tickets.ticket_id

),

jobs as (

    select * from {{ ref('fct_jobs') }}
    where is_completed

),

visited_tickets as (

    select distinct ticket_id
    from {{ ref('fct_visits') }}
    where ticket_id is not null and outcome <> 'cancelled'

),

answers as (

    select * from {{ ref('fct_survey_answers') }}
    where question_kind = 'fcr'

),

window_kpis as (

    select
        'repeat_contact_rate' as kpi_id,
        7 as window_days,
        true as counts_repeats
    union all
    select
        'first_contact_resolution_rate' as kpi_id,
        7 as window_days,
        false as counts_repeats
    union all
    select
        'fcr_window_1d' as kpi_id,
        1 as window_days,
        false as counts_repeats
    union all
    select
        'fcr_window_3d' as kpi_id,
        3 as window_days,
        false as counts_repeats
    union all
    select
        'fcr_window_14d' as kpi_id,
        14 as window_days,
        false as counts_repeats
    union all
    select
        'fcr_window_30d' as kpi_id,
        30 as window_days,
        false as counts_repeats

),

windows as (

    select
        window_kpis.kpi_id,
        window_kpis.counts_repeats,
        resolutions.*,
        case window_kpis.window_days
            when 1 then resolutions.is_fcr_1d
            when 3 then resolutions.is_fcr_3d
            when 7 then resolutions.is_fcr_7d
            when 14 then resolutions.is_fcr_14d
            when 30 then resolutions.is_fcr_30d
        end as is_fcr
    from resolutions
    cross join window_kpis

),

-- A repeat is charged to who was in charge at the first resolution.
not_repeated as (

    select
        kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when exit_kind in ('merged', 'cancelled') then exit_kind
            when identity_state <> 'known' then identity_state
            when is_fcr is null then 'immature'
            else 'counted'
        end as item_state,
        cast(case when is_fcr <> counts_repeats then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from windows

),

touched_once as (

    select
        'fcr_touch_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when exit_kind in ('merged', 'cancelled') then exit_kind
            when is_fcr_touch is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(case when is_fcr_touch then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from resolutions

),

without_events as (

    select
        'fcr_event_rate' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        case
            when exit_kind in ('merged', 'cancelled') then exit_kind
            when is_fcr_event is null then 'not_recorded'
            else 'counted'
        end as item_state,
        cast(case when is_fcr_event then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        first_resolved_date as counted_date
    from resolutions

),

said_so as (

    select
        'fcr_survey_rate' as kpi_id,
        'answer' as subject_kind,
        answer_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        'unknown' as issue_family,
        channel,
        priority,
        case
            when raw_score is null then 'no_score'
            when not is_valid then 'off_scale'
            when not is_latest then 'superseded'
            else 'counted'
        end as item_state,
        cast(case when raw_score = 1 then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        answered_date as counted_date
    from answers

),

-- One item per completed corrective job, charged to who made its first visit.
fixed_for_30_days as (

    select
        'first_time_fix_rate' as kpi_id,
        'job' as subject_kind,
        job_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        coalesce(issue_family, 'unknown') as issue_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when fix_state <> 'judged' then fix_state
            when is_first_time_fix_30d is null then 'immature'
            else 'counted'
        end as item_state,
        cast(case when is_first_time_fix_30d then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        coalesce(completed_date, requested_date) as counted_date
    from jobs

),

fixed_for_14_days as (

    select
        'first_time_fix_rate_14d' as kpi_id,
        'job' as subject_kind,
        job_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        coalesce(issue_family, 'unknown') as issue_family,
        'unknown' as channel,
        'unknown' as priority,
        case
            when fix_state <> 'judged' then fix_state
            when is_first_time_fix_14d is null then 'immature'
            else 'counted'
        end as item_state,
        cast(case when is_first_time_fix_14d then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        coalesce(completed_date, requested_date) as counted_date
    from jobs

),

fixed_remotely as (

    select
        'remote_fix_rate' as kpi_id,
        'ticket' as subject_kind,
        tickets.ticket_id as subject_id,
        tickets.ticket_id,
        coalesce(tickets.resolver_id, tickets.technician_id) as technician_id,
        tickets.site_id,
        tickets.product_family,
        coalesce(tickets.issue_family, 'unknown') as issue_family,
        tickets.channel,
        tickets.priority,
        case when tickets.service_mode is null then 'not_recorded' else 'counted' end as item_state,
        cast(
            case
                when tickets.service_mode = 'remote' and visited_tickets.ticket_id is null then 1
                else 0
            end as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        coalesce(tickets.resolved_date, tickets.created_date) as counted_date
    from tickets
    left join visited_tickets on tickets.ticket_id = visited_tickets.ticket_id
    where tickets.is_resolved

),

given_up as (

    select
        'unresolved_count' as kpi_id,
        'ticket' as subject_kind,
        ticket_id as subject_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        issue_family,
        channel,
        priority,
        'counted' as item_state,
        cast(case when exit_kind = 'unresolved' then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        finished_date as counted_date
    from {{ ref('int_kpi_ticket_clocks') }}
    where exit_kind in ('resolved', 'unresolved')

)

select * from not_repeated
union all
select * from touched_once
union all
select * from without_events
union all
select * from said_so
union all
select * from fixed_for_30_days
union all
select * from fixed_for_14_days
union all
select * from fixed_remotely
union all
select * from given_up
