select
    cast(site_id as varchar) as site_id,
    cast(cost_month_date as date) as cost_month_date,
    cast(_source as varchar) as source,
    cast(rent_amount as decimal(18, 4)) as rent_amount,
    cast(utilities_amount as decimal(18, 4)) as utilities_amount,
    cast(transport_amount as decimal(18, 4)) as transport_amount,
    cast(tools_amount as decimal(18, 4)) as tools_amount
from {{ source('raw', 'operating_costs') }}
