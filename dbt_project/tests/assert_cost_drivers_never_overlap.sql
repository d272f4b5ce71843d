-- On any day a driver has at most one row per cost group, component and step: else it would weigh
-- twice.
select
    earlier.driver_row_id as earlier_row_id,
    later.driver_row_id as later_row_id
from {{ ref('stg_cost_drivers') }} as earlier
inner join {{ ref('stg_cost_drivers') }} as later
    on
        earlier.cost_group = later.cost_group
        and coalesce(earlier.component, '') = coalesce(later.component, '')
        and earlier.step_number = later.step_number
        and earlier.driver = later.driver
        and earlier.driver_row_id <> later.driver_row_id
        and earlier.valid_from_date <= later.valid_from_date
        and coalesce(earlier.valid_to_date, date '9999-12-31') >= later.valid_from_date
