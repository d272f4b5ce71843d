{#
    Median and 90th percentile, exact and interpolated, as a list of two: one pass over the values
    serves both.
#}
{% macro quantile_pair(value) -%}
    {{ return(adapter.dispatch('quantile_pair')(value)) }}
{%- endmacro %}

{% macro default__quantile_pair(value) -%}
    quantile_cont({{ value }}, [0.5, 0.9])
{%- endmacro %}
