-- More money never fills less, at the company and at each site.
with levels as (

    select
        site_id,
        point_number,
        fill_rate,
        stock_amount,
        lag(fill_rate) over (partition by site_id order by stock_amount, fill_rate) as poorer_fill,
        lag(stock_amount) over (partition by site_id order by fill_rate, stock_amount)
            as poorer_amount
    from {{ ref('agg_part_frontier') }}
    where point_kind <> 'today'

)

select *
from levels
where fill_rate < poorer_fill or stock_amount < poorer_amount
