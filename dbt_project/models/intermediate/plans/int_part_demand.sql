{%- set fewest_weeks = 13 -%}
{%- set fewest_orders = 10 -%}
{%- set fewest_pieces = 20 -%}

with settings as (

    select {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
    from {{ ref('stg_build_settings') }}

),

part_lines as (

    select
        *,
        {{ local_date('requested_at') }} as requested_date
    from {{ ref('int_part_lines_costed') }}
    where part_id is not null and quantity > 0

),

firsts as (

    select min(requested_date) as first_date from part_lines

),

histories as (

    select
        settings.last_date,
        least(
            52,
            floor(
                ({{ dbt.datediff('firsts.first_date', 'settings.last_date', 'day') }} + 1) / 7  -- noqa: LT05
            )
        ) as week_count
    from firsts
    cross join settings

),

-- Whole weeks back from as-of, 0 the latest.
asked as (

    select
        part_lines.part_line_id,
        part_lines.site_id,
        part_lines.part_id,
        part_lines.quantity,
        histories.week_count,
        floor(
            {{ dbt.datediff('part_lines.requested_date', 'histories.last_date', 'day') }} / 7  -- noqa: LT05
        ) as week_number
    from part_lines
    cross join histories
    where
        part_lines.site_id <> 'unknown'
        and part_lines.requested_date <= histories.last_date
        and histories.week_count >= {{ fewest_weeks }}

),

weeks as (

    select
        site_id,
        part_id,
        week_number,
        sum(quantity) as quantity
    from asked
    where week_number < week_count
    group by site_id, part_id, week_number

),

demands as (

    select
        site_id,
        part_id,
        cast(sum(quantity) as decimal(18, 4)) as demand_quantity,
        sum(
            cast(cast(quantity as double) * cast(quantity as double) as decimal(28, 8))
        ) as squares
    from weeks
    group by site_id, part_id

),

-- What had to be ordered: neither delivered on its day nor covered by stock.
orders as (

    select
        asked.site_id,
        asked.part_id,
        -- Decimals: unlike those of floating-point numbers their sums do not depend on the order.
        cast(
            {{ elapsed_seconds('part_lines.requested_at', 'part_lines.delivered_at') }}
            as decimal(18, 4)
        ) as lead_seconds
    from asked
    inner join {{ ref('int_part_lines_filled') }} as filled
        on asked.part_line_id = filled.part_line_id
    inner join part_lines on asked.part_line_id = part_lines.part_line_id
    where
        asked.week_number < asked.week_count
        and filled.fill_state = 'counted'
        and not filled.is_same_day
        and not filled.is_in_stock
        and part_lines.delivered_at is not null

),

lead_times as (

    select
        site_id,
        part_id,
        grouping(site_id) as is_any_site,
        grouping(part_id) as is_any_part,
        count(*) as order_count,
        cast(sum(lead_seconds) as double) / 86400 / count(*) as lead_time_days
    from orders
    group by grouping sets ((site_id, part_id), (part_id), (site_id), ())  -- noqa: PRS
    having count(*) >= {{ fewest_orders }}

),

counted as (

    select
        stock.site_id,
        stock.part_id,
        count(*) as count_count,
        count(*) filter (where stock.free_quantity >= 1) as ready_count,
        cast(sum(stock.on_hand_quantity) as decimal(38, 4)) as on_hand_quantity,
        cast(sum(stock.free_quantity) as decimal(38, 4)) as free_quantity
    from {{ ref('int_part_stock_judged') }} as stock
    cross join histories
    where
        histories.week_count >= {{ fewest_weeks }}
        and stock.stock_date <= histories.last_date
        and {{ dbt.datediff('stock.stock_date', 'histories.last_date', 'day') }}
        < histories.week_count * 7
    group by stock.site_id, stock.part_id

),

-- What a piece cost when it was last asked for, at whatever site.
prices as (

    select
        part_id,
        part_name,
        unit_cost_amount,
        row_number() over (
            partition by part_id
            order by unit_cost_amount is null, requested_at desc, part_line_id desc
        ) as recency
    from part_lines

),

pairs as (

    select
        site_id,
        part_id
    from demands
    union
    select
        site_id,
        part_id
    from counted

),

joined as (

    select
        pairs.site_id,
        pairs.part_id,
        prices.part_name,
        prices.unit_cost_amount,
        histories.week_count,
        coalesce(demands.demand_quantity, 0) as demand_quantity,
        cast(coalesce(demands.demand_quantity, 0) as double) as pieces,
        cast(demands.squares as double) as squares,
        coalesce(counted.count_count, 0) as count_count,
        coalesce(counted.ready_count, 0) as ready_count,
        cast(counted.on_hand_quantity as double) / counted.count_count as on_hand_mean_quantity,
        cast(counted.free_quantity as double) / counted.count_count as free_mean_quantity,
        coalesce(
            own.lead_time_days,
            of_part.lead_time_days,
            of_site.lead_time_days,
            of_all.lead_time_days
        ) as lead_time_days,
        coalesce(
            own.order_count, of_part.order_count, of_site.order_count, of_all.order_count, 0
        ) as order_count,
        case
            when own.order_count is not null then 'site_and_part'
            when of_part.order_count is not null then 'part'
            when of_site.order_count is not null then 'site'
            when of_all.order_count is not null then 'all'
            else 'none'
        end as lead_time_basis
    from pairs
    cross join histories
    left join demands on pairs.site_id = demands.site_id and pairs.part_id = demands.part_id
    left join counted on pairs.site_id = counted.site_id and pairs.part_id = counted.part_id
    left join prices on pairs.part_id = prices.part_id and prices.recency = 1
    left join lead_times as own
        on
            own.is_any_site = 0
            and own.is_any_part = 0
            and pairs.site_id = own.site_id
            and pairs.part_id = own.part_id
    left join lead_times as of_part
        on of_part.is_any_site = 1 and of_part.is_any_part = 0 and pairs.part_id = of_part.part_id
    left join lead_times as of_site
        on of_site.is_any_site = 0 and of_site.is_any_part = 1 and pairs.site_id = of_site.site_id
    left join lead_times as of_all on of_all.is_any_site = 1 and of_all.is_any_part = 1

),

-- The index of dispersion of the weeks (R. A. Fisher 1925): (Σx² − (Σx)²/W) / mean, chi-square with
-- W − 1 degrees where demand is Poisson. Few pieces say nothing of it.
dispersed as (

    select
        *,
        case
            when pieces >= {{ fewest_pieces }}
                then (squares - pieces * pieces / week_count) / (pieces / week_count)
        end as dispersion_index
    from joined

),

distributed as (

    select
        *,
        case
            when dispersion_index > {{ chi_square_99('(week_count - 1)') }}
                then dispersion_index / (week_count - 1)
            else 1.0
        end as dispersion_ratio
    from dispersed

)

select
    site_id,
    part_id,
    part_name,
    unit_cost_amount,
    cast(week_count as bigint) as week_count,
    demand_quantity,
    dispersion_ratio,
    lead_time_basis,
    cast(order_count as bigint) as order_count,
    lead_time_days,
    cast(count_count as bigint) as count_count,
    cast(ready_count as bigint) as ready_count,
    on_hand_mean_quantity,
    free_mean_quantity,
    pieces / (week_count * 7) * lead_time_days as pipeline_quantity,
    -- An overdispersed piece tells less of the rate than a Poisson one: as if there were fewer.
    {{ poisson_bound('(pieces / dispersion_ratio)', '(week_count * 7 / dispersion_ratio)', '-') }}
    * lead_time_days as pipeline_low_quantity,
    {{ poisson_bound('(pieces / dispersion_ratio)', '(week_count * 7 / dispersion_ratio)', '+') }}
    * lead_time_days as pipeline_high_quantity
from distributed
