with tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

milestones as (

    select * from {{ ref('int_ticket_milestones') }}

),

visits as (

    select * from {{ ref('int_visits_classified') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

)

select
    'first_response' as metric,
    tickets.ticket_id as subject_id,
    tickets.ticket_id,
    tickets.customer_id,
    tickets.source,
    tickets.product_family,
    tickets.site_id,
    coalesce(milestones.first_responder_id, tickets.technician_id) as technician_id,
    tickets.channel,
    tickets.priority,
    tickets.source_first_response_sla as source_outcome,
    milestones.exit_kind in ('merged', 'cancelled') as is_withdrawn,
    milestones.exit_kind <> 'open' as is_over,
    milestones.tells_first_responses as is_measured,
    tickets.created_at as start_at,
    tickets.first_response_due_at as delivered_due_at,
    milestones.first_response_at as reached_at
from tickets
inner join milestones on tickets.ticket_id = milestones.ticket_id

union all

select
    'resolution' as metric,
    tickets.ticket_id as subject_id,
    tickets.ticket_id,
    tickets.customer_id,
    tickets.source,
    tickets.product_family,
    tickets.site_id,
    coalesce(milestones.resolver_id, tickets.technician_id) as technician_id,
    tickets.channel,
    tickets.priority,
    tickets.source_resolution_sla as source_outcome,
    milestones.exit_kind in ('merged', 'cancelled') as is_withdrawn,
    milestones.exit_kind <> 'open' as is_over,
    -- Resolved at a time that nobody recorded.
    milestones.exit_kind <> 'resolved' or milestones.resolved_at is not null as is_measured,
    tickets.created_at as start_at,
    tickets.resolution_due_at as delivered_due_at,
    case when milestones.exit_kind = 'resolved' then milestones.resolved_at end as reached_at
from tickets
inner join milestones on tickets.ticket_id = milestones.ticket_id

union all

select
    'visit_arrival' as metric,
    visits.visit_id as subject_id,
    visits.ticket_id,
    visits.customer_id,
    visits.source,
    visits.product_family,
    visits.site_id,
    visits.technician_id,
    coalesce(tickets.channel, 'unknown') as channel,
    coalesce(tickets.priority, 'unknown') as priority,
    cast(null as varchar) as source_outcome,
    -- A customer who was not at home took the promise back.
    visits.outcome in ('cancelled', 'no_show') as is_withdrawn,
    visits.outcome <> 'open' as is_over,
    visits.outcome = 'open' or visits.arrived_at is not null as is_measured,
    visits.requested_at as start_at,
    visits.promised_at as delivered_due_at,
    visits.arrived_at as reached_at
from visits
left join tickets on visits.ticket_id = tickets.ticket_id

union all

select
    'parts_arrival' as metric,
    part_lines.part_line_id as subject_id,
    part_lines.ticket_id,
    tickets.customer_id,
    part_lines.source,
    part_lines.product_family,
    part_lines.site_id,
    part_lines.technician_id,
    coalesce(tickets.channel, 'unknown') as channel,
    coalesce(tickets.priority, 'unknown') as priority,
    cast(null as varchar) as source_outcome,
    -- Sent back before it came.
    part_lines.delivered_at is null and part_lines.returned_at is not null as is_withdrawn,
    coalesce(part_lines.delivered_at, part_lines.used_at, part_lines.returned_at) is not null
        as is_over,
    part_lines.delivered_at is not null or part_lines.used_at is null as is_measured,
    part_lines.requested_at as start_at,
    part_lines.promised_at as delivered_due_at,
    part_lines.delivered_at as reached_at
from part_lines
left join tickets on part_lines.ticket_id = tickets.ticket_id
