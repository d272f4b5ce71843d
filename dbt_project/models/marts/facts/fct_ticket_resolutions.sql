with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

followed as (

    select
        *,
        exit_kind not in ('merged', 'cancelled') as is_judged,
        exit_kind not in ('merged', 'cancelled') and identity_state = 'known' as is_issue_judged
    from {{ ref('int_tickets_followed') }}

),

tickets as (

    select
        ticket_id,
        site_id,
        product_family,
        channel,
        priority
    from {{ ref('int_tickets_classified') }}

)

select
    followed.ticket_id,
    followed.episode_id,
    followed.technician_id,
    tickets.site_id,
    tickets.product_family,
    tickets.channel,
    tickets.priority,
    followed.exit_kind,
    followed.identity_state,
    followed.agent_reply_count,
    followed.reopen_count,
    followed.is_handed_over,
    followed.is_held,
    followed.has_work_order,
    case
        when followed.is_judged and followed.agent_reply_count is not null
            then followed.exit_kind = 'resolved' and followed.agent_reply_count <= 1
    end as is_fcr_touch,
    -- Without events nobody knows who held it, and whether it waited.
    case
        when followed.is_judged and followed.is_from_events
            then
                followed.exit_kind = 'resolved'
                and followed.reopen_count = 0
                and not followed.is_handed_over
                and not followed.is_held
                and not followed.has_work_order
    end as is_fcr_event,
    {%- for days in [1, 3, 7, 14, 30] %}
        case
            when
                followed.is_issue_judged
                and followed.first_resolved_at + interval {{ days }} day <= settings.as_of_at
                then
                    coalesce(
                        followed.next_contact_at
                        > followed.first_resolved_at + interval {{ days }} day,
                        true
                    )
        end as is_fcr_{{ days }}d,
    {%- endfor %}
    {{ local_date('followed.first_resolved_at') }} as first_resolved_date,
    followed.first_resolved_at,
    followed.next_contact_at
from followed
cross join settings
inner join tickets on followed.ticket_id = tickets.ticket_id
