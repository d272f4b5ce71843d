with outcomes as (

    select
        outcome,
        sum(case when item_state = 'counted' then 1 else 0 end) as counted_count,
        sum(case when item_state = 'immature' then 1 else 0 end) as immature_count
    from {{ ref('int_kpi_driver_outcomes') }}
    group by outcome

),

drivers as (

    select distinct
        driver,
        driver_kind
    from {{ ref('int_kpi_driver_exposures') }}

),

groups as (

    select
        outcome,
        driver,
        sum(exposure) as exposed_count,
        sum(1 - exposure) as unexposed_count,
        sum(exposure * value) as exposed_total,
        sum((1 - exposure) * value) as unexposed_total
    from {{ ref('int_kpi_driver_contrasts') }}
    where contrast = 'exposed'
    group by outcome, driver

),

fits as (

    select * from {{ ref('int_kpi_driver_fits') }}
    where contrast = 'exposed'

),

compared as (

    select
        groups.outcome,
        groups.driver,
        drivers.driver_kind,
        groups.exposed_count,
        groups.unexposed_count,
        outcomes.counted_count - groups.exposed_count - groups.unexposed_count as excluded_count,
        outcomes.immature_count,
        cast(groups.exposed_total as double) / nullif(groups.exposed_count, 0) as exposed_value,
        cast(groups.unexposed_total as double) / nullif(groups.unexposed_count, 0)
            as unexposed_value,
        crude.difference as crude_difference,
        crude.error as crude_error,
        adjusted.adjustment,
        adjusted.difference,
        adjusted.error,
        adjusted.compared_exposed_count,
        adjusted.compared_unexposed_count,
        {{ two_sided_p('adjusted.difference / adjusted.error') }} as p_value
    from groups
    inner join outcomes on groups.outcome = outcomes.outcome
    inner join drivers on groups.driver = drivers.driver
    left join fits as crude
        on
            groups.outcome = crude.outcome
            and groups.driver = crude.driver
            and crude.adjustment = 'none'
    left join fits as adjusted
        on
            groups.outcome = adjusted.outcome
            and groups.driver = adjusted.driver
            and adjusted.adjustment <> 'none'

),

ordered as (

    select
        *,
        count(p_value) over (partition by driver_kind) as family_size,
        row_number() over (
            partition by driver_kind, p_value is null order by p_value, outcome, driver
        ) as position_number
    from compared

),

judged as (

    select
        *,
        {{ holm_p(
            'p_value', 'position_number', 'family_size', ['driver_kind'], ['outcome', 'driver']
        ) }} as family_p_value
    from ordered

)

select
    outcome,
    driver,
    driver_kind,
    case outcome when 'nps' then 'points' else 'share' end as unit,
    coalesce(adjustment, 'none') as adjusted_for,
    case
        when family_p_value is null then 'too_few'
        when family_p_value < {{ significance_level() }} then 'association'
        else 'chance'
    end as verdict,
    cast(exposed_count as bigint) as exposed_count,
    cast(unexposed_count as bigint) as unexposed_count,
    cast(coalesce(compared_exposed_count, 0) as bigint) as compared_exposed_count,
    cast(coalesce(compared_unexposed_count, 0) as bigint) as compared_unexposed_count,
    cast(excluded_count as bigint) as excluded_count,
    cast(immature_count as bigint) as immature_count,
    exposed_value,
    unexposed_value,
    crude_difference,
    crude_difference - {{ z_95() }} * crude_error as crude_low,
    crude_difference + {{ z_95() }} * crude_error as crude_high,
    difference as adjusted_difference,
    difference - {{ z_95() }} * error as adjusted_low,
    difference + {{ z_95() }} * error as adjusted_high,
    p_value,
    family_p_value
from judged
