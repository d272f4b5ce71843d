with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

visits as (

    select * from {{ ref('int_visits_classified') }}

),

legs as (

    select * from {{ ref('stg_calls') }}

),

contacts as (

    select
        call_id,
        ticket_id
    from {{ ref('int_calls_contacts') }}

),

tickets as (

    select
        ticket_id,
        product_family,
        is_warranty
    from {{ ref('int_tickets_classified') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('stg_technicians') }}

),

visit_minutes as (

    select
        visit_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        'travel' as work_kind,
        labor_rate_amount,
        travel_minutes as minutes,
        is_labor_warranty,
        work_month_date
    from visits
    where travel_minutes > 0

    union all

    select
        visit_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        'on_site' as work_kind,
        labor_rate_amount,
        on_site_minutes as minutes,
        is_labor_warranty,
        work_month_date
    from visits
    where on_site_minutes > 0

    union all

    select
        visit_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        'phone' as work_kind,
        labor_rate_amount,
        phone_minutes as minutes,
        is_labor_warranty,
        work_month_date
    from visits
    where phone_minutes > 0

    union all

    select
        visit_id,
        ticket_id,
        technician_id,
        site_id,
        product_family,
        'admin' as work_kind,
        labor_rate_amount,
        admin_minutes as minutes,
        is_labor_warranty,
        work_month_date
    from visits
    where admin_minutes > 0

),

-- Each leg of a transferred call is the work of its own agent. After-call work that was not
-- measured adds nothing that is known.
answered_legs as (

    select
        legs.agent_id,
        tickets.ticket_id,
        case when legs.talk_seconds > 0 then legs.talk_seconds else 0 end
        + case when legs.hold_seconds > 0 then legs.hold_seconds else 0 end
        + case when legs.wrap_seconds > 0 then legs.wrap_seconds else 0 end as work_seconds,
        {{ local_month('coalesce(legs.answered_at, legs.offered_at)') }} as work_month_date
    from legs
    cross join settings
    left join contacts on legs.call_id = contacts.call_id
    left join tickets on contacts.ticket_id = tickets.ticket_id
    where
        legs.outcome = 'answered'
        and legs.agent_id is not null
        and legs.offered_at <= settings.as_of_at

),

-- Per person and ticket: a cost row per call would say no more. Calls of no ticket are one row of
-- the person.
call_minutes as (

    select
        cast(null as varchar) as visit_id,
        answered_legs.ticket_id,
        answered_legs.agent_id as technician_id,
        coalesce(min(technicians.site_id), 'unknown') as site_id,
        cast(null as varchar) as product_family,
        'call' as work_kind,
        cast(null as decimal(18, 4)) as labor_rate_amount,
        cast(cast(sum(answered_legs.work_seconds) as double) / 60 as decimal(18, 4)) as minutes,
        cast(null as boolean) as is_labor_warranty,
        answered_legs.work_month_date
    from answered_legs
    left join technicians on answered_legs.agent_id = technicians.technician_id
    where answered_legs.work_seconds > 0
    group by answered_legs.agent_id, answered_legs.ticket_id, answered_legs.work_month_date

),

measured as (

    select * from visit_minutes
    union all
    select * from call_minutes

)

select
    measured.visit_id,
    measured.ticket_id,
    measured.technician_id,
    measured.site_id,
    coalesce(nullif(measured.product_family, 'unknown'), tickets.product_family, 'unknown')
        as product_family,
    measured.work_kind,
    measured.labor_rate_amount,
    measured.minutes,
    coalesce(measured.is_labor_warranty, tickets.is_warranty) as is_warranty,
    measured.work_month_date
from measured
left join tickets on measured.ticket_id = tickets.ticket_id
