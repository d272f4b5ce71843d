with levels as (

    select
        site_id,
        part_id,
        stock_level,
        cast(added_quantity as decimal(18, 8)) as added_quantity,
        cast(cast(unit_cost_amount as double) * fill_rate as decimal(24, 8)) as added_amount,
        filled_per_amount
    from {{ ref('int_part_levels') }}
    where estimate = 'mid' and filled_per_amount is not null

),

scoped as (

    select
        'all' as scope_site_id,
        *
    from levels

    union all

    select
        site_id as scope_site_id,
        *
    from levels

)

select
    scope_site_id,
    site_id,
    part_id,
    stock_level,
    filled_per_amount,
    row_number() over (
        partition by scope_site_id
        order by filled_per_amount desc, site_id asc, part_id asc, stock_level asc
    ) as step_number,
    cast(sum(added_quantity) over (
        partition by scope_site_id
        order by filled_per_amount desc, site_id asc, part_id asc, stock_level asc
        rows between unbounded preceding and current row
    ) as double) as filled_quantity,
    cast(sum(added_amount) over (
        partition by scope_site_id
        order by filled_per_amount desc, site_id asc, part_id asc, stock_level asc
        rows between unbounded preceding and current row
    ) as double) as stock_amount
from scoped
