with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

tickets as (

    select * from {{ ref('int_tickets_classified') }}

),

events as (

    select * from {{ ref('int_ticket_events_seen') }}

),

stages as (

    select * from {{ ref('int_ticket_stages_sequenced') }}

),

calls as (

    select
        contacts.call_id,
        contacts.ticket_id,
        contacts.agent_id,
        contacts.answered_at,
        -- Raised while the agent still wrapped up the call is raised from the call.
        {{ add_seconds('contacts.ended_at', 'coalesce(contacts.wrap_seconds, 0)') }} as done_at
    from {{ ref('int_calls_contacts') }} as contacts
    cross join settings
    where
        contacts.is_answered
        and contacts.ticket_id is not null
        -- Offered before as-of and answered after it has not been answered yet.
        and contacts.answered_at <= settings.as_of_at

),

-- Who did it stands beside when. An empty name is that nobody is known: a later event must not lend
-- its own.
event_milestones as (

    select
        ticket_id,
        min(occurred_at) filter (where is_human_acceptance) as accepted_at,
        min(occurred_at) filter (where is_human_reply) as first_reply_at,
        min(occurred_at) filter (where is_acknowledgement) as first_acknowledgement_at,
        min(occurred_at) filter (where technician_id_in_charge is not null) as first_named_at,
        min(occurred_at) filter (where event_kind = 'service_started') as service_started_at,
        max(occurred_at) filter (where event_kind = 'followed_up' and is_by_person)
            as last_followed_up_at,
        count(*) filter (where is_human_reply) as human_reply_count,
        bool_or(is_reply) as tells_replies,
        min_by(coalesce(technician_id_in_charge, ''), position_number)
        filter (where is_human_acceptance) as accepted_by_id,
        -- Whoever wrote it answered, whoever is in charge.
        min_by(coalesce(author_person_id, technician_id_in_charge, ''), position_number)
        filter (where is_human_reply) as first_replier_id,
        min_by(coalesce(technician_id_in_charge, ''), position_number)
        filter (where event_kind = 'service_started') as service_started_by_id
    from events
    group by ticket_id

),

-- A call answered after the ticket was raised answers it; a ticket raised during a call was
-- answered as it was raised.
answering_calls as (

    select
        calls.ticket_id,
        calls.agent_id,
        greatest(calls.answered_at, tickets.created_at) as response_at,
        row_number() over (
            partition by calls.ticket_id
            order by calls.answered_at, calls.call_id
        ) as answer_number
    from calls
    inner join tickets on calls.ticket_id = tickets.ticket_id
    where calls.answered_at >= tickets.created_at or calls.done_at >= tickets.created_at

),

call_responses as (

    select
        ticket_id,
        agent_id,
        response_at as first_call_answered_at
    from answering_calls
    where answer_number = 1

),

-- A log of machines' replies only says nothing of people's.
reply_logs as (

    select
        tickets.source,
        bool_or(event_milestones.first_reply_at is not null) as tells_human_replies
    from tickets
    inner join event_milestones on tickets.ticket_id = event_milestones.ticket_id
    group by tickets.source

),

stage_milestones as (

    select
        ticket_id,
        bool_or(is_from_events) as is_from_events,
        max(case when is_last then stage end) as last_stage,
        max(case when is_last then previous_stage end) as stage_before_last,
        min(entered_at) filter (where is_resolution) as first_resolved_at,
        max(entered_at) filter (where is_resolution) as last_resolved_at,
        max(entered_at) filter (where stage in ('closed', 'cancelled', 'merged', 'unresolved'))
            as last_exit_at,
        count(*) filter (where is_reopening) as reopening_count,
        min_by(coalesce(technician_id, ''), stage_number)
        filter (where is_resolution) as first_resolver_id,
        max_by(coalesce(technician_id, ''), stage_number)
        filter (where is_resolution) as resolver_id
    from stages
    group by ticket_id

),

-- The first call-back about the resolution that stands; an earlier one asked about another.
follow_ups as (

    select
        events.ticket_id,
        min(events.occurred_at) as followed_up_at
    from events
    inner join stage_milestones
        on
            events.ticket_id = stage_milestones.ticket_id
            and events.occurred_at >= stage_milestones.last_resolved_at
    -- A machine that asks how it went has not followed up.
    where events.event_kind = 'followed_up' and events.is_by_person
    group by events.ticket_id

),

gathered as (

    select
        tickets.*,
        coalesce(event_milestones.accepted_at, tickets.accepted_delivered_at) as accepted_at,
        -- Where a log that knows people's replies has only a machine's or a hidden one, the row's
        -- first response is that one.
        case
            when event_milestones.tells_replies and reply_logs.tells_human_replies
                then event_milestones.first_reply_at
            else tickets.first_response_delivered_at
        end as first_written_at,
        call_responses.first_call_answered_at,
        call_responses.agent_id as call_agent_id,
        event_milestones.first_acknowledgement_at,
        event_milestones.first_named_at,
        coalesce(event_milestones.service_started_at, tickets.service_started_delivered_at)
            as service_started_at,
        coalesce(
            follow_ups.followed_up_at,
            event_milestones.last_followed_up_at,
            tickets.followed_up_delivered_at
        ) as followed_up_at,
        case
            when event_milestones.tells_replies then event_milestones.human_reply_count
            else tickets.agent_reply_count_delivered
        end as agent_reply_count,
        case
            when stage_milestones.is_from_events then stage_milestones.last_stage
            else tickets.status_delivered
        end as status,
        stage_milestones.is_from_events,
        stage_milestones.stage_before_last,
        stage_milestones.first_resolved_at as first_resolution_stage_at,
        stage_milestones.last_resolved_at as last_resolution_stage_at,
        stage_milestones.last_exit_at,
        stage_milestones.reopening_count,
        -- Without an event the row's person is the only one known.
        case
            when event_milestones.accepted_at is not null
                then nullif(event_milestones.accepted_by_id, '')
            when tickets.accepted_delivered_at is not null then tickets.technician_id
        end as accepted_by_id,
        case
            when event_milestones.tells_replies and reply_logs.tells_human_replies
                then nullif(event_milestones.first_replier_id, '')
            else tickets.technician_id
        end as first_writer_id,
        case
            when event_milestones.service_started_at is not null
                then nullif(event_milestones.service_started_by_id, '')
            when tickets.service_started_delivered_at is not null then tickets.technician_id
        end as service_started_by_id,
        nullif(stage_milestones.first_resolver_id, '') as first_resolver_id,
        nullif(stage_milestones.resolver_id, '') as resolver_id
    from tickets
    inner join stage_milestones on tickets.ticket_id = stage_milestones.ticket_id
    left join event_milestones on tickets.ticket_id = event_milestones.ticket_id
    left join call_responses on tickets.ticket_id = call_responses.ticket_id
    left join follow_ups on tickets.ticket_id = follow_ups.ticket_id
    left join reply_logs on tickets.source = reply_logs.source

),

exited as (

    select
        *,
        least(first_written_at, first_call_answered_at) as first_response_at,
        case
            when
                status in ('resolved', 'closed', 'cancelled', 'merged')
                and merged_into_ticket_id is not null
                then 'merged'
            -- Closing what was cancelled, merged or given up is not a resolution.
            when status = 'closed' and stage_before_last in ('cancelled', 'merged', 'unresolved')
                then stage_before_last
            when status in ('resolved', 'closed') then 'resolved'
            when status in ('cancelled', 'merged', 'unresolved') then status
            else 'open'
        end as exit_kind
    from gathered

),

-- A source that never tells a first response has no tickets that lack one.
sources as (

    select
        source,
        bool_or(first_response_at is not null) as tells_first_responses
    from exited
    group by source

)

select
    exited.ticket_id,
    exited.status,
    exited.exit_kind,
    cast(
        case
            when exited.is_from_events then exited.reopening_count
            else greatest(coalesce(exited.reopen_count_delivered, 0), exited.reopening_count)
        end as bigint
    ) as reopen_count,
    cast(exited.agent_reply_count as bigint) as agent_reply_count,
    exited.is_from_events,
    sources.tells_first_responses,
    exited.created_at,
    exited.accepted_at,
    -- In the hands of a person: named as in charge, or known to have accepted it.
    least(exited.first_named_at, exited.accepted_at) as assigned_at,
    exited.first_response_at,
    least(exited.first_acknowledgement_at, exited.first_response_at) as acknowledged_at,
    exited.service_started_at,
    case
        when exited.is_from_events then exited.first_resolution_stage_at
        -- The row keeps its last resolution only; with a reopening the first one is not known.
        when
            exited.exit_kind in ('resolved', 'open')
            and coalesce(exited.reopen_count_delivered, 0) = 0
            then coalesce(exited.resolved_delivered_at, exited.first_resolution_stage_at)
    end as first_resolved_at,
    case
        when exited.is_from_events then exited.last_resolution_stage_at
        when exited.exit_kind in ('resolved', 'open')
            then coalesce(exited.resolved_delivered_at, exited.last_resolution_stage_at)
    end as resolved_at,
    case
        when
            exited.status not in ('closed', 'cancelled', 'merged', 'unresolved')
            then cast(null as timestamp)
        when exited.is_from_events then exited.last_exit_at
        else exited.closed_delivered_at
    end as closed_at,
    exited.followed_up_at,
    exited.accepted_by_id,
    case
        when
            exited.first_call_answered_at <= coalesce(
                exited.first_written_at, exited.first_call_answered_at
            )
            then exited.call_agent_id
        when exited.first_written_at is not null then exited.first_writer_id
    end as first_responder_id,
    exited.service_started_by_id,
    exited.first_resolver_id,
    case when exited.exit_kind = 'resolved' then exited.resolver_id end as resolver_id
from exited
inner join sources on exited.source = sources.source
