with settings as (

    select {{ local_date('as_of_at') }} as as_of_date from {{ ref('stg_build_settings') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('stg_technicians') }}

),

labor as (

    select
        coalesce(labor_costs.site_id, technicians.site_id, 'unknown') as site_id,
        labor_costs.cost_month_date,
        labor_costs.wage_amount,
        labor_costs.bonus_amount,
        labor_costs.social_insurance_amount,
        labor_costs.training_amount
    from {{ ref('stg_labor_costs') }} as labor_costs
    left join technicians on labor_costs.technician_id = technicians.technician_id

),

operations as (

    select * from {{ ref('stg_operating_costs') }}

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

),

visits as (

    select * from {{ ref('int_visits_classified') }}
    where labor_rate_amount is not null and labor_minutes > 0

),

ledger_lines as (

    {{ unpivot_components(
        'labor',
        ['site_id', 'cost_month_date'],
        ['wage', 'bonus', 'social_insurance', 'training']
    ) }}

    union all

    {{ unpivot_components(
        'operations', ['site_id', 'cost_month_date'], ['rent', 'utilities', 'transport', 'tools']
    ) }}

),

own_lines as (

    select
        site_id,
        component,
        amount,
        0 as unpriced_count,
        cost_month_date
    from ledger_lines

    union all

    select
        site_id,
        part_kind as component,
        coalesce(booked_amount, 0) as amount,
        case when booked_amount is null then 1 else 0 end as unpriced_count,
        cost_month_date
    from part_lines

    union all

    select
        site_id,
        part_kind as component,
        -booked_amount as amount,
        0 as unpriced_count,
        credit_month_date as cost_month_date
    from part_lines
    where credit_month_date is not null and booked_amount is not null

    union all

    select
        site_id,
        'wage' as component,
        cast(
            cast({{ multiply_amounts('labor_minutes', 'labor_rate_amount') }} as double)
            / 60 as decimal(18, 4)
        ) as amount,
        0 as unpriced_count,
        work_month_date as cost_month_date
    from visits

),

own as (

    select
        own_lines.site_id,
        own_lines.component,
        own_lines.cost_month_date,
        sum(own_lines.amount) as ledger_amount,
        sum(own_lines.unpriced_count) as unpriced_count
    from own_lines
    cross join settings
    where own_lines.cost_month_date <= settings.as_of_date
    group by own_lines.site_id, own_lines.component, own_lines.cost_month_date

),

delivered as (

    select
        ledger_totals.site_id,
        ledger_totals.component,
        ledger_totals.ledger_month_date as cost_month_date,
        sum(ledger_totals.amount) as delivered_ledger_amount
    from {{ ref('stg_ledger_totals') }} as ledger_totals
    cross join settings
    where ledger_totals.ledger_month_date <= settings.as_of_date
    group by ledger_totals.site_id, ledger_totals.component, ledger_totals.ledger_month_date

)

select
    coalesce(own.site_id, delivered.site_id) as site_id,
    coalesce(own.component, delivered.component) as component,
    cast(coalesce(own.ledger_amount, 0) as decimal(18, 4)) as ledger_amount,
    cast(delivered.delivered_ledger_amount as decimal(18, 4)) as delivered_ledger_amount,
    cast(coalesce(own.unpriced_count, 0) as bigint) as unpriced_count,
    coalesce(own.cost_month_date, delivered.cost_month_date) as cost_month_date
from own
full outer join delivered
    on
        own.site_id = delivered.site_id
        and own.component = delivered.component
        and own.cost_month_date = delivered.cost_month_date
