with settings as (

    -- As-of at a local midnight has not seen the day that begins.
    select {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
    from {{ ref('stg_build_settings') }}

),

stock as (

    select part_stock.*
    from {{ ref('stg_part_stock') }} as part_stock
    cross join settings
    where part_stock.stock_date <= settings.last_date

),

part_lines as (

    select * from {{ ref('int_part_lines_costed') }}

),

-- A source that never tells a use uses a part with the request.
sources as (

    select
        source,
        bool_or(used_at is not null) as follows_uses
    from part_lines
    group by source

),

uses as (

    select
        part_lines.site_id,
        part_lines.part_id,
        sum(part_lines.quantity) as used_quantity,
        case
            when sources.follows_uses then {{ local_date('part_lines.used_at') }}
            else {{ local_date('part_lines.requested_at') }}
        end as used_date
    from part_lines
    inner join sources on part_lines.source = sources.source
    where
        part_lines.returned_at is null
        and (part_lines.used_at is not null or not sources.follows_uses)
    group by
        part_lines.site_id,
        part_lines.part_id,
        case
            when sources.follows_uses then {{ local_date('part_lines.used_at') }}
            else {{ local_date('part_lines.requested_at') }}
        end

),

histories as (

    select min({{ local_date('requested_at') }}) as first_date
    from part_lines

),

points as (

    select
        site_id,
        part_id,
        used_quantity,
        false as is_count,
        used_date as point_date
    from uses

    union all

    select
        site_id,
        part_id,
        cast(0 as decimal(38, 4)) as used_quantity,
        true as is_count,
        stock_date as point_date
    from stock

),

-- The ninety days before the day of the count.
rolled as (

    select
        site_id,
        part_id,
        is_count,
        sum(used_quantity) over (
            partition by site_id, part_id
            order by point_date
            range between interval 90 day preceding and interval 1 day preceding
        ) as used_quantity,
        point_date
    from points

)

select
    stock.site_id,
    stock.part_id,
    stock.source,
    stock.on_hand_quantity,
    stock.reserved_quantity,
    stock.reorder_quantity,
    cast(
        stock.on_hand_quantity - coalesce(stock.reserved_quantity, 0) as decimal(18, 4)
    ) as free_quantity,
    cast(
        case
            when histories.first_date + interval 90 day <= stock.stock_date
                then coalesce(rolled.used_quantity, 0)
        end as decimal(18, 4)
    ) as used_90d_quantity,
    case
        when stock.reorder_quantity is not null
            then
                stock.on_hand_quantity - coalesce(stock.reserved_quantity, 0)
                >= stock.reorder_quantity
        else stock.on_hand_quantity - coalesce(stock.reserved_quantity, 0) > 0
    end as is_sufficient,
    stock.stock_date
from stock
cross join histories
inner join rolled
    on
        stock.site_id = rolled.site_id
        and stock.part_id = rolled.part_id
        and stock.stock_date = rolled.point_date
        and rolled.is_count
