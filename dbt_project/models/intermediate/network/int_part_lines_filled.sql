with settings as (

    select
        as_of_at,
        {{ local_date('as_of_at') }} as as_of_date
    from {{ ref('stg_build_settings') }}

),

part_lines as (

    select
        *,
        {{ local_date('requested_at') }} as requested_date,
        {{ local_date('delivered_at') }} as delivered_date
    from {{ ref('int_part_lines_costed') }}

),

-- A source that never tells a delivery says nothing by the lack of one.
sources as (

    select
        source,
        bool_or(delivered_at is not null) as follows_deliveries
    from part_lines
    group by source

),

points as (

    select
        '' as part_line_id,
        site_id,
        part_id,
        0 as point_order,
        stock_date as point_date,
        stock_date as counted_date,
        on_hand_quantity - coalesce(reserved_quantity, 0) as free_quantity
    from {{ ref('stg_part_stock') }}

    union all

    select
        part_line_id,
        site_id,
        part_id,
        1 as point_order,
        requested_date as point_date,
        cast(null as date) as counted_date,
        cast(null as decimal(18, 4)) as free_quantity
    from part_lines

),

-- The last count on or before the day of the request.
followed as (

    select
        part_line_id,
        {{ carry_forward(
            'counted_date', 'site_id, part_id', 'point_date, point_order, part_line_id'
        ) }} as counted_date,
        {{ carry_forward(
            'free_quantity', 'site_id, part_id', 'point_date, point_order, part_line_id'
        ) }} as free_quantity
    from points

),

stocked as (

    select
        part_lines.*,
        sources.follows_deliveries,
        case
            when followed.counted_date + interval 31 day >= part_lines.requested_date
                then followed.free_quantity
        end as free_quantity,
        settings.as_of_date
    from part_lines
    cross join settings
    inner join sources on part_lines.source = sources.source
    left join followed on part_lines.part_line_id = followed.part_line_id

)

select
    part_line_id,
    site_id,
    product_family,
    part_id,
    part_name,
    free_quantity,
    case
        when delivered_date < requested_date or delivered_at < requested_at then 'time_fault'
        when delivered_date = requested_date or free_quantity >= quantity then 'counted'
        when free_quantity is null and not follows_deliveries then 'not_recorded'
        when delivered_at is null and requested_date >= as_of_date then 'immature'
        else 'counted'
    end as fill_state,
    coalesce(delivered_date = requested_date, false) as is_same_day,
    coalesce(free_quantity >= quantity, false) as is_in_stock,
    requested_date
from stocked
