select
    cast(ledger_month_date as date) as ledger_month_date,
    cast(site_id as varchar) as site_id,
    cast(component as varchar) as component,
    cast(_source as varchar) as source,
    cast(amount as decimal(18, 4)) as amount
from {{ source('raw', 'ledger_totals') }}
