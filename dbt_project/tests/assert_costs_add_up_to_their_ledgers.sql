-- What tickets and visits carry, and what is left over, is the ledger to the last digit:
-- per component, month, site and person.
with settings as (

    select {{ local_date('as_of_at') }} as as_of_date from {{ ref('stg_build_settings') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('dim_technicians') }}

),

labor_ledger as (

    select
        labor_costs.*,
        labor_costs.technician_id as technician_key,
        coalesce(labor_costs.site_id, technicians.site_id) as charged_site_id
    from {{ ref('stg_labor_costs') }} as labor_costs
    inner join technicians on labor_costs.technician_id = technicians.technician_id

),

operating_ledger as (

    select
        *,
        'none' as technician_key
    from {{ ref('stg_operating_costs') }}

),

ledger_lines as (

    {{ unpivot_components(
        'labor_ledger',
        ['technician_key', 'charged_site_id', 'cost_month_date'],
        ['wage', 'bonus', 'social_insurance', 'training']
    ) }}

    union all

    {{ unpivot_components(
        'operating_ledger',
        ['technician_key', 'site_id', 'cost_month_date'],
        ['rent', 'utilities', 'transport', 'tools']
    ) }}

),

expected as (

    select
        ledger_lines.component,
        ledger_lines.technician_key,
        ledger_lines.charged_site_id as site_id,
        ledger_lines.cost_month_date,
        sum(ledger_lines.amount) as amount
    from ledger_lines
    cross join settings
    where ledger_lines.cost_month_date <= settings.as_of_date
    group by
        ledger_lines.component,
        ledger_lines.technician_key,
        ledger_lines.charged_site_id,
        ledger_lines.cost_month_date

),

carried as (

    select
        component,
        coalesce(technician_id, 'none') as technician_key,
        site_id,
        cost_month_date,
        sum(amount) as amount
    from {{ ref('fct_costs') }}
    -- Direct labour is costed by rate, not from a ledger.
    where cost_group in ('labor', 'operations') and allocation <> 'direct'
    group by component, coalesce(technician_id, 'none'), site_id, cost_month_date

)

select
    coalesce(expected.component, carried.component) as component,
    coalesce(expected.technician_key, carried.technician_key) as technician_key,
    coalesce(expected.site_id, carried.site_id) as site_id,
    coalesce(expected.cost_month_date, carried.cost_month_date) as cost_month_date,
    expected.amount as ledger_amount,
    carried.amount as carried_amount
from expected
full outer join carried
    on
        expected.component = carried.component
        and expected.technician_key = carried.technician_key
        and expected.site_id = carried.site_id
        and expected.cost_month_date = carried.cost_month_date
where coalesce(expected.amount, 0) <> coalesce(carried.amount, 0)
