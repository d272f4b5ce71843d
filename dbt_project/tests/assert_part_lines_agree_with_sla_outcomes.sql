-- A promise of a part is kept or broken in fct_part_lines exactly as in fct_sla_outcomes, which the
-- KPI counts; a line that its source promised nothing is judged there by the policy alone.
select
    part_lines.part_line_id,
    part_lines.is_on_time,
    outcomes.outcome
from {{ ref('fct_part_lines') }} as part_lines
left join {{ ref('fct_sla_outcomes') }} as outcomes
    on
        part_lines.part_line_id = outcomes.subject_id
        and outcomes.metric = 'parts_arrival'
where
    part_lines.promised_at is not null
    and part_lines.is_on_time is distinct from case
        when outcomes.outcome = 'met' then true
        when outcomes.outcome in ('breached_closed', 'breached_open') then false
    end
