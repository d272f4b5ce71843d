{# A timestamp so many whole seconds later. #}
{% macro add_seconds(timestamp_expression, seconds) -%}
    {{ return(adapter.dispatch('add_seconds')(timestamp_expression, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(timestamp_expression, seconds) -%}
    {{ timestamp_expression }} + to_seconds({{ seconds }})
{%- endmacro %}
