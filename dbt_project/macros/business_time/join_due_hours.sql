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
