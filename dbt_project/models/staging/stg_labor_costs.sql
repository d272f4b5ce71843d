select
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(cost_month_date as date) as cost_month_date,
    cast(_source as varchar) as source,
    cast(site_id as varchar) as site_id,
    cast(wage_amount as decimal(18, 4)) as wage_amount,
    cast(bonus_amount as decimal(18, 4)) as bonus_amount,
    cast(social_insurance_amount as decimal(18, 4)) as social_insurance_amount,
    cast(training_amount as decimal(18, 4)) as training_amount,
    cast(training_hours as decimal(18, 4)) as training_hours,
    cast(paid_hours as decimal(18, 4)) as paid_hours
from {{ source('raw', 'labor_costs') }}
