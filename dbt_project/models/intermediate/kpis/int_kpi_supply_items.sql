with part_lines as (

    select * from {{ ref('int_part_lines_filled') }}

),

stock as (

    select * from {{ ref('fct_part_stock') }}

),

visits as (

    select
        *,
        {{ local_date('coalesce(completed_at, arrived_at, scheduled_at, requested_at)') }}
            as worked_date
    from {{ ref('fct_visits') }}
    where visit_kind = 'corrective' and outcome in ('completed', 'not_fixed')

),

filled as (

    select
        'parts_fill_rate' as kpi_id,
        'part_line' as subject_kind,
        part_line_id as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        product_family,
        fill_state as item_state,
        cast(case when is_same_day or is_in_stock then 1 else 0 end as decimal(18, 4))
            as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        requested_date as counted_date
    from part_lines

),

sufficient as (

    select
        'stock_sufficiency' as kpi_id,
        'stock_count' as subject_kind,
        concat_ws('|', site_id, part_id, cast(stock_date as varchar)) as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        'unknown' as product_family,
        'counted' as item_state,
        cast(case when is_sufficient then 1 else 0 end as decimal(18, 4)) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        stock_date as counted_date
    from stock

),

-- Pieces on hand over pieces used a day: what nobody used for ninety days has no cover, not an
-- endless one.
covering as (

    select
        'stock_cover_days' as kpi_id,
        'stock_count' as subject_kind,
        concat_ws('|', site_id, part_id, cast(stock_date as varchar)) as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        'unknown' as product_family,
        case
            when used_90d_quantity is null then 'short_history'
            when used_90d_quantity = 0 then 'no_usage'
            else 'counted'
        end as item_state,
        cast(on_hand_quantity * 90 as decimal(18, 4)) as numerator,
        used_90d_quantity as denominator,
        stock_date as counted_date
    from stock

),

lost as (

    select
        'visits_lost_to_parts_rate' as kpi_id,
        'visit' as subject_kind,
        visit_id as subject_id,
        cast(null as varchar) as technician_id,
        site_id,
        product_family,
        case
            when outcome = 'not_fixed' and non_fix_reason is null then 'reason_unknown'
            else 'counted'
        end as item_state,
        cast(
            case when outcome = 'not_fixed' and non_fix_reason = 'part_missing' then 1 else 0 end
            as decimal(18, 4)
        ) as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        worked_date as counted_date
    from visits

),

supply_items as (

    select * from filled
    union all
    select * from sufficient
    union all
    select * from covering
    union all
    select * from lost

)

select
    kpi_id,
    subject_kind,
    subject_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as channel,
    'unknown' as priority,
    item_state,
    numerator,
    denominator,
    counted_date
from supply_items
