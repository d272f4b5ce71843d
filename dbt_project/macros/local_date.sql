{# The company's local day of a UTC timestamp. The zone is a literal so that the engine resolves it once, not per row. #}
{% macro local_date(timestamp_expression) -%}
    {{ return(adapter.dispatch('local_date')(timestamp_expression)) }}
{%- endmacro %}

{% macro default__local_date(timestamp_expression) -%}
    cast(timezone('{{ company_time_zone() }}', timezone('UTC', {{ timestamp_expression }})) as date)
{%- endmacro %}

{% macro spark__local_date(timestamp_expression) -%}
    cast(from_utc_timestamp({{ timestamp_expression }}, '{{ company_time_zone() }}') as date)
{%- endmacro %}

{# First day of the company's local month of a UTC timestamp. #}
{% macro local_month(timestamp_expression) -%}
    cast(date_trunc('month', {{ local_date(timestamp_expression) }}) as date)
{%- endmacro %}
