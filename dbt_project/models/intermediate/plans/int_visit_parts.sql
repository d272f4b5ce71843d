with visits as (

    select * from {{ ref('int_corrective_visits') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}
    where part_id is not null

),

-- What was asked for on the day of a lost visit and came after it; a source may name the visit that
-- used it.
missing as (

    select
        visits.visit_id,
        part_lines.part_id
    from visits
    inner join part_lines on visits.ticket_id = part_lines.ticket_id
    where
        visits.is_lost
        and part_lines.requested_at >= visits.begun_at
        and part_lines.requested_at <= visits.ended_at + interval 1 day
        and (part_lines.delivered_at is null or part_lines.delivered_at > visits.ended_at)

    union

    select
        visits.visit_id,
        part_lines.part_id
    from visits
    inner join part_lines on visits.visit_id = part_lines.visit_id
    where
        visits.is_lost
        and part_lines.requested_at <= visits.ended_at + interval 1 day
        and (part_lines.delivered_at is null or part_lines.delivered_at > visits.ended_at)

),

needed as (

    select
        visits.visit_id,
        part_lines.part_id
    from visits
    inner join part_lines on visits.visit_id = part_lines.visit_id

    union

    select
        visit_id,
        part_id
    from missing

)

select
    needed.visit_id,
    needed.part_id,
    missing.part_id is not null as is_missing
from needed
left join missing on needed.visit_id = missing.visit_id and needed.part_id = missing.part_id
