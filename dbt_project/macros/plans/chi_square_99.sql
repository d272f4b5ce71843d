{#
    The 99th percentile of chi-square, by E. B. Wilson and M. M. Hilferty 1931, "The distribution of chi-square", PNAS 17:
    within 0.5 % from ten degrees of freedom on.
#}
{% macro chi_square_99(degrees) -%}
    {{ degrees }} * power(1 - 2 / (9.0 * {{ degrees }}) + 2.3263478740408408 * sqrt(2 / (9.0 * {{ degrees }})), 3)
{%- endmacro %}
