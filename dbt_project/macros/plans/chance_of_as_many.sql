{#
    The body of a query with one row per row of `draws` (draw_id; whole numbers `items`, `hits` of them, and of a sample of
    `drawn` of these items `found` hits) and its `chance`: how likely at least `found` are where the sample is drawn at
    random, the upper tail of the hypergeometric distribution (R. A. Fisher's exact test, one-sided). The weights run along
    the ratio of neighbours, in logarithms added as decimals, and are divided by their sum: no factorial, no order.
#}
{% macro chance_of_as_many(draws) -%}
with possible as (

    select
        draw_id,
        items,
        hits,
        drawn,
        found,
        {{ list_numbers('greatest(0, drawn + hits - items)', 'least(drawn, hits)') }} as number
    from {{ draws }}

),

logged as (

    select
        draw_id,
        found,
        number,
        sum(
            cast(
                case
                    when number = greatest(0, drawn + hits - items) then 0
                    else
                        ln(
                            cast(hits - number + 1 as double) * (drawn - number + 1)
                            / (cast(number as double) * (items - drawn - hits + number))
                        )
                end as decimal(18, 12)
            )
        ) over (
            partition by draw_id order by number rows between unbounded preceding and current row
        ) as log_weight
    from possible

),

scaled as (

    select
        draw_id,
        found,
        number,
        cast(
            exp(cast(log_weight - max(log_weight) over (partition by draw_id) as double)) as decimal(20, 18)
        ) as weight
    from logged

)

select
    draw_id,
    cast(coalesce(sum(weight) filter (where number >= found), 0) as double) / cast(sum(weight) as double) as chance
from scaled
group by draw_id
{%- endmacro %}
