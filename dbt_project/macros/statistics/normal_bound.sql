{#
    Normal 95 % interval of a mean from its sum, sum of squares and count, by the sample variance; empty below two items.
    `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro normal_bound(total, squares, trials, sign) -%}
    case
        when {{ trials }} > 1 then
            {{ total }} / {{ trials }}
            {{ sign }} {{ z_95() }} * sqrt(greatest(
                0.0, ({{ squares }} - {{ total }} * {{ total }} / {{ trials }}) / ({{ trials }} - 1) / {{ trials }}
            ))
    end
{%- endmacro %}
