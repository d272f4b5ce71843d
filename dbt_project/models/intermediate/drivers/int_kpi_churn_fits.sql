{% set mixes = {
    'site_customer_history': ['site_id', 'customer_kind', 'idle_quarter', 'followed_quarter'],
    'customer_history': ['customer_kind', 'idle_quarter', 'followed_quarter'],
    'none': [],
} %}

with months as (

    {% for mix, columns in mixes.items() -%}
        {% if not loop.first %}union all{% endif %}

        select
            driver,
            {{ loop.index }} as fineness_rank,
            '{{ mix }}' as adjustment,
            customer_id,
            customer_id || '|' || at_risk_month as item_id,
            {{ columns | join(" || '|' || ") if columns else "'all'" }} as stratum,
            cast(case when is_exposed then 1 else 0 end as bigint) as exposure,
            cast(case when is_leaving then 1 else 0 end as decimal(18, 4)) as value
        from {{ ref('int_kpi_churn_months') }}

    {% endfor %}

),

strata as (

    select
        driver,
        fineness_rank,
        adjustment,
        stratum,
        sum(exposure) as exposed_count,
        sum(1 - exposure) as unexposed_count,
        sum(exposure * value) as exposed_leavers,
        sum((1 - exposure) * value) as unexposed_leavers
    from months
    group by driver, fineness_rank, adjustment, stratum

),

ratios as (

    select
        driver,
        fineness_rank,
        adjustment,
        sum(exposed_count) as exposed_count,
        sum(case when unexposed_count > 0 then exposed_count else 0 end) as compared_exposed_count,
        cast(sum({{ risk_ratio_term(
            'r', 'exposed_leavers', 'unexposed_leavers', 'exposed_count', 'unexposed_count'
        ) }}) as double) as ratio_r,
        cast(sum({{ risk_ratio_term(
            's', 'exposed_leavers', 'unexposed_leavers', 'exposed_count', 'unexposed_count'
        ) }}) as double) as ratio_s,
        cast(sum({{ risk_ratio_term(
            'v', 'exposed_leavers', 'unexposed_leavers', 'exposed_count', 'unexposed_count'
        ) }}) as double) as ratio_v
    from strata
    group by driver, fineness_rank, adjustment

),

-- The finest mix that leaves hardly an exposed month without its like, and none.
chosen as (

    select
        *,
        row_number() over (
            partition by driver, adjustment = 'none' order by fineness_rank
        ) as choice_number
    from ratios
    where
        adjustment = 'none'
        or compared_exposed_count >= {{ least_compared_share() }} * exposed_count

),

items as (

    select
        months.driver,
        months.adjustment,
        months.item_id,
        months.customer_id as cluster_id,
        months.stratum,
        months.exposure,
        months.value
    from months
    inner join chosen
        on
            months.driver = chosen.driver
            and months.adjustment = chosen.adjustment
            and chosen.choice_number = 1

),

fits as (

    {{ stratified_difference('items', ['driver', 'adjustment']) }}

)

select
    fits.driver,
    fits.adjustment,
    fits.difference,
    fits.error,
    chosen.ratio_r / nullif(chosen.ratio_s, 0) as ratio,
    {{ risk_ratio_bound('chosen.ratio_r', 'chosen.ratio_s', 'chosen.ratio_v', '-') }} as ratio_low,
    {{ risk_ratio_bound('chosen.ratio_r', 'chosen.ratio_s', 'chosen.ratio_v', '+') }} as ratio_high,
    fits.compared_exposed_count,
    fits.compared_unexposed_count,
    fits.stratum_count
from fits
inner join chosen
    on fits.driver = chosen.driver and fits.adjustment = chosen.adjustment
