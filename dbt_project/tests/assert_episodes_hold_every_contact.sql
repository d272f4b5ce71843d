-- Contacts in = contacts out: every ticket, inbound call and reopening, every own call about a
-- ticket and every visit to a fault is in one episode, and what the episodes count is what their
-- contacts are.
with expected as (

    select
        'ticket' as contact_kind,
        count(*) as contact_count
    from {{ ref('fct_tickets') }}

    union all

    select
        'reopening' as contact_kind,
        count(*) as contact_count
    from {{ ref('int_ticket_stages_sequenced') }}
    where is_reopening

    union all

    select
        'call' as contact_kind,
        count(*) as contact_count
    from {{ ref('fct_calls') }}
    where direction = 'inbound'

    union all

    select
        'own_call' as contact_kind,
        count(*) as contact_count
    from {{ ref('fct_calls') }} as calls
    inner join {{ ref('fct_tickets') }} as tickets on calls.ticket_id = tickets.ticket_id
    where calls.direction <> 'inbound'

    union all

    select
        'visit' as contact_kind,
        count(*) as contact_count
    from {{ ref('fct_visits') }}
    where visit_kind not in ('preventive', 'installation') and outcome <> 'cancelled'

),

episodes as (

    select
        sum(ticket_count) as ticket_count,
        sum(reopening_count) as reopening_count,
        sum(call_count) as call_count,
        sum(own_call_count) as own_call_count,
        sum(visit_count) as visit_count
    from {{ ref('fct_episodes') }}

),

counted as (

    select
        expected.contact_kind,
        expected.contact_count,
        coalesce(
            case expected.contact_kind
                when 'ticket' then episodes.ticket_count
                when 'reopening' then episodes.reopening_count
                when 'call' then episodes.call_count
                when 'own_call' then episodes.own_call_count
                when 'visit' then episodes.visit_count
            end, 0
        ) as episode_contact_count
    from expected
    cross join episodes

)

select
    contact_kind,
    contact_count,
    episode_contact_count
from counted
where contact_count <> episode_contact_count

union all

-- Repeats of an episode are those of its contacts.
select
    episodes.episode_id as contact_kind,
    episodes.repeat_count as contact_count,
    count(*) filter (where contacts.is_repeat) as episode_contact_count
from {{ ref('fct_episodes') }} as episodes
inner join {{ ref('fct_episode_contacts') }} as contacts
    on episodes.episode_id = contacts.episode_id
group by episodes.episode_id, episodes.repeat_count
having episodes.repeat_count <> count(*) filter (where contacts.is_repeat)
