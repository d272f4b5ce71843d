{# Microseconds from one UTC timestamp to another, an exact whole number. #}
{% macro us_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('us_between')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__us_between(start_at, end_at) -%}
    (epoch_us({{ end_at }}) - epoch_us({{ start_at }}))
{%- endmacro %}

{% macro spark__us_between(start_at, end_at) -%}
    (unix_micros({{ end_at }}) - unix_micros({{ start_at }}))
{%- endmacro %}
