{#
    How many standard deviations a reading lies from the mean of the `readings` before it, when `reach` is three of them as
    those readings tell: a mean of 8 and the ranges between them know little. Student's t of a prediction, with the 0.62 · (n − 1)
    degrees of freedom of a mean moving range (W. A. Woodall, D. C. Montgomery 2000, "Using ranges to estimate
    variability", Quality Engineering 13), turned into a normal number (Abramowitz and Stegun, 26.7.8).
#}
{% macro prediction_deviations(value, center, reach, readings) -%}
    {%- set student = '(3 * abs(' ~ value ~ ' - ' ~ center ~ ') / ' ~ reach ~ ' / sqrt(1 + 1.0 / ' ~ readings ~ '))' -%}
    {%- set freedom = '(0.62 * (' ~ readings ~ ' - 1))' -%}
    {{ student }} * (1 - 1 / (4 * {{ freedom }})) / sqrt(1 + {{ student }} * {{ student }} / (2 * {{ freedom }}))
{%- endmacro %}
