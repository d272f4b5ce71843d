{#
    Standard deviation of a sample from its sum, sum of squares and count; empty below two items, of which nobody can tell
    a spread.
#}
{% macro sample_deviation(total, squares, trials) -%}
    case
        when {{ trials }} > 1
            then sqrt(greatest(
                0.0, ({{ squares }} - {{ total }} * {{ total }} / {{ trials }}) / ({{ trials }} - 1)
            ))
    end
{%- endmacro %}
