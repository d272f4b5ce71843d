with months as (

    select * from {{ ref('int_kpi_churn_months') }}

),

groups as (

    select
        driver,
        count(distinct case when is_exposed then customer_id end) as exposed_customer_count,
        count(distinct case when not is_exposed then customer_id end) as unexposed_customer_count,
        sum(case when is_exposed then 1 else 0 end) / 12.0 as exposed_years,
        sum(case when is_exposed then 0 else 1 end) / 12.0 as unexposed_years,
        sum(case when is_exposed and is_leaving then 1 else 0 end) as exposed_leaver_count,
        sum(case when not is_exposed and is_leaving then 1 else 0 end) as unexposed_leaver_count
    from months
    group by driver

),

fits as (

    select * from {{ ref('int_kpi_churn_fits') }}

),

compared as (

    select
        groups.*,
        crude.ratio as crude_ratio,
        crude.ratio_low as crude_low,
        crude.ratio_high as crude_high,
        adjusted.adjustment,
        adjusted.ratio as hazard_ratio,
        adjusted.ratio_low as hazard_ratio_low,
        adjusted.ratio_high as hazard_ratio_high,
        12 * adjusted.difference as hazard_difference,
        12 * adjusted.error as hazard_error,
        {{ two_sided_p('adjusted.difference / adjusted.error') }} as p_value
    from groups
    left join fits as crude
        on groups.driver = crude.driver and crude.adjustment = 'none'
    left join fits as adjusted
        on
            groups.driver = adjusted.driver
            and adjusted.adjustment <> 'none'
            -- Where nobody leaves there is nothing to compare.
            and adjusted.error > 0
            and groups.exposed_customer_count >= {{ least_exposed() }}
            and groups.unexposed_customer_count >= {{ least_exposed() }}

),

ordered as (

    select
        *,
        count(p_value) over () as family_size,
        row_number() over (partition by p_value is null order by p_value, driver)
            as position_number
    from compared

),

judged as (

    select
        *,
        {{ holm_p('p_value', 'position_number', 'family_size', ["'all'"], ['driver']) }}
            as family_p_value
    from ordered

)

select
    driver,
    coalesce(adjustment, 'none') as adjusted_for,
    case
        when family_p_value is null then 'too_few'
        when family_p_value < {{ significance_level() }} then 'association'
        else 'chance'
    end as verdict,
    cast(exposed_customer_count as bigint) as exposed_customer_count,
    cast(unexposed_customer_count as bigint) as unexposed_customer_count,
    cast(exposed_leaver_count as bigint) as exposed_leaver_count,
    cast(unexposed_leaver_count as bigint) as unexposed_leaver_count,
    cast(exposed_years as double) as exposed_years,
    cast(unexposed_years as double) as unexposed_years,
    cast(exposed_leaver_count as double) / nullif(cast(exposed_years as double), 0)
        as exposed_hazard,
    {{ poisson_bound(
        'cast(exposed_leaver_count as double)', 'cast(exposed_years as double)', '-'
    ) }}
        as exposed_hazard_low,
    {{ poisson_bound(
        'cast(exposed_leaver_count as double)', 'cast(exposed_years as double)', '+'
    ) }}
        as exposed_hazard_high,
    cast(unexposed_leaver_count as double) / nullif(cast(unexposed_years as double), 0)
        as unexposed_hazard,
    {{ poisson_bound(
        'cast(unexposed_leaver_count as double)', 'cast(unexposed_years as double)', '-'
    ) }} as unexposed_hazard_low,
    {{ poisson_bound(
        'cast(unexposed_leaver_count as double)', 'cast(unexposed_years as double)', '+'
    ) }} as unexposed_hazard_high,
    crude_ratio,
    crude_low,
    crude_high,
    hazard_ratio,
    hazard_ratio_low,
    hazard_ratio_high,
    hazard_difference,
    hazard_difference - {{ z_95() }} * hazard_error as hazard_difference_low,
    hazard_difference + {{ z_95() }} * hazard_error as hazard_difference_high,
    p_value,
    family_p_value
from judged
