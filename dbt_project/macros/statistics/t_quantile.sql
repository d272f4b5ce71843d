{#
    The quantile of Student's t of a two-sided 95 % interval, by the expansion of Cornish and Fisher (M. Abramowitz,
    I. A. Stegun 1964, 26.7.5): from five degrees of freedom on it is within 0.001 of the true one. Empty without any.
#}
{% macro t_quantile_95(degrees) -%}
    {%- set z = 1.959963984540054 -%}
    case
        when {{ degrees }} > 0 then
            {{ z }}
            + {{ (z ** 3 + z) / 4 }} / {{ degrees }}
            + {{ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 }} / ({{ degrees }} * {{ degrees }})
            + {{ (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 }}
            / ({{ degrees }} * {{ degrees }} * {{ degrees }})
            + {{ (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160 }}
            / ({{ degrees }} * {{ degrees }} * {{ degrees }} * {{ degrees }})
    end
{%- endmacro %}
