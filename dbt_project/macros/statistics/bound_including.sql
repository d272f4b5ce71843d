{#
    An end of an interval that does not leave its own estimate outside: the adjusted intervals pull towards the middle,
    and at 0 %, 100 % or ±100 (or by the last bit of a rounding) they would. `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro bound_including(bound, estimate, sign) -%}
    {{ 'least' if sign == '-' else 'greatest' }}({{ bound }}, {{ estimate }})
{%- endmacro %}
