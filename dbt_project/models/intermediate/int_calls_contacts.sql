with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

-- What a source never tells is not missing from one call: a centre that measures no wrap at all, or
-- delivers no second leg of any call, says nothing about them.
sources as (

    select
        calls.source,
        coalesce(bool_or(calls.wrap_seconds >= 0), false) as tells_wraps,
        count(*) > count(distinct calls.call_id) as tells_legs
    from {{ ref('stg_calls') }} as calls
    cross join settings
    where calls.offered_at <= settings.as_of_at
    group by calls.source

),

-- The legs as they stood at as-of. A negative duration is a fault of a clock: unknown, never 0.
legs as (

    select
        calls.call_id,
        calls.source,
        calls.direction,
        calls.queue,
        calls.call_kind,
        calls.customer_id,
        calls.ticket_id,
        calls.agent_id,
        calls.outcome = 'answered' and coalesce(calls.answered_at <= settings.as_of_at, true)
            as is_answered_leg,
        calls.outcome = 'voicemail' as is_voicemail_leg,
        case when calls.queue_seconds >= 0 then calls.queue_seconds end as queue_seconds,
        case when calls.ivr_seconds >= 0 then calls.ivr_seconds end as ivr_seconds,
        case when calls.talk_seconds >= 0 then calls.talk_seconds end as talk_seconds,
        case when calls.hold_seconds >= 0 then calls.hold_seconds end as hold_seconds,
        case when calls.wrap_seconds >= 0 then calls.wrap_seconds end as wrap_seconds,
        coalesce(calls.ended_at <= settings.as_of_at, true)
        and coalesce(calls.answered_at <= settings.as_of_at, true) as is_over,
        row_number() over (
            partition by calls.call_id
            order by calls.leg_number nulls last, calls.offered_at, calls.call_leg_id
        ) as position_number,
        calls.offered_at,
        {{ known_by('calls.answered_at', 'settings.as_of_at') }} as answered_at,
        {{ known_by('calls.ended_at', 'settings.as_of_at') }} as ended_at
    from {{ ref('stg_calls') }} as calls
    cross join settings
    where calls.outcome <> 'phantom' and calls.offered_at <= settings.as_of_at

),

ordered_legs as (

    select
        *,
        min(case when is_answered_leg then position_number end)
            over (partition by call_id) as answered_position_number
    from legs

),

contacts as (

    select
        call_id,
        max(case when position_number = 1 then source end) as source,
        max(case when position_number = 1 then direction end) as direction,
        max(case when position_number = 1 then queue end) as queue,
        max(case when position_number = 1 then call_kind end) as call_kind,
        min_by(customer_id, position_number) filter (where customer_id is not null) as customer_id,
        min_by(ticket_id, position_number) filter (where ticket_id is not null) as ticket_id,
        max(case when position_number = answered_position_number then agent_id end) as agent_id,
        case
            when bool_or(is_answered_leg) then 'answered'
            when not bool_and(is_over) then 'in_progress'
            when bool_or(is_voicemail_leg) then 'voicemail'
            else 'abandoned'
        end as outcome,
        bool_and(is_over) as is_over,
        count(*) as leg_count,
        count(*) filter (where position_number > answered_position_number) as transfer_count,
        sum(queue_seconds) filter (
            where position_number <= coalesce(answered_position_number, position_number)
        ) as queue_seconds,
        count(*) filter (
            where
            position_number <= coalesce(answered_position_number, position_number)
            and queue_seconds is null
        ) = 0 as is_queue_measured,
        max(case when position_number = 1 then ivr_seconds end) as ivr_seconds,
        -- Only who answered handles: a recorded message is nobody's talk. One leg without a
        -- measurement makes the sum of the contact unknown, not smaller.
        sum(talk_seconds) filter (where is_answered_leg) as talk_seconds,
        count(*) filter (where is_answered_leg and (talk_seconds is null or not is_over)) = 0
            as is_talk_measured,
        sum(hold_seconds) filter (where is_answered_leg) as hold_seconds,
        sum(wrap_seconds) filter (where is_answered_leg) as wrap_seconds,
        count(*) filter (where is_answered_leg and (wrap_seconds is null or not is_over)) = 0
            as is_wrap_measured,
        min(offered_at) as offered_at,
        max(case when position_number = answered_position_number then answered_at end)
            as answered_at,
        max(ended_at) as ended_at
    from ordered_legs
    group by call_id

)

select
    contacts.call_id,
    contacts.source,
    contacts.direction,
    contacts.queue,
    contacts.call_kind,
    contacts.customer_id,
    contacts.ticket_id,
    contacts.agent_id,
    contacts.outcome,
    cast(contacts.leg_count as bigint) as leg_count,
    case
        when contacts.outcome = 'answered' and sources.tells_legs
            then cast(contacts.transfer_count as bigint)
    end as transfer_count,
    cast(contacts.ivr_seconds as decimal(18, 3)) as ivr_seconds,
    cast(
        coalesce(
            case
                when contacts.outcome = 'answered'
                    then {{ elapsed_exact_seconds('contacts.offered_at', 'contacts.answered_at') }}
                when contacts.is_over
                    then {{ elapsed_exact_seconds('contacts.offered_at', 'contacts.ended_at') }}
            end,
            case
                when contacts.is_queue_measured and contacts.outcome <> 'in_progress'
                    then contacts.queue_seconds
            end
        ) as decimal(18, 3)
    ) as wait_seconds,
    cast(case when contacts.is_talk_measured then contacts.talk_seconds end as decimal(18, 3))
        as talk_seconds,
    cast(case when contacts.is_over then contacts.hold_seconds end as decimal(18, 3))
        as hold_seconds,
    cast(case when contacts.is_wrap_measured then contacts.wrap_seconds end as decimal(18, 3))
        as wrap_seconds,
    -- Where a source tells wraps, a contact without its wrap has no handling time: a missing wrap
    -- is not 0. Where it tells none, handling is talk and hold. Time on hold that is not told apart
    -- is talk.
    cast(
        case
            when
                contacts.is_talk_measured
                and (contacts.is_wrap_measured or not sources.tells_wraps)
                then
                    contacts.talk_seconds
                    + coalesce(contacts.hold_seconds, 0)
                    + coalesce(contacts.wrap_seconds, 0)
        end as decimal(18, 3)
    ) as handle_seconds,
    contacts.outcome = 'answered' as is_answered,
    contacts.is_over,
    contacts.offered_at,
    contacts.answered_at,
    contacts.ended_at
from contacts
left join sources on contacts.source = sources.source
