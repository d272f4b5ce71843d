with drivers as (

    select * from {{ ref('stg_cost_drivers') }}

),

months as (

    select cost_month_date from {{ ref('stg_labor_costs') }}
    union
    select cost_month_date from {{ ref('stg_operating_costs') }}

),

components as (

    select
        'labor' as cost_group,
        'wage' as component

    union all
    select
        'labor' as cost_group,
        'bonus' as component

    union all
    select
        'labor' as cost_group,
        'social_insurance' as component

    union all
    select
        'labor' as cost_group,
        'training' as component

    union all
    select
        'operations' as cost_group,
        'rent' as component

    union all
    select
        'operations' as cost_group,
        'utilities' as component

    union all
    select
        'operations' as cost_group,
        'transport' as component

    union all
    select
        'operations' as cost_group,
        'tools' as component

),

in_force as (

    select
        components.cost_group,
        components.component,
        months.cost_month_date,
        drivers.step_number,
        drivers.driver,
        drivers.weight,
        drivers.component is not null as is_own,
        max(case when drivers.component is not null then 1 else 0 end) over (
            partition by components.component, months.cost_month_date
        ) = 1 as has_own
    from components
    cross join months
    inner join drivers
        on
            components.cost_group = drivers.cost_group
            and components.component = coalesce(drivers.component, components.component)
            and months.cost_month_date >= drivers.valid_from_date
            and (
                drivers.valid_to_date is null
                or months.cost_month_date <= drivers.valid_to_date
            )

),

-- A component that has rows of its own takes none of its group. A weight of 0 weighs nothing.
chosen as (

    select *
    from in_force
    where is_own = has_own and weight > 0

),

-- Components that are driven alike are weighed once.
schemes as (

    select
        component,
        cost_month_date,
        {{ dbt.listagg(
            "step_number || ' ' || driver || ' ' || weight", "', '", "order by step_number, driver"
        ) }} as scheme
    from chosen
    group by component, cost_month_date

)

select
    chosen.cost_group,
    chosen.component,
    schemes.scheme,
    chosen.driver,
    chosen.step_number,
    chosen.weight,
    chosen.cost_month_date
from chosen
inner join schemes
    on
        chosen.component = schemes.component
        and chosen.cost_month_date = schemes.cost_month_date
