{%- set fill_levels = [
    0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995
] -%}

with as_of as (

    select {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
    from {{ ref('stg_build_settings') }}

),

demand as (

    select
        *,
        unit_cost_amount > 0 and lead_time_days > 0 as is_modelled,
        cast(unit_cost_amount as double) * on_hand_mean_quantity as on_hand_amount
    from {{ ref('int_part_demand') }}

),

scoped as (

    select
        'all' as scope_site_id,
        *
    from demand

    union all

    select
        site_id as scope_site_id,
        *
    from demand

),

-- What is never counted where others are is not kept there.
today as (

    select
        scope_site_id,
        count(*) filter (where demand_quantity > 0 and is_modelled) as item_count,
        count(*) filter (
            where demand_quantity > 0 and not coalesce(is_modelled, false)
        ) as left_out_item_count,
        sum(count_count) as count_count,
        cast(sum(demand_quantity) filter (where is_modelled) as double) as demand_quantity,
        cast(sum(
            case
                when is_modelled and count_count > 0
                    then
                        cast(
                            cast(demand_quantity as double) * ready_count / count_count
                            as decimal(24, 8)
                        )
                else 0
            end
        ) as double) as ready_quantity,
        cast(sum(
            case
                when is_modelled and demand_quantity > 0
                    then cast(coalesce(on_hand_amount, 0) as decimal(24, 8))
                else 0
            end
        ) as double) as on_hand_amount,
        cast(sum(
            case
                when demand_quantity = 0 then cast(coalesce(on_hand_amount, 0) as decimal(24, 8))
                else 0
            end
        ) as double) as idle_amount
    from scoped
    group by scope_site_id

),

scopes as (

    select
        today.*,
        registry.target,
        case
            when today.count_count > 0 then today.ready_quantity / today.demand_quantity
        end as ready_share
    from today
    cross join as_of
    left join {{ ref('stg_kpi_registry') }} as registry
        on
            registry.kpi_id = 'parts_fill_rate'
            and as_of.last_date >= registry.valid_from_date
            and coalesce(registry.valid_to_date, date '9999-12-31') >= as_of.last_date
    where today.demand_quantity > 0

),

wanted as (

    select
        scope_site_id,
        1 as point_number,
        'same_fill' as point_kind,
        ready_share as fill_level
    from scopes
    where ready_share is not null

    union all

    select
        scope_site_id,
        3 as point_number,
        'target' as point_kind,
        target as fill_level
    from scopes
    where target is not null
    {%- for fill_level in fill_levels %}

        union all

        select
            scope_site_id,
            {{ loop.index + 3 }} as point_number,
            'level' as point_kind,
            cast({{ fill_level }} as double) as fill_level
        from scopes
    {%- endfor %}

),

-- The first step that fills as much; the last that costs no more than what lies there today.
reached as (

    select
        wanted.scope_site_id,
        wanted.point_number,
        wanted.point_kind,
        wanted.fill_level,
        min(steps.step_number) as step_number
    from wanted
    inner join scopes on wanted.scope_site_id = scopes.scope_site_id
    inner join {{ ref('int_part_steps') }} as steps
        on
            wanted.scope_site_id = steps.scope_site_id
            and steps.filled_quantity >= wanted.fill_level * scopes.demand_quantity
    group by wanted.scope_site_id, wanted.point_number, wanted.point_kind, wanted.fill_level

    union all

    select
        scopes.scope_site_id,
        2 as point_number,
        'same_amount' as point_kind,
        cast(null as double) as fill_level,
        max(steps.step_number) as step_number
    from scopes
    inner join {{ ref('int_part_steps') }} as steps
        on
            scopes.scope_site_id = steps.scope_site_id
            and scopes.on_hand_amount >= steps.stock_amount
    where scopes.ready_share is not null
    group by scopes.scope_site_id

)

select
    scopes.scope_site_id as site_id,
    reached.point_number,
    reached.point_kind,
    reached.fill_level,
    least(1.0, steps.filled_quantity / scopes.demand_quantity) as fill_rate,
    steps.stock_amount,
    steps.step_number as level_quantity,
    steps.filled_per_amount,
    scopes.demand_quantity,
    scopes.item_count,
    scopes.left_out_item_count,
    scopes.idle_amount
from scopes
inner join reached on scopes.scope_site_id = reached.scope_site_id
inner join {{ ref('int_part_steps') }} as steps
    on
        reached.scope_site_id = steps.scope_site_id
        and reached.step_number = steps.step_number

union all

select
    scope_site_id as site_id,
    0 as point_number,
    'today' as point_kind,
    cast(null as double) as fill_level,
    ready_share as fill_rate,
    on_hand_amount as stock_amount,
    cast(null as bigint) as level_quantity,
    cast(null as double) as filled_per_amount,
    demand_quantity,
    item_count,
    left_out_item_count,
    idle_amount
from scopes
where ready_share is not null
