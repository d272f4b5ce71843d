with recursive merged_tickets as (

    select
        tickets.ticket_id,
        tickets.merged_into_ticket_id
    from {{ ref('int_tickets_classified') }} as tickets
    inner join {{ ref('int_ticket_milestones') }} as milestones
        on tickets.ticket_id = milestones.ticket_id
    where milestones.exit_kind = 'merged' and tickets.merged_into_ticket_id is not null

),

-- Each step goes to what the target was itself merged into, where it has not been yet, so that a
-- circle ends.
steps as (

    select
        ticket_id,
        merged_into_ticket_id as target_ticket_id,
        [merged_into_ticket_id] as target_ticket_ids
    from merged_tickets

    union all

    select
        steps.ticket_id,
        merged_tickets.merged_into_ticket_id as target_ticket_id,
        steps.target_ticket_ids || [merged_tickets.merged_into_ticket_id] as target_ticket_ids
    from steps
    inner join merged_tickets on steps.target_ticket_id = merged_tickets.ticket_id
    where not list_contains(steps.target_ticket_ids, merged_tickets.merged_into_ticket_id)

)

-- The end of the chain is the target that was not merged any further; a circle has none.
select
    steps.ticket_id,
    max(case when merged_tickets.ticket_id is null then steps.target_ticket_id end)
        as final_ticket_id,
    count(case when merged_tickets.ticket_id is null then 1 end) = 0 as is_circle
from steps
left join merged_tickets on steps.target_ticket_id = merged_tickets.ticket_id
group by steps.ticket_id
