{#
    A select of one row per person of `relation`: `ranked_count`, and the first and last rank that the person may have.
    rank_low = 1 + people whose lower bar lies above this person's upper bar, rank_high = all − people whose upper bar lies
    below this person's lower bar; the highest position is rank 1. `keys` are the columns within which people are ranked.
    Counted along the sorted ends of the bars, not pair by pair: the work does not grow with the square of the people.
#}
{% macro rank_bounds(relation, keys, person, low, high) -%}
    select
        {{ keys | join(', ') }},
        {{ person }},
        cast(max(case when is_upper then 1 + lowers_above end) as bigint) as rank_low,
        cast(max(case when not is_upper then people - uppers_below end) as bigint) as rank_high,
        cast(max(people) as bigint) as ranked_count
    from (
        select
            *,
            sum(case when is_upper then 1 else 0 end) over (partition by {{ keys | join(', ') }}) as people,
            coalesce(sum(case when is_upper then 0 else 1 end) over (
                partition by {{ keys | join(', ') }}
                order by position_value desc, is_upper desc, {{ person }}
                rows between unbounded preceding and 1 preceding
            ), 0) as lowers_above,
            coalesce(sum(case when is_upper then 1 else 0 end) over (
                partition by {{ keys | join(', ') }}
                order by position_value, is_upper, {{ person }}
                rows between unbounded preceding and 1 preceding
            ), 0) as uppers_below
        from (
            select {{ keys | join(', ') }}, {{ person }}, {{ low }} as position_value, false as is_upper
            from {{ relation }}
            union all
            select {{ keys | join(', ') }}, {{ person }}, {{ high }} as position_value, true as is_upper
            from {{ relation }}
        ) as edges
    ) as walked
    group by {{ keys | join(', ') }}, {{ person }}
{%- endmacro %}
