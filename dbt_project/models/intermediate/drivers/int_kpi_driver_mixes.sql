with items as (

    select
        outcome,
        driver,
        exposure,
        site_id,
        product_family,
        channel,
        priority
    from {{ ref('int_kpi_driver_contrasts') }}
    where contrast in ('exposed', 'ladder')

),

adjustments as (

    {% for name in var('driver_mixes') -%}
        {% if not loop.first %}union all{% endif %}
        select
            {{ loop.index }} as fineness_rank,
            '{{ name }}' as adjustment
    {% endfor %}

),

stratified as (

    select
        items.outcome,
        items.driver,
        adjustments.fineness_rank,
        adjustments.adjustment,
        {{ driver_stratum('adjustments.adjustment') }} as stratum,
        sum(case when items.exposure > 0 then 1 else 0 end) as exposed_count,
        sum(case when items.exposure = 0 then 1 else 0 end) as unexposed_count
    from items
    cross join adjustments
    group by
        items.outcome,
        items.driver,
        adjustments.fineness_rank,
        adjustments.adjustment,
        {{ driver_stratum('adjustments.adjustment') }}

),

compared as (

    select
        outcome,
        driver,
        fineness_rank,
        adjustment,
        sum(exposed_count) as exposed_count,
        sum(case when unexposed_count > 0 then exposed_count else 0 end) as compared_exposed_count,
        sum(
            case when exposed_count > 0 then unexposed_count else 0 end
        ) as compared_unexposed_count
    from stratified
    group by outcome, driver, fineness_rank, adjustment

),

ranked as (

    select
        *,
        row_number() over (partition by outcome, driver order by fineness_rank) as choice_number
    from compared
    where
        compared_exposed_count >= {{ least_compared_share() }} * exposed_count
        and compared_exposed_count >= {{ least_exposed() }}
        and compared_unexposed_count >= {{ least_exposed() }}

)

select
    outcome,
    driver,
    adjustment
from ranked
where choice_number = 1
