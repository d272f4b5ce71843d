{#
    Brings in, as `alias`, the opening of the calendar in which the position is reached: the last that began before it,
    so that a target used up exactly at closing time is due then and not at the next opening. Keeps every row.
#}
{% macro join_due_hours(alias, calendar_id, position) -%}
    {{ return(adapter.dispatch('join_due_hours')(alias, calendar_id, position)) }}
{%- endmacro %}

{% macro default__join_due_hours(alias, calendar_id, position) -%}
    asof left join (
        select * from {{ ref('int_calendar_hours') }} where opens_at is distinct from closes_at
    ) as {{ alias }}
        on {{ calendar_id }} = {{ alias }}.calendar_id and {{ position }} > {{ alias }}.open_us_before
{%- endmacro %}

{#
    Without an as-of join: positions up to the next opening's are reached in this one, and met by days of open time
    (86400000000 microseconds). Beyond the last, from which on nothing is known, there is none.
#}
{% macro spark__join_due_hours(alias, calendar_id, position) -%}
    left join (
        select
            *,
            explode(sequence(
                cast(floor(open_us_before / 86400000000) as bigint),
                cast(floor(next_open_us_before / 86400000000) as bigint)
            )) as open_day
        from (
            select *, lead(open_us_before) over (partition by calendar_id order by opens_at) as next_open_us_before
            from {{ ref('int_calendar_hours') }}
            where opens_at is distinct from closes_at
        ) as hours
        where next_open_us_before is not null
    ) as {{ alias }}
        on
            {{ calendar_id }} = {{ alias }}.calendar_id
            and cast(floor({{ position }} / 86400000000) as bigint) = {{ alias }}.open_day
            and {{ position }} > {{ alias }}.open_us_before
            and {{ position }} <= {{ alias }}.next_open_us_before
{%- endmacro %}
