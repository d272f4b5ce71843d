{# An instant that had passed at as-of, else empty: the build does not see later ones. #}
{% macro known_by(timestamp_expression, as_of_at) -%}
    case when {{ timestamp_expression }} <= {{ as_of_at }} then {{ timestamp_expression }} end
{%- endmacro %}
