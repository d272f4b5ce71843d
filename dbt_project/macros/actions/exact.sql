{# A term of a sum as a decimal: unlike those of floating-point numbers its sums do not depend on the order. #}
{% macro exact(expression) -%}
    cast({{ expression }} as decimal(38, 12))
{%- endmacro %}

{# Such a sum as a number to go on with. #}
{% macro exact_sum(expression) -%}
    cast(sum({{ exact(expression) }}) as double)
{%- endmacro %}
