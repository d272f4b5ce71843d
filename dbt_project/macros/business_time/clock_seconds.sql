{# Seconds from 00:00 on a clock to a time HH:MM or HH:MM:SS of it; 24:00 is the end of the day. #}
{% macro clock_seconds(clock) -%}
    {{ return(adapter.dispatch('clock_seconds')(clock)) }}
{%- endmacro %}

{% macro default__clock_seconds(clock) -%}
    cast(substr({{ clock }}, 1, 2) as integer) * 3600
    + cast(substr({{ clock }}, 4, 2) as integer) * 60
    + coalesce(try_cast(substr({{ clock }}, 7, 2) as integer), 0)
{%- endmacro %}
