with milestones as (

    select
        ticket_id,
        exit_kind
    from {{ ref('int_ticket_milestones') }}

),

merges as (

    select * from {{ ref('int_ticket_merges_followed') }}

),

stage_sums as (

    select
        ticket_id,
        min(entered_at) as first_entered_at,
        -- One stage of unknown end makes the life unknown, not shorter.
        bool_and(life_seconds is not null) as is_timed,
        sum(life_seconds) as life_seconds,
        coalesce(sum(life_seconds) filter (where waits_for = 'us'), 0) as with_us_seconds,
        coalesce(sum(life_seconds) filter (where waits_for = 'customer'), 0)
            as waiting_customer_seconds,
        coalesce(sum(life_seconds) filter (where waits_for = 'parts'), 0) as waiting_parts_seconds,
        coalesce(sum(life_seconds) filter (where waits_for = 'hold'), 0) as on_hold_seconds,
        coalesce(sum(life_seconds) filter (where waits_for = 'nobody'), 0)
            as after_resolution_seconds
    from {{ ref('int_ticket_stages_timed') }}
    group by ticket_id

),

-- Stages that begin before the ticket was raised are a fault, and are not split.
splits as (

    select stage_sums.*
    from stage_sums
    inner join {{ ref('int_tickets_classified') }} as tickets
        on stage_sums.ticket_id = tickets.ticket_id
    where stage_sums.is_timed and stage_sums.first_entered_at >= tickets.created_at

),

handovers as (

    select
        ticket_id,
        count(*) filter (where is_person_change or is_site_change) as handover_count,
        count(*) filter (where is_site_change) as site_change_count
    from {{ ref('int_ticket_events_seen') }}
    group by ticket_id

)

select
    milestones.ticket_id,
    merges.final_ticket_id as merged_into_ticket_id,
    cast(handovers.handover_count as bigint) as handover_count,
    cast(handovers.site_change_count as bigint) as site_change_count,
    case when milestones.exit_kind = 'merged' then coalesce(merges.is_circle, false) end
        as is_merge_circle,
    cast(splits.with_us_seconds as bigint) as with_us_seconds,
    cast(splits.waiting_customer_seconds as bigint) as waiting_customer_seconds,
    cast(splits.waiting_parts_seconds as bigint) as waiting_parts_seconds,
    cast(splits.on_hold_seconds as bigint) as on_hold_seconds,
    cast(splits.after_resolution_seconds as bigint) as after_resolution_seconds,
    cast(splits.life_seconds as bigint) as life_seconds
from milestones
left join merges on milestones.ticket_id = merges.ticket_id
left join splits on milestones.ticket_id = splits.ticket_id
left join handovers on milestones.ticket_id = handovers.ticket_id
