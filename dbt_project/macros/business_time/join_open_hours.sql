{#
    Business time is read off a calendar's own clock, which runs while the calendar is open and stands still while it is
    closed. Its reading at an instant, in microseconds, is the instant's position. Elapsed business time is the
    difference of two positions, so B(a, c) = B(a, b) + B(b, c) exactly; a due time is the instant of a position.

    Brings in, as `alias`, the last opening of the calendar that began by the instant; open_us_at reads the position.
    `calendar_id` and `instant` are expressions over the relations before it in the `from` clause. Keeps every row.
#}
{% macro join_open_hours(alias, calendar_id, instant) -%}
    {{ return(adapter.dispatch('join_open_hours')(alias, calendar_id, instant)) }}
{%- endmacro %}

{% macro default__join_open_hours(alias, calendar_id, instant) -%}
    asof left join {{ ref('int_calendar_hours') }} as {{ alias }}
        on {{ calendar_id }} = {{ alias }}.calendar_id and {{ instant }} >= {{ alias }}.opens_at
{%- endmacro %}

{#
    Without an as-of join: an opening is in force until the next, and is met by the day, so that an instant is compared
    with the few openings of its day only. After the last, from which on nothing is known, there is none.
#}
{% macro spark__join_open_hours(alias, calendar_id, instant) -%}
    left join (
        select *, explode(sequence(cast(opens_at as date), cast(next_opens_at as date), interval 1 day)) as day_date
        from (
            select *, lead(opens_at) over (partition by calendar_id order by opens_at) as next_opens_at
            from {{ ref('int_calendar_hours') }}
        ) as hours
        where next_opens_at is not null
    ) as {{ alias }}
        on
            {{ calendar_id }} = {{ alias }}.calendar_id
            and cast({{ instant }} as date) = {{ alias }}.day_date
            and {{ instant }} >= {{ alias }}.opens_at
            and {{ instant }} < {{ alias }}.next_opens_at
{%- endmacro %}
