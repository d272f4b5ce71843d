with as_of as (

    select * from {{ ref('int_kpi_as_of') }}

),

purchases as (

    select * from {{ ref('fct_purchases') }}

),

sold_lines as (

    select
        *,
        case
            when quantity <= 0 then 'correction'
            when unit_price_amount <= 0 then 'no_price'
            else 'counted'
        end as sale_state
    from purchases
    where purchase_kind = 'order'

),

-- One item per order and product: what is given back names no line.
sales as (

    select
        source,
        case when order_id is null then 'line ' || purchase_id else 'order ' || order_id end
            as order_key,
        product_id,
        product_family,
        sale_state,
        min(purchase_id) as purchase_id,
        sum(quantity) as sold_quantity,
        min(purchased_at) as sold_at
    from sold_lines
    group by
        source,
        case when order_id is null then 'line ' || purchase_id else 'order ' || order_id end,
        product_id,
        product_family,
        sale_state

),

given_back as (

    select
        purchase_id,
        source,
        'order ' || order_id as order_key,
        product_id,
        product_family,
        abs(quantity) as back_quantity,
        purchased_at as back_at
    from purchases
    where purchase_kind = 'cancellation'

),

-- Matched with the sale of the same order and product, where the order says so.
matched as (

    select
        given_back.*,
        sales.sold_at,
        sales.order_key is not null as is_matched,
        coalesce(given_back.back_at <= sales.sold_at + interval 30 day, false) as is_in_time
    from given_back
    left join sales
        on
            given_back.source = sales.source
            and given_back.order_key = sales.order_key
            and given_back.product_id = sales.product_id
            and sales.sale_state = 'counted'

),

returned_units as (

    select
        source,
        order_key,
        product_id,
        sum(back_quantity) as back_quantity
    from matched
    where is_in_time
    group by source, order_key, product_id

),

returns_of_sales as (

    select
        sales.purchase_id,
        sales.product_family,
        case
            when sales.sale_state <> 'counted' then sales.sale_state
            when sales.sold_at + interval 30 day > as_of.as_of_at then 'immature'
            else 'counted'
        end as item_state,
        case
            when sales.sale_state = 'counted' then coalesce(returned_units.back_quantity, 0)
            else 0
        end as numerator,
        sales.sold_quantity as denominator,
        {{ local_date('sales.sold_at') }} as counted_date
    from sales
    cross join as_of
    left join returned_units
        on
            sales.source = returned_units.source
            and sales.order_key = returned_units.order_key
            and sales.product_id = returned_units.product_id

),

-- What names no sale counts on the day it came back, against the sales of that day.
other_returns as (

    select
        matched.purchase_id,
        matched.product_family,
        case
            when matched.is_matched then 'late_return'
            when matched.back_at + interval 30 day > as_of.as_of_at then 'immature'
            else 'counted'
        end as item_state,
        matched.back_quantity as numerator,
        0 as denominator,
        {{ local_date('matched.back_at') }} as counted_date
    from matched
    cross join as_of
    where not matched.is_in_time

),

all_returns as (

    select * from returns_of_sales
    union all
    select * from other_returns

),

products as (

    select
        product_id,
        product_family
    from {{ ref('dim_products') }}

),

visits as (

    select
        asset_id,
        visit_kind,
        outcome,
        requested_date
    from {{ ref('fct_visits') }}

),

records as (

    select min(requested_date) as first_date from visits

),

-- A unit installed before the first visit on record may have failed unseen.
units as (

    select
        assets.asset_id,
        assets.installed_date,
        coalesce(products.product_family, 'unknown') as product_family,
        case
            when assets.installed_date is null then 'not_recorded'
            when assets.installed_date > as_of.last_date then 'not_installed'
            when assets.installed_date < records.first_date then 'not_observed'
            when assets.installed_date + interval 90 day > as_of.last_date then 'immature'
            else 'counted'
        end as item_state,
        least(
            greatest(
                coalesce(assets.installed_date, assets.sold_date, as_of.last_date),
                records.first_date
            ),
            as_of.last_date
        ) as counted_date
    from {{ ref('stg_assets') }} as assets
    cross join as_of
    cross join records
    left join products on assets.product_id = products.product_id
    where records.first_date is not null

),

faulty_units as (

    select distinct units.asset_id
    from units
    inner join visits
        on
            units.asset_id = visits.asset_id
            and units.installed_date <= visits.requested_date
            and units.installed_date + interval 90 day >= visits.requested_date
    where visits.visit_kind = 'corrective' and visits.outcome <> 'cancelled'

),

returned as (

    select
        'product_return_rate' as kpi_id,
        'purchase' as subject_kind,
        purchase_id as subject_id,
        cast(null as varchar) as technician_id,
        'unknown' as site_id,
        product_family,
        'unknown' as channel,
        'unknown' as priority,
        item_state,
        cast(numerator as decimal(18, 4)) as numerator,
        cast(denominator as decimal(18, 4)) as denominator,
        counted_date
    from all_returns

),

defective as (

    select
        'defect_rate' as kpi_id,
        'asset' as subject_kind,
        units.asset_id as subject_id,
        cast(null as varchar) as technician_id,
        'unknown' as site_id,
        units.product_family,
        'unknown' as channel,
        'unknown' as priority,
        units.item_state,
        cast(case when faulty_units.asset_id is not null then 1 else 0 end as decimal(18, 4))
            as numerator,
        cast(1 as decimal(18, 4)) as denominator,
        units.counted_date
    from units
    left join faulty_units on units.asset_id = faulty_units.asset_id

)

select * from returned
union all
select * from defective
