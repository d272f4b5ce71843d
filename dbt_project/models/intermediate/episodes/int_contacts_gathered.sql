with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

stages as (

    select * from {{ ref('int_ticket_stages_sequenced') }}
    where is_reopening

),

tickets as (

    select
        tickets.ticket_id,
        tickets.customer_id,
        tickets.asset_id,
        tickets.issue_family,
        -- Who was in charge when it was first resolved, not who holds it now.
        coalesce(milestones.first_resolver_id, tickets.technician_id) as technician_id,
        tickets.site_id,
        tickets.product_family,
        tickets.channel,
        tickets.priority,
        tickets.merged_into_ticket_id,
        tickets.created_at,
        -- A closing days after the resolution says nothing about the issue; an open one lasts.
        greatest(
            tickets.created_at,
            case milestones.exit_kind
                when 'open' then settings.as_of_at
                when 'resolved' then coalesce(milestones.resolved_at, milestones.closed_at)
                else milestones.closed_at
            end
        ) as ended_at
    from {{ ref('int_tickets_classified') }} as tickets
    cross join settings
    inner join {{ ref('int_ticket_milestones') }} as milestones
        on tickets.ticket_id = milestones.ticket_id

),

merge_targets as (

    select ticket_id from tickets

),

reopenings as (

    select
        ticket_id,
        stage_number,
        technician_id,
        entered_at
    from stages

),

calls as (

    select * from {{ ref('int_calls_contacts') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('stg_technicians') }}

),

-- Maintenance and installations are no part of a fault's story; a cancelled visit was none.
visits as (

    select
        *,
        coalesce(arrived_at, completed_at, requested_at) as visited_at,
        row_number() over (
            partition by job_id
            order by coalesce(arrived_at, completed_at, requested_at), visit_id
        ) as job_position_number,
        first_value(visit_id) over (
            partition by job_id
            order by coalesce(arrived_at, completed_at, requested_at), visit_id
            rows between unbounded preceding and current row
        ) as first_visit_id
    from {{ ref('int_visits_classified') }}
    where visit_kind not in ('preventive', 'installation') and outcome <> 'cancelled'

)

select
    'ticket ' || tickets.ticket_id as contact_id,
    'ticket' as contact_kind,
    tickets.ticket_id,
    cast(null as varchar) as call_id,
    cast(null as varchar) as visit_id,
    tickets.customer_id,
    tickets.asset_id,
    tickets.issue_family,
    tickets.technician_id,
    tickets.site_id,
    tickets.product_family,
    tickets.channel,
    tickets.priority,
    case when merge_targets.ticket_id is not null then 'merged_into' end as named_rule,
    'ticket ' || merge_targets.ticket_id as named_contact_id,
    cast(null as decimal(18, 4)) as effort_minutes,
    true as is_from_customer,
    false as is_given_up,
    tickets.created_at as contact_at,
    tickets.ended_at
from tickets
left join merge_targets
    on
        tickets.merged_into_ticket_id = merge_targets.ticket_id
        and tickets.ticket_id <> merge_targets.ticket_id

union all

select
    'reopening ' || reopenings.ticket_id || ' ' || reopenings.stage_number as contact_id,
    'reopening' as contact_kind,
    tickets.ticket_id,
    cast(null as varchar) as call_id,
    cast(null as varchar) as visit_id,
    tickets.customer_id,
    tickets.asset_id,
    tickets.issue_family,
    reopenings.technician_id,
    tickets.site_id,
    tickets.product_family,
    tickets.channel,
    tickets.priority,
    'reopened' as named_rule,
    'ticket ' || tickets.ticket_id as named_contact_id,
    cast(null as decimal(18, 4)) as effort_minutes,
    true as is_from_customer,
    false as is_given_up,
    reopenings.entered_at as contact_at,
    reopenings.entered_at as ended_at
from reopenings
inner join tickets on reopenings.ticket_id = tickets.ticket_id

union all

-- Our own calls belong to the ticket that they name, and say nothing about an issue by themselves.
select
    'call ' || calls.call_id as contact_id,
    case when calls.direction = 'inbound' then 'call' else 'own_call' end as contact_kind,
    tickets.ticket_id,
    calls.call_id,
    cast(null as varchar) as visit_id,
    coalesce(tickets.customer_id, calls.customer_id) as customer_id,
    tickets.asset_id,
    tickets.issue_family,
    calls.agent_id as technician_id,
    coalesce(technicians.site_id, 'unknown') as site_id,
    coalesce(tickets.product_family, 'unknown') as product_family,
    'phone' as channel,
    coalesce(tickets.priority, 'unknown') as priority,
    case
        when tickets.ticket_id is null then cast(null as varchar)
        when calls.direction = 'inbound' then 'call_about_ticket'
        else 'own_call_about_ticket'
    end as named_rule,
    'ticket ' || tickets.ticket_id as named_contact_id,
    cast(calls.handle_seconds / 60 as decimal(18, 4)) as effort_minutes,
    calls.direction = 'inbound' as is_from_customer,
    calls.outcome = 'abandoned' as is_given_up,
    calls.offered_at as contact_at,
    greatest(calls.offered_at, calls.ended_at) as ended_at
from calls
left join tickets on calls.ticket_id = tickets.ticket_id
left join technicians on calls.agent_id = technicians.technician_id
where calls.direction = 'inbound' or tickets.ticket_id is not null

union all

-- A job without a ticket was asked for by the customer, once.
select
    'visit ' || visits.visit_id as contact_id,
    'visit' as contact_kind,
    tickets.ticket_id,
    cast(null as varchar) as call_id,
    visits.visit_id,
    coalesce(tickets.customer_id, visits.customer_id) as customer_id,
    case when tickets.ticket_id is not null then tickets.asset_id else visits.asset_id end
        as asset_id,
    case when tickets.ticket_id is not null then tickets.issue_family else visits.issue_family end
        as issue_family,
    visits.technician_id,
    visits.site_id,
    visits.product_family,
    'unknown' as channel,
    coalesce(tickets.priority, 'unknown') as priority,
    case
        when tickets.ticket_id is not null then 'visit_of_ticket'
        when visits.job_position_number > 1 then 'visit_of_work_order'
    end as named_rule,
    case
        when tickets.ticket_id is not null then 'ticket ' || tickets.ticket_id
        when visits.job_position_number > 1 then 'visit ' || visits.first_visit_id
    end as named_contact_id,
    visits.labor_minutes as effort_minutes,
    tickets.ticket_id is null and visits.job_position_number = 1 as is_from_customer,
    false as is_given_up,
    case when tickets.ticket_id is null then visits.requested_at else visits.visited_at end
        as contact_at,
    greatest(
        case when tickets.ticket_id is null then visits.requested_at else visits.visited_at end,
        visits.completed_at
    ) as ended_at
from visits
left join tickets on visits.ticket_id = tickets.ticket_id
