{#
    Rows in = rows out: the model has as many rows as its input had items by as-of. `item` is what counts in the input
    (a column counts its distinct values), `seen_at` the instant from which as-of sees it, `left_out` a condition on rows
    that are no items; those are counted apart, so that in = out + left out + later always adds up.
#}
{% test keeps_every_row(model, input, item, seen_at, left_out='false') %}
with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

),

items as (

    select
        {{ item }} as item,
        bool_and({{ left_out }}) as is_left_out,
        min({{ seen_at }}) filter (where not {{ left_out }}) as first_seen_at
    from {{ input }}
    group by {{ item }}

),

counted as (

    select
        count(*) as in_count,
        count(*) filter (where is_left_out) as left_out_count,
        count(*) filter (where not is_left_out and first_seen_at > as_of_at) as later_count
    from items
    cross join settings

),

kept as (

    select count(*) as out_count from {{ model }}

)

select
    in_count,
    out_count,
    left_out_count,
    later_count
from counted
cross join kept
where in_count <> out_count + left_out_count + later_count
{% endtest %}
