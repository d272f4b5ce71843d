{# Months since the year 0 of a date: months as numbers, so that windows of months are differences. #}
{% macro month_number(date_expression) -%}
    cast(extract(year from {{ date_expression }}) * 12 + extract(month from {{ date_expression }}) - 1 as bigint)
{%- endmacro %}
