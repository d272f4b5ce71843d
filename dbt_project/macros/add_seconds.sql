{# A timestamp so many whole seconds later. #}
{% macro add_seconds(timestamp_expression, seconds) -%}
    {{ return(adapter.dispatch('add_seconds')(timestamp_expression, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(timestamp_expression, seconds) -%}
    {{ timestamp_expression }} + to_seconds({{ seconds }})
{%- endmacro %}

{% macro spark__add_seconds(timestamp_expression, seconds) -%}
    timestamp_micros(unix_micros({{ timestamp_expression }}) + cast(cast({{ seconds }} as decimal(18, 3)) * 1000000 as bigint))
{%- endmacro %}
