{#
    Shewhart's individuals chart (XmR chart, 单值–移动极差控制图), as D. J. Wheeler teaches it ("Understanding Variation",
    1993): the natural limits of single readings are their mean ± 2.66 × the mean of the ranges from one reading to the
    next. 2.66 is 3 / 1.128: three standard deviations, and 1.128 is how far apart two readings of one standard deviation
    are in the mean.
#}
{% macro individuals_chart_factor() -%}
    2.66
{%- endmacro %}

{# Fewer readings than these make no limits. #}
{% macro individuals_chart_minimum() -%}
    8
{%- endmacro %}

{# Older readings than these tell another time. #}
{% macro individuals_chart_maximum() -%}
    24
{%- endmacro %}

{# So many readings in a row on one side of the mean are a run (Western Electric's fourth rule). #}
{% macro individuals_chart_run() -%}
    8
{%- endmacro %}

{#
    Two of three readings in a row, the last among them, lie more than two thirds of the way from the mean to the same limit
    (Western Electric's second rule, "Statistical Quality Control Handbook", 1956). `sign` is '+' for the upper limit, '-'
    for the lower one.
#}
{% macro is_twice_near_limit(center, reach, sign) -%}
    {{ sign }}(value - {{ center }}) * 3 > 2 * {{ reach }}
    and (
        {{ sign }}(cast(reading_1_before as double) - {{ center }}) * 3 > 2 * {{ reach }}
        or {{ sign }}(cast(reading_2_before as double) - {{ center }}) * 3 > 2 * {{ reach }}
    )
{%- endmacro %}

{# Readings of fewer items than these are anecdotes: what a change of them means is not said. #}
{% macro least_sample_of_a_change() -%}
    5
{%- endmacro %}
