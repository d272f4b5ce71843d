select
    cast(driver_row_id as varchar) as driver_row_id,
    cast(_source as varchar) as source,
    cast(cost_group as varchar) as cost_group,
    cast(component as varchar) as component,
    cast(step_number as bigint) as step_number,
    cast(driver as varchar) as driver,
    cast(weight as decimal(18, 4)) as weight,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date,
    cast(reason as varchar) as reason
from {{ source('policy', 'cost_drivers') }}
