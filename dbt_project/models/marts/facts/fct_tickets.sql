with tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

milestones as (

    select * from {{ ref('int_ticket_milestones') }}

),

business_times as (

    select * from {{ ref('int_ticket_business_times') }}

),

times as (

    select * from {{ ref('int_tickets_timed') }}

),

delay_reason_groups as (

    select
        delay_reason,
        reason_group
    from {{ ref('stg_delay_reason_groups') }}

)

select
    tickets.ticket_id,
    tickets.source,
    tickets.customer_id,
    tickets.asset_id,
    tickets.product_id,
    tickets.product_family,
    tickets.site_id,
    tickets.technician_id,
    milestones.accepted_by_id,
    milestones.first_responder_id,
    milestones.service_started_by_id,
    milestones.first_resolver_id,
    milestones.resolver_id,
    business_times.calendar_id,
    tickets.channel,
    tickets.priority,
    tickets.issue_family,
    tickets.service_mode,
    tickets.complexity,
    tickets.delay_reason,
    case
        when tickets.delay_reason is not null
            then coalesce(delay_reason_groups.reason_group, 'other')
    end as delay_reason_group,
    tickets.unresolved_reason,
    times.merged_into_ticket_id,
    milestones.status,
    milestones.exit_kind,
    case
        when milestones.exit_kind = 'merged' then 'not_applicable'
        when milestones.first_response_at < milestones.created_at then 'fault'
        when milestones.first_response_at is not null then 'answered'
        when milestones.exit_kind = 'cancelled' then 'not_applicable'
        when milestones.exit_kind = 'open' and milestones.tells_first_responses then 'waiting'
        else 'none_recorded'
    end as first_response_state,
    milestones.reopen_count,
    milestones.agent_reply_count,
    times.handover_count,
    times.site_change_count,
    tickets.fee_amount,
    tickets.is_warranty,
    milestones.exit_kind = 'resolved' as is_resolved,
    milestones.reopen_count > 0 as is_reopened,
    times.is_merge_circle,
    least(
        milestones.accepted_at,
        milestones.assigned_at,
        milestones.acknowledged_at,
        milestones.first_response_at,
        milestones.service_started_at,
        milestones.first_resolved_at,
        milestones.resolved_at,
        milestones.closed_at,
        milestones.created_at
    ) < milestones.created_at as is_time_fault,
    {{ elapsed_seconds('milestones.created_at', 'milestones.accepted_at') }} as acceptance_seconds,
    {{ elapsed_seconds('milestones.created_at', 'milestones.assigned_at') }} as assignment_seconds,
    {{ elapsed_seconds('milestones.created_at', 'milestones.acknowledged_at') }}
        as acknowledgement_seconds,
    {{ elapsed_seconds('milestones.created_at', 'milestones.first_response_at') }}
        as first_response_seconds,
    {{ elapsed_seconds('milestones.created_at', 'milestones.service_started_at') }}
        as work_start_seconds,
    {{ elapsed_seconds('milestones.created_at', 'milestones.first_resolved_at') }}
        as first_resolution_seconds,
    case
        when milestones.exit_kind = 'resolved'
            then {{ elapsed_seconds('milestones.created_at', 'milestones.resolved_at') }}
    end as full_resolution_seconds,
    case
        when milestones.exit_kind = 'resolved'
            then {{ elapsed_seconds('milestones.service_started_at', 'milestones.resolved_at') }}
    end as handling_seconds,
    business_times.acceptance_business_seconds,
    business_times.first_response_business_seconds,
    business_times.full_resolution_business_seconds,
    case
        when milestones.exit_kind = 'resolved'
            then {{ elapsed_seconds('milestones.resolved_at', 'milestones.followed_up_at') }}
    end as follow_up_seconds,
    times.with_us_seconds,
    times.waiting_customer_seconds,
    times.waiting_parts_seconds,
    times.on_hold_seconds,
    times.after_resolution_seconds,
    times.life_seconds,
    {{ local_date('milestones.created_at') }} as created_date,
    {{ local_date('milestones.first_resolved_at') }} as first_resolved_date,
    case
        when milestones.exit_kind = 'resolved' then {{ local_date('milestones.resolved_at') }}
    end as resolved_date,
    milestones.created_at,
    milestones.accepted_at,
    milestones.assigned_at,
    milestones.acknowledged_at,
    milestones.first_response_at,
    milestones.service_started_at,
    milestones.first_resolved_at,
    milestones.resolved_at,
    milestones.closed_at,
    milestones.followed_up_at
from tickets
inner join milestones on tickets.ticket_id = milestones.ticket_id
left join business_times on tickets.ticket_id = business_times.ticket_id
left join times on tickets.ticket_id = times.ticket_id
left join delay_reason_groups on tickets.delay_reason = delay_reason_groups.delay_reason
