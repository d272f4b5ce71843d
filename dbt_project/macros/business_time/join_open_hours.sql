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
