with technicians as (

    select * from {{ ref('stg_technicians') }}

),

visitors as (

    select distinct technician_id
    from {{ ref('stg_visits') }}

),

referenced_ids as (

    select technician_id from {{ ref('stg_tickets') }}
    union
    select technician_id from {{ ref('stg_ticket_events') }}
    union
    select author_person_id as technician_id from {{ ref('int_ticket_events_seen') }}
    union
    select technician_id from {{ ref('stg_complaints') }}
    union
    select technician_id from {{ ref('stg_visits') }}
    union
    select agent_id as technician_id from {{ ref('stg_calls') }}
    union
    select technician_id from {{ ref('stg_survey_answers') }}
    union
    select technician_id from {{ ref('stg_labor_costs') }}
    union
    select technician_id from {{ ref('stg_audits') }}
    union
    select technician_id from {{ ref('stg_shifts') }}

)

select
    coalesce(technicians.technician_id, referenced_ids.technician_id) as technician_id,
    technicians.source,
    coalesce(technicians.technician_name, technicians.technician_id, referenced_ids.technician_id)
        as technician_name,
    technicians.role,
    -- A lead, or a person of whom no role is known, is what the person does.
    case
        when technicians.role in ('technician', 'agent') then technicians.role
        when visitors.technician_id is not null then 'technician'
        else 'agent'
    end as work_role,
    coalesce(technicians.site_id, 'unknown') as site_id,
    technicians.certification_level,
    technicians.technician_id is null as is_inferred,
    technicians.certified_until_date,
    technicians.hired_date,
    technicians.left_date
from technicians
full outer join referenced_ids on technicians.technician_id = referenced_ids.technician_id
left join visitors
    on coalesce(technicians.technician_id, referenced_ids.technician_id) = visitors.technician_id
where coalesce(technicians.technician_id, referenced_ids.technician_id) is not null
