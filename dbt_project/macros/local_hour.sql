{# The hour, 0 to 23, that the company's clocks show at a UTC timestamp. #}
{% macro local_hour(timestamp_expression) -%}
    {{ return(adapter.dispatch('local_hour')(timestamp_expression)) }}
{%- endmacro %}

{% macro default__local_hour(timestamp_expression) -%}
    cast(hour(timezone('{{ company_time_zone() }}', timezone('UTC', {{ timestamp_expression }}))) as bigint)
{%- endmacro %}

{% macro spark__local_hour(timestamp_expression) -%}
    cast(hour(from_utc_timestamp({{ timestamp_expression }}, '{{ company_time_zone() }}')) as bigint)
{%- endmacro %}
