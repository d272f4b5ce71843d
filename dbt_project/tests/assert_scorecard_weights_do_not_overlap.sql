-- One weight of a KPI is in force for a role on any day: two would count it twice.
with weights as (

    select * from {{ ref('stg_scorecard_weights') }}

)

select
    earlier.work_role,
    earlier.kpi_id,
    earlier.valid_from_date,
    later.valid_from_date as later_valid_from_date
from weights as earlier
inner join weights as later
    on
        earlier.work_role = later.work_role
        and earlier.kpi_id = later.kpi_id
        and earlier.valid_from_date < later.valid_from_date
        and (earlier.valid_to_date is null or earlier.valid_to_date >= later.valid_from_date)
