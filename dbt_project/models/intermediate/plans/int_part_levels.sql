{%- set estimates = {
    'low': 'pipeline_low_quantity',
    'mid': 'pipeline_quantity',
    'high': 'pipeline_high_quantity',
} -%}

with pipelines as (

    {%- for estimate, column in estimates.items() %}
        select
            '{{ estimate }}' as estimate,
            site_id,
            part_id,
            unit_cost_amount,
            dispersion_ratio,
            {{ column }} as pipeline,
            {{ column }} / lead_time_days * week_count * 7 as asked_quantity
        from {{ ref('int_part_demand') }}
        where {{ column }} > 0
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

numbers as (

    select
        *,
        {{ list_numbers('0', most_on_order('pipeline', 'dispersion_ratio')) }} as on_order
    from pipelines

),

-- Logarithms are added as decimals: their sum does not depend on the order.
logged as (

    select
        *,
        sum(
            cast(
                case
                    when on_order = 0 then {{ log_empty_pipeline('pipeline', 'dispersion_ratio') }}
                    else {{ log_pipeline_step('pipeline', 'dispersion_ratio', 'on_order') }}
                end as decimal(18, 14)
            )
        ) over (
            partition by estimate, site_id, part_id
            order by on_order
            rows between unbounded preceding and current row
        ) as log_chance
    from numbers

),

chances as (

    select
        *,
        cast(exp(cast(log_chance as double)) as decimal(18, 16)) as chance
    from logged

),

summed as (

    select
        *,
        cast(sum(chance) over (
            partition by estimate, site_id, part_id
            order by on_order
            rows between unbounded preceding and current row
        ) as decimal(18, 16)) as fill_rate
    from chances

),

stocked as (

    select
        *,
        sum(fill_rate) over (
            partition by estimate, site_id, part_id
            order by on_order
            rows between unbounded preceding and current row
        ) as on_hand_quantity
    from summed

)

-- A piece is at hand where fewer are on order than the level. The last is the first that fills
-- 99.99 %.
select
    estimate,
    site_id,
    part_id,
    on_order + 1 as stock_level,
    unit_cost_amount,
    asked_quantity * cast(chance as double) as added_quantity,
    cast(fill_rate as double) as fill_rate,
    cast(on_hand_quantity as double) as on_hand_quantity,
    -- One piece more is on the shelf as often as it is not on order: what money in it fills falls
    -- with each.
    case
        when unit_cost_amount > 0 and fill_rate > 0
            then
                asked_quantity * cast(chance as double)
                / (cast(unit_cost_amount as double) * cast(fill_rate as double))
    end as filled_per_amount
from stocked
where fill_rate - chance < 0.9999
