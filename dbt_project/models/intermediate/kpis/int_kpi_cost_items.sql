-- What is charged per ticket, and what an issue costs: means over items, so they have an interval.
with fees as (

    select * from {{ ref('int_kpi_fees_charged') }}
    where ticket_id is not null

)

select
    'service_fee_per_ticket' as kpi_id,
    technician_id,
    site_id,
    product_family,
    channel,
    priority,
    fee_state as item_state,
    cast(coalesce(fee_amount, 0) as decimal(18, 4)) as numerator,
    cast(1 as decimal(18, 4)) as denominator,
    charged_date as counted_date
from fees
