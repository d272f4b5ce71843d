-- A view: only fct_costs reads it, and its rows are many.
{{ config(materialized='view') }}

with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

ledger as (

    select operating_costs.*
    from {{ ref('stg_operating_costs') }} as operating_costs
    cross join settings
    where operating_costs.cost_month_date <= {{ local_date('settings.as_of_at') }}

),

ledger_components as (

    {{ unpivot_components(
        'ledger',
        ['site_id', 'source', 'cost_month_date'],
        ['rent', 'utilities', 'transport', 'tools']
    ) }}

),

tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

milestones as (

    select * from {{ ref('int_ticket_milestones') }}

),

work as (

    select * from {{ ref('int_work_minutes_measured') }}

),

drivers as (

    select * from {{ ref('int_cost_drivers_dated') }}
    where cost_group = 'operations'

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

-- What a site's month may be shared over. Minutes count for the ticket that they serve, else for
-- the visit.
activities as (

    select
        ticket_id,
        case when ticket_id is null then visit_id end as visit_id,
        site_id,
        product_family,
        work_kind || '_minutes' as driver,
        minutes as quantity,
        is_warranty,
        work_month_date as driven_month_date
    from work

    union all

    select
        ticket_id,
        cast(null as varchar) as visit_id,
        site_id,
        product_family,
        'tickets_raised' as driver,
        1 as quantity,
        is_warranty,
        {{ local_month('created_at') }} as driven_month_date
    from tickets

    union all

    select
        tickets.ticket_id,
        cast(null as varchar) as visit_id,
        tickets.site_id,
        tickets.product_family,
        'tickets_finished' as driver,
        1 as quantity,
        tickets.is_warranty,
        {{ local_month(
            "coalesce(case milestones.exit_kind when 'resolved' then milestones.resolved_at "
            "else milestones.closed_at end, milestones.created_at)"
        ) }} as driven_month_date
    from tickets
    inner join milestones on tickets.ticket_id = milestones.ticket_id
    where milestones.exit_kind in ('resolved', 'unresolved')

),

weighed as (

    select
        schemes.scheme,
        schemes.step_number,
        activities.ticket_id,
        activities.visit_id,
        activities.site_id,
        min(activities.product_family) as product_family,
        cast(sum(activities.quantity * schemes.weight) as decimal(38, 8)) as weight,
        bool_or(activities.is_warranty) as is_warranty,
        activities.driven_month_date
    from activities
    inner join schemes
        on
            activities.driver = schemes.driver
            and activities.driven_month_date = schemes.cost_month_date
    group by
        schemes.scheme,
        schemes.step_number,
        activities.ticket_id,
        activities.visit_id,
        activities.site_id,
        activities.driven_month_date

),

first_steps as (

    select
        scheme,
        site_id,
        driven_month_date,
        min(step_number) as step_number
    from weighed
    group by scheme, site_id, driven_month_date

),

shares as (

    select
        weighed.*,
        sum(weighed.weight) over (
            partition by weighed.scheme, weighed.site_id, weighed.driven_month_date
            order by weighed.ticket_id, weighed.visit_id
            rows between unbounded preceding and current row
        ) as running_weight,
        sum(weighed.weight) over (
            partition by weighed.scheme, weighed.site_id, weighed.driven_month_date
        ) as total_weight
    from weighed
    inner join first_steps
        on
            weighed.scheme = first_steps.scheme
            and weighed.site_id = first_steps.site_id
            and weighed.driven_month_date = first_steps.driven_month_date
            and weighed.step_number = first_steps.step_number

)

select
    ledger_components.source,
    shares.ticket_id,
    shares.visit_id,
    ledger_components.site_id,
    coalesce(tickets.product_family, shares.product_family, 'unknown') as product_family,
    ledger_components.component,
    case
        when shares.site_id is null then 'unallocated'
        when coalesce(shares.ticket_id, shares.visit_id) is null then 'call_without_ticket'
        else 'driver'
    end as allocation,
    case
        when shares.site_id is null then ledger_components.amount
        else
            {{ share_out(
                'ledger_components.amount',
                'shares.weight',
                'shares.running_weight',
                'shares.total_weight'
            ) }}
    end as amount,
    coalesce(tickets.is_warranty, shares.is_warranty) as is_warranty,
    ledger_components.cost_month_date
from ledger_components
left join component_schemes
    on
        ledger_components.component = component_schemes.component
        and ledger_components.cost_month_date = component_schemes.cost_month_date
left join shares
    on
        ledger_components.site_id = shares.site_id
        and ledger_components.cost_month_date = shares.driven_month_date
        and component_schemes.scheme = shares.scheme
left join tickets on shares.ticket_id = tickets.ticket_id
