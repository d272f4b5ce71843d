-- A view: only fct_costs reads it, and its rows are many.
{{ config(materialized='view') }}

with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

labor_costs as (

    select * from {{ ref('stg_labor_costs') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('stg_technicians') }}

),

work as (

    select * from {{ ref('int_work_minutes_measured') }}

),

events as (

    select * from {{ ref('stg_ticket_events') }}

),

tickets as (

    select
        ticket_id,
        product_family,
        is_warranty
    from {{ ref('int_tickets_classified') }}

),

drivers as (

    select * from {{ ref('int_cost_drivers_dated') }}
    where cost_group = 'labor'

),

ledger as (

    select
        labor_costs.technician_id,
        labor_costs.source,
        coalesce(labor_costs.site_id, technicians.site_id, 'unknown') as site_id,
        labor_costs.cost_month_date,
        labor_costs.wage_amount,
        labor_costs.bonus_amount,
        labor_costs.social_insurance_amount,
        labor_costs.training_amount
    from labor_costs
    cross join settings
    left join technicians on labor_costs.technician_id = technicians.technician_id
    where labor_costs.cost_month_date <= {{ local_date('settings.as_of_at') }}

),

ledger_components as (

    {{ unpivot_components(
        'ledger',
        ['technician_id', 'source', 'site_id', 'cost_month_date'],
        ['wage', 'bonus', 'social_insurance', 'training']
    ) }}

),

-- Whatever a person did to a ticket; machines and customers are nobody's work.
touches as (

    select
        events.ticket_id,
        events.author_id as technician_id,
        tickets.product_family,
        count(*) as touch_count,
        tickets.is_warranty,
        {{ local_month('events.occurred_at') }} as work_month_date
    from events
    cross join settings
    inner join tickets on events.ticket_id = tickets.ticket_id
    where
        events.author_kind in ('agent', 'technician')
        and events.author_id is not null
        and events.occurred_at <= settings.as_of_at
    group by
        events.ticket_id,
        events.author_id,
        tickets.product_family,
        tickets.is_warranty,
        {{ local_month('events.occurred_at') }}

),

-- What a person's month may be shared over. Work that its source costs by rate is booked by that
-- rate below and takes no share of a ledger as well.
activities as (

    select
        visit_id,
        ticket_id,
        technician_id,
        product_family,
        work_kind,
        work_kind || '_minutes' as driver,
        minutes as quantity,
        is_warranty,
        work_month_date
    from work
    where labor_rate_amount is null and technician_id is not null

    union all

    select
        cast(null as varchar) as visit_id,
        ticket_id,
        technician_id,
        product_family,
        'desk' as work_kind,
        'ticket_touches' as driver,
        touch_count as quantity,
        is_warranty,
        work_month_date
    from touches

),

schemes as (

    select distinct
        scheme,
        cost_month_date,
        step_number,
        driver,
        weight
    from drivers

),

component_schemes as (

    select distinct
        component,
        cost_month_date,
        scheme
    from drivers

),

weighed as (

    select
        schemes.scheme,
        schemes.step_number,
        activities.visit_id,
        activities.ticket_id,
        activities.technician_id,
        activities.product_family,
        activities.work_kind,
        cast(activities.quantity * schemes.weight as decimal(38, 8)) as weight,
        activities.is_warranty,
        activities.work_month_date
    from activities
    inner join schemes
        on
            activities.driver = schemes.driver
            and activities.work_month_date = schemes.cost_month_date

),

first_steps as (

    select
        scheme,
        technician_id,
        work_month_date,
        min(step_number) as step_number
    from weighed
    group by scheme, technician_id, work_month_date

),

shares as (

    select
        weighed.*,
        sum(weighed.weight) over (
            partition by weighed.scheme, weighed.technician_id, weighed.work_month_date
            order by weighed.work_kind, weighed.visit_id, weighed.ticket_id
            rows between unbounded preceding and current row
        ) as running_weight,
        sum(weighed.weight) over (
            partition by weighed.scheme, weighed.technician_id, weighed.work_month_date
        ) as total_weight
    from weighed
    inner join first_steps
        on
            weighed.scheme = first_steps.scheme
            and weighed.technician_id = first_steps.technician_id
            and weighed.work_month_date = first_steps.work_month_date
            and weighed.step_number = first_steps.step_number

),

shared as (

    select
        ledger_components.source,
        shares.ticket_id,
        shares.visit_id,
        ledger_components.site_id,
        ledger_components.technician_id,
        coalesce(shares.product_family, 'unknown') as product_family,
        ledger_components.component,
        shares.work_kind,
        case
            when shares.technician_id is null then 'unallocated'
            when coalesce(shares.visit_id, shares.ticket_id) is null then 'call_without_ticket'
            else 'driver'
        end as allocation,
        case
            when shares.technician_id is null then ledger_components.amount
            else
                {{ share_out(
                    'ledger_components.amount',
                    'shares.weight',
                    'shares.running_weight',
                    'shares.total_weight'
                ) }}
        end as amount,
        shares.is_warranty,
        ledger_components.cost_month_date
    from ledger_components
    left join component_schemes
        on
            ledger_components.component = component_schemes.component
            and ledger_components.cost_month_date = component_schemes.cost_month_date
    left join shares
        on
            ledger_components.technician_id = shares.technician_id
            and ledger_components.cost_month_date = shares.work_month_date
            and component_schemes.scheme = shares.scheme

),

rated_work as (

    select
        *,
        sum(minutes) over (
            partition by visit_id
            order by work_kind
            rows between unbounded preceding and current row
        ) as running_minutes,
        sum(minutes) over (partition by visit_id) as total_minutes
    from work
    where labor_rate_amount is not null

),

priced_work as (

    select
        *,
        cast(
            cast({{ multiply_amounts('total_minutes', 'labor_rate_amount') }} as double)
            / 60 as decimal(18, 4)
        ) as visit_amount
    from rated_work

),

rated as (

    select
        visits.source,
        priced_work.ticket_id,
        priced_work.visit_id,
        priced_work.site_id,
        priced_work.technician_id,
        priced_work.product_family,
        'wage' as component,
        priced_work.work_kind,
        'direct' as allocation,
        {{ share_out(
            'priced_work.visit_amount',
            'priced_work.minutes',
            'priced_work.running_minutes',
            'priced_work.total_minutes'
        ) }} as amount,
        priced_work.is_warranty,
        priced_work.work_month_date as cost_month_date
    from priced_work
    inner join {{ ref('int_visits_classified') }} as visits
        on priced_work.visit_id = visits.visit_id

)

select * from shared

union all

select * from rated
where amount <> 0
