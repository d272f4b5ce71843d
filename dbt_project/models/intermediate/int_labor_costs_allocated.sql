with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

labor_costs as (

    select * from {{ ref('stg_labor_costs') }}

),

technicians as (

    select
        technician_id,
        site_id
    from {{ ref('stg_technicians') }}

),

visits as (

    select * from {{ ref('int_visits_classified') }}

),

ledger as (

    select
        labor_costs.technician_id,
        labor_costs.source,
        coalesce(labor_costs.site_id, technicians.site_id, 'unknown') as site_id,
        labor_costs.cost_month_date,
        labor_costs.wage_amount,
        labor_costs.bonus_amount,
        labor_costs.social_insurance_amount,
        labor_costs.training_amount
    from labor_costs
    cross join settings
    left join technicians on labor_costs.technician_id = technicians.technician_id
    where labor_costs.cost_month_date <= {{ local_date('settings.as_of_at') }}

),

ledger_components as (

    {{ unpivot_components(
        'ledger',
        ['technician_id', 'source', 'site_id', 'cost_month_date'],
        ['wage', 'bonus', 'social_insurance', 'training']
    ) }}

),

-- The driver: minutes of the visits that the person led in the month. Work that its source costs
-- by rate is booked by that rate below and takes no share of a ledger as well.
driver_visits as (

    select
        visit_id,
        ticket_id,
        technician_id,
        product_family,
        work_month_date,
        is_labor_warranty,
        labor_minutes,
        sum(labor_minutes) over (
            partition by technician_id, work_month_date
            order by visit_id
            rows between unbounded preceding and current row
        ) as running_minutes,
        sum(labor_minutes) over (partition by technician_id, work_month_date) as total_minutes
    from visits
    where labor_rate_amount is null and technician_id is not null and labor_minutes > 0

),

shared as (

    select
        ledger_components.source,
        driver_visits.ticket_id,
        driver_visits.visit_id,
        ledger_components.site_id,
        ledger_components.technician_id,
        coalesce(driver_visits.product_family, 'unknown') as product_family,
        ledger_components.component,
        case when driver_visits.visit_id is null then 'unallocated' else 'driver' end as allocation,
        case
            when driver_visits.visit_id is null then ledger_components.amount
            else
                {{ share_out(
                    'ledger_components.amount',
                    'driver_visits.labor_minutes',
                    'driver_visits.running_minutes',
                    'driver_visits.total_minutes'
                ) }}
        end as amount,
        driver_visits.is_labor_warranty as is_warranty,
        ledger_components.cost_month_date
    from ledger_components
    left join driver_visits
        on
            ledger_components.technician_id = driver_visits.technician_id
            and ledger_components.cost_month_date = driver_visits.work_month_date

),

rated as (

    select
        source,
        ticket_id,
        visit_id,
        site_id,
        technician_id,
        product_family,
        'wage' as component,
        'direct' as allocation,
        cast(
            cast({{ multiply_amounts('labor_minutes', 'labor_rate_amount') }} as double)
            / 60 as decimal(18, 4)
        ) as amount,
        is_labor_warranty as is_warranty,
        work_month_date as cost_month_date
    from visits
    where labor_rate_amount is not null

)

select * from shared

union all

select * from rated
where amount <> 0
