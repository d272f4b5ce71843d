-- One row of a KPI is in force on any day: two would double its values.
with registry as (

    select * from {{ ref('stg_kpi_registry') }}

)

select
    earlier.kpi_id,
    earlier.valid_from_date,
    earlier.valid_to_date,
    later.valid_from_date as later_valid_from_date
from registry as earlier
inner join registry as later
    on
        earlier.kpi_id = later.kpi_id
        and earlier.valid_from_date < later.valid_from_date
        and (earlier.valid_to_date is null or earlier.valid_to_date >= later.valid_from_date)
