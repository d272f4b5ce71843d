with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

legs as (

    select
        calls.*,
        calls.outcome = 'answered' as is_answered_leg,
        row_number() over (
            partition by calls.call_id
            order by calls.leg_number nulls last, calls.offered_at, calls.call_leg_id
        ) as position_number
    from {{ ref('stg_calls') }} as calls
    where calls.outcome <> 'phantom'

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
            when bool_or(outcome = 'voicemail') then 'voicemail'
            else 'abandoned'
        end as outcome,
        count(*) as leg_count,
        sum(queue_seconds) filter (
            where position_number <= coalesce(answered_position_number, position_number)
        ) as queue_seconds,
        sum(talk_seconds) as talk_seconds,
        sum(hold_seconds) as hold_seconds,
        sum(wrap_seconds) filter (where is_answered_leg) as measured_wrap_seconds,
        -- One leg without a measurement makes the sum of the contact unknown, not smaller.
        count(*) filter (where is_answered_leg and wrap_seconds is null) = 0 as is_wrap_measured,
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
    cast(
        coalesce(
            case
                when contacts.outcome = 'answered'
                    then {{ elapsed_exact_seconds('contacts.offered_at', 'contacts.answered_at') }}
                else {{ elapsed_exact_seconds('contacts.offered_at', 'contacts.ended_at') }}
            end,
            contacts.queue_seconds
        ) as decimal(18, 3)
    ) as wait_seconds,
    cast(contacts.talk_seconds as decimal(18, 3)) as talk_seconds,
    cast(contacts.hold_seconds as decimal(18, 3)) as hold_seconds,
    cast(
        case when contacts.is_wrap_measured then contacts.measured_wrap_seconds end
        as decimal(18, 3)
    ) as wrap_seconds,
    cast(
        case
            when contacts.outcome = 'answered'
                then
                    contacts.talk_seconds
                    + coalesce(contacts.hold_seconds, 0)
                    + coalesce(contacts.measured_wrap_seconds, 0)
        end as decimal(18, 3)
    ) as handle_seconds,
    contacts.outcome = 'answered' as is_answered,
    contacts.offered_at,
    contacts.answered_at,
    contacts.ended_at
from contacts
cross join settings
where contacts.offered_at <= settings.as_of_at
