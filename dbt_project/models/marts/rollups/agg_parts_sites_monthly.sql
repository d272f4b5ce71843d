with lines as (

    select
        filled.part_line_id,
        filled.site_id,
        filled.part_id,
        filled.fill_state,
        filled.is_same_day,
        filled.is_in_stock,
        part_lines.part_name,
        part_lines.delivery_seconds,
        part_lines.is_on_time,
        cast(date_trunc('month', filled.requested_date) as date) as month_start_date
    from {{ ref('int_part_lines_filled') }} as filled
    inner join {{ ref('fct_part_lines') }} as part_lines
        on filled.part_line_id = part_lines.part_line_id

),

stock as (

    select
        *,
        cast(date_trunc('month', stock_date) as date) as month_start_date,
        row_number() over (
            partition by site_id, part_id, date_trunc('month', stock_date)
            order by stock_date desc
        ) as recency
    from {{ ref('fct_part_stock') }}

),

-- What a piece cost when it was last asked for, at whatever site, up to the day of the count.
cost_points as (

    select
        cast(null as varchar) as site_id,
        part_id,
        requested_date as point_date,
        0 as point_order,
        requested_at,
        part_line_id as point_key,
        unit_cost_amount
    from {{ ref('fct_part_lines') }}
    where unit_cost_amount is not null and part_id is not null

    union all

    select
        site_id,
        part_id,
        stock_date as point_date,
        1 as point_order,
        cast(null as timestamp) as requested_at,
        site_id as point_key,
        cast(null as decimal(18, 4)) as unit_cost_amount
    from stock
    where recency = 1

),

followed_costs as (

    select
        site_id,
        part_id,
        point_date as stock_date,
        point_order,
        {{ carry_forward(
            'unit_cost_amount', 'part_id', 'point_date, point_order, requested_at, point_key'
        ) }} as unit_cost_amount
    from cost_points

),

valued_stock as (

    select
        stock.*,
        case
            when stock.recency <> 1 then null
            when stock.on_hand_quantity = 0 then cast(0 as decimal(18, 4))
            else
                {{ multiply_amounts('stock.on_hand_quantity', 'followed_costs.unit_cost_amount') }}
        end as on_hand_amount
    from stock
    left join followed_costs
        on
            followed_costs.point_order = 1
            and stock.site_id = followed_costs.site_id
            and stock.part_id = followed_costs.part_id
            and stock.stock_date = followed_costs.stock_date

),

names as (

    select
        part_id,
        max(part_name) as part_name
    from lines
    group by part_id

),

line_cells as (

    select
        month_start_date,
        site_id,
        part_id,
        count(*) as line_count,
        count(*) filter (where fill_state = 'counted') as judged_line_count,
        count(*) filter (where fill_state = 'counted' and (is_same_day or is_in_stock))
            as filled_line_count,
        count(*) filter (where fill_state = 'counted' and is_same_day) as same_day_line_count,
        count(*) filter (where fill_state = 'counted' and is_in_stock) as in_stock_line_count,
        count(delivery_seconds) as delivered_line_count,
        sum(delivery_seconds) as delivery_sum_seconds,
        count(is_on_time) as promised_line_count,
        count(*) filter (where is_on_time) as on_time_line_count,
        0 as count_count,
        0 as sufficient_count,
        0 as empty_count,
        cast(0 as decimal(38, 4)) as covered_quantity,
        cast(0 as decimal(38, 4)) as used_90d_quantity,
        cast(0 as decimal(38, 4)) as last_on_hand_quantity,
        cast(null as decimal(38, 4)) as last_on_hand_amount,
        cast(0 as decimal(38, 4)) as unvalued_quantity
    from lines
    group by month_start_date, site_id, part_id

),

stock_cells as (

    select
        month_start_date,
        site_id,
        part_id,
        0 as line_count,
        0 as judged_line_count,
        0 as filled_line_count,
        0 as same_day_line_count,
        0 as in_stock_line_count,
        0 as delivered_line_count,
        0 as delivery_sum_seconds,
        0 as promised_line_count,
        0 as on_time_line_count,
        count(*) as count_count,
        count(*) filter (where is_sufficient) as sufficient_count,
        count(*) filter (where on_hand_quantity <= 0) as empty_count,
        cast(
            coalesce(sum(on_hand_quantity) filter (where used_90d_quantity > 0), 0)
            as decimal(38, 4)
        ) as covered_quantity,
        cast(
            coalesce(sum(used_90d_quantity) filter (where used_90d_quantity > 0), 0)
            as decimal(38, 4)
        ) as used_90d_quantity,
        cast(coalesce(sum(on_hand_quantity) filter (where recency = 1), 0) as decimal(38, 4))
            as last_on_hand_quantity,
        cast(sum(on_hand_amount) as decimal(38, 4)) as last_on_hand_amount,
        cast(
            coalesce(
                sum(on_hand_quantity) filter (where recency = 1 and on_hand_amount is null), 0
            ) as decimal(38, 4)
        ) as unvalued_quantity
    from valued_stock
    group by month_start_date, site_id, part_id

),

cells as (

    select * from line_cells
    union all
    select * from stock_cells

),

segmented as (

    select
        month_start_date,
        case
            when grouping(site_id) = 0 and grouping(part_id) = 0 then 'site_and_part'
            when grouping(site_id) = 0 then 'site'
            when grouping(part_id) = 0 then 'part'
            else 'all'
        end as segment,
        coalesce(site_id, 'all') as site_id,
        coalesce(part_id, 'all') as part_id,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(judged_line_count) as bigint) as judged_line_count,
        cast(sum(filled_line_count) as bigint) as filled_line_count,
        cast(sum(same_day_line_count) as bigint) as same_day_line_count,
        cast(sum(in_stock_line_count) as bigint) as in_stock_line_count,
        cast(sum(delivered_line_count) as bigint) as delivered_line_count,
        sum(delivery_sum_seconds) as delivery_sum_seconds,
        cast(sum(promised_line_count) as bigint) as promised_line_count,
        cast(sum(on_time_line_count) as bigint) as on_time_line_count,
        cast(sum(count_count) as bigint) as count_count,
        cast(sum(sufficient_count) as bigint) as sufficient_count,
        cast(sum(empty_count) as bigint) as empty_count,
        sum(covered_quantity) as covered_quantity,
        sum(used_90d_quantity) as used_90d_quantity,
        sum(last_on_hand_quantity) as last_on_hand_quantity,
        sum(last_on_hand_amount) as last_on_hand_amount,
        sum(unvalued_quantity) as unvalued_quantity
    from cells
    group by grouping sets (  -- noqa: PRS
        (month_start_date),
        (month_start_date, site_id),
        (month_start_date, part_id),
        (month_start_date, site_id, part_id)
    )

),

counted as (

    select
        *,
        cast(filled_line_count as double) as filled,
        cast(judged_line_count as double) as judged
    from segmented

)

select
    counted.month_start_date,
    counted.segment,
    counted.site_id,
    counted.part_id,
    names.part_name,
    counted.line_count,
    counted.judged_line_count,
    counted.filled_line_count,
    counted.same_day_line_count,
    counted.in_stock_line_count,
    counted.delivered_line_count,
    counted.promised_line_count,
    counted.on_time_line_count,
    counted.count_count,
    counted.sufficient_count,
    counted.empty_count,
    counted.filled / nullif(counted.judged, 0) as fill_rate,
    {{ wilson_bound('counted.filled', 'counted.judged', '-') }} as fill_rate_low,
    {{ wilson_bound('counted.filled', 'counted.judged', '+') }} as fill_rate_high,
    cast(counted.delivery_sum_seconds as double)
    / nullif(counted.delivered_line_count, 0) as delivery_mean_seconds,
    cast(counted.sufficient_count as double) / nullif(counted.count_count, 0) as sufficiency_share,
    90 * cast(counted.covered_quantity as double)
    / nullif(cast(counted.used_90d_quantity as double), 0) as cover_days,
    case
        when counted.count_count > 0 then cast(counted.last_on_hand_quantity as decimal(18, 4))
    end as last_on_hand_quantity,
    cast(counted.last_on_hand_amount as decimal(18, 4)) as last_on_hand_amount,
    case
        when counted.count_count > 0 then cast(counted.unvalued_quantity as decimal(18, 4))
    end as unvalued_quantity
from counted
left join names on counted.part_id = names.part_id
