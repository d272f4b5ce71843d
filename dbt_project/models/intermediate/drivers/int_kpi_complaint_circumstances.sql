with tickets as (

    select
        ticket_id,
        coalesce(channel, 'unknown') || '|' || coalesce(priority, 'unknown') as stratum
    from {{ ref('fct_tickets') }}
    where exit_kind <> 'merged'

),

-- A site is no circumstance of one request.
service as (

    select
        driver as circumstance,
        ticket_id,
        is_exposed as is_present
    from {{ ref('int_kpi_driver_exposures') }}
    where driver_kind = 'service' and driver <> 'slow_site'

),

promises as (

    select
        case metric when 'visit_arrival' then 'late_visit' else 'late_part' end as circumstance,
        ticket_id,
        max(case when is_met then 0 else 1 end) = 1 as is_present
    from {{ ref('fct_sla_outcomes') }}
    where
        metric in ('visit_arrival', 'parts_arrival')
        and is_eligible
        and is_met is not null
        and ticket_id is not null
    group by metric, ticket_id

),

-- As the KPI of lost visits counts them: not fixed and nobody says why is not known.
lost_visits as (

    select
        'lost_visit' as circumstance,
        ticket_id,
        max(case when non_fix_reason = 'part_missing' then 1 else 0 end) = 1 as is_present
    from {{ ref('fct_visits') }}
    where
        ticket_id is not null
        and visit_kind = 'corrective'
        and (outcome = 'completed' or (outcome = 'not_fixed' and non_fix_reason is not null))
    group by ticket_id

),

gathered as (

    select * from service
    union all
    select * from promises
    union all
    select * from lost_visits

)

select
    gathered.circumstance,
    gathered.ticket_id,
    tickets.stratum,
    gathered.is_present
from gathered
inner join tickets on gathered.ticket_id = tickets.ticket_id
