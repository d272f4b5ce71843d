{#
    Two-sided p-value of a normal deviate: erfc(|z|/√2) by M. Abramowitz, I. A. Stegun 1964, "Handbook of Mathematical
    Functions", 7.1.26, right to 1.5e-7; neither DuckDB nor Spark has the error function.
#}
{% macro two_sided_p(deviate) -%}
    {%- set t = '(1 / (1 + 0.3275911 * abs(' ~ deviate ~ ') / sqrt(2.0)))' -%}
    (
        {{ t }} * (
            0.254829592 + {{ t }} * (
                -0.284496736 + {{ t }} * (
                    1.421413741 + {{ t }} * (-1.453152027 + {{ t }} * 1.061405429)
                )
            )
        )
    ) * exp(-({{ deviate }}) * ({{ deviate }}) / 2)
{%- endmacro %}

{#
    S. Holm's p-value of a family of tests (1979, Scandinavian Journal of Statistics 6): with the p-values in order, the
    i-th of m counts (m − i + 1) times, and none less than those before it. If nothing is associated at all, the chance that
    any of the family falls below 5 % is 5 %. `p_value` is empty where nothing was tested; `family` and `ties` are columns.
#}
{% macro holm_p(p_value, position, size, family, ties) -%}
    case
        when {{ p_value }} is not null then
            max(least(1.0, ({{ size }} - {{ position }} + 1) * {{ p_value }})) over (
                partition by {{ family | join(', ') }}, {{ p_value }} is null
                order by {{ p_value }}, {{ ties | join(', ') }}
                rows between unbounded preceding and current row
            )
    end
{%- endmacro %}
