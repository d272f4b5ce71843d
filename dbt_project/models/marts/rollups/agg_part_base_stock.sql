{%- set shares = [80, 90, 95, 99] -%}
{%- set estimates = ['low', 'mid', 'high'] -%}

-- Nobody is advised to fill less than today.
with target as (

    select min(filled_per_amount) as filled_per_amount
    from {{ ref('int_part_points') }}
    where site_id = 'all' and point_kind in ('target', 'same_fill')

),

-- Fill and stock rise with the level: the greatest of those that are worth it is the highest.
levels as (

    select
        levels.site_id,
        levels.part_id,
        {%- for share in shares %}
            min(levels.stock_level) filter (
                where levels.estimate = 'mid' and levels.fill_rate >= {{ share / 100 }}
            ) as level_{{ share }}_quantity,
        {%- endfor %}
        {%- for estimate in estimates %}
            coalesce(max(levels.stock_level) filter (
                where
                levels.estimate = '{{ estimate }}'
                and levels.filled_per_amount >= target.filled_per_amount
            ), 0) as {{ estimate }}_level_quantity,
            coalesce(max(levels.on_hand_quantity) filter (
                where
                levels.estimate = '{{ estimate }}'
                and levels.filled_per_amount >= target.filled_per_amount
            ), 0) as {{ estimate }}_on_hand_quantity,
        {%- endfor %}
        coalesce(max(levels.fill_rate) filter (
            where levels.estimate = 'mid' and levels.filled_per_amount >= target.filled_per_amount
        ), 0) as target_fill_rate
    from {{ ref('int_part_levels') }} as levels
    cross join target
    group by levels.site_id, levels.part_id

),

judged as (

    select
        demand.*,
        {%- for share in shares %}
            levels.level_{{ share }}_quantity,
        {%- endfor %}
        levels.mid_level_quantity,
        levels.mid_on_hand_quantity,
        levels.low_level_quantity,
        levels.high_level_quantity,
        levels.target_fill_rate,
        demand.count_count > 0
        and coalesce(demand.unit_cost_amount > 0, false)
        and levels.site_id is not null as is_judged,
        least(
            levels.low_on_hand_quantity, levels.mid_on_hand_quantity, levels.high_on_hand_quantity
        ) as least_on_hand_quantity,
        greatest(
            levels.low_on_hand_quantity, levels.mid_on_hand_quantity, levels.high_on_hand_quantity
        ) as most_on_hand_quantity
    from {{ ref('int_part_demand') }} as demand
    left join levels on demand.site_id = levels.site_id and demand.part_id = levels.part_id

)

select
    site_id,
    part_id,
    part_name,
    unit_cost_amount,
    week_count,
    demand_quantity,
    dispersion_ratio,
    case when dispersion_ratio > 1 then 'negative_binomial' else 'poisson' end
        as demand_distribution,
    lead_time_basis,
    order_count,
    lead_time_days,
    pipeline_quantity,
    count_count,
    on_hand_mean_quantity,
    cast(ready_count as double) / nullif(count_count, 0) as ready_share,
    {%- for share in shares %}
        cast(level_{{ share }}_quantity as bigint) as level_{{ share }}_quantity,
    {%- endfor %}
    cast(case when is_judged then mid_level_quantity end as bigint) as target_level_quantity,
    cast(case when is_judged then low_level_quantity end as bigint) as target_level_low_quantity,
    cast(case when is_judged then high_level_quantity end as bigint) as target_level_high_quantity,
    case when is_judged then target_fill_rate end as target_fill_rate,
    case when is_judged then mid_on_hand_quantity end as target_on_hand_quantity,
    case
        when not is_judged then 'not_judged'
        when on_hand_mean_quantity < least_on_hand_quantity then 'raise'
        when on_hand_mean_quantity > most_on_hand_quantity then 'lower'
        else 'keep'
    end as advice,
    case
        when is_judged
            then (mid_on_hand_quantity - on_hand_mean_quantity) * cast(unit_cost_amount as double)
    end as change_amount
from judged
