{#
    One end of the 95 % interval of a difference `value` − `previous` of two independent readings from their own published
    intervals, by square-and-add: R. G. Newcombe 1998, "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17 (method 10), for any two intervals MOVER (G. Y. Zou, A. Donner 2008, Statistics
    in Medicine 27):

        low  = d − √((value − low)² + (previous high − previous)²)
        high = d + √((high − value)² + (previous − previous low)²)

    It keeps what is uneven in the two, as near 0 and 1. `sign` is '-' for the lower end, with `bound` the lower end of the
    value and `previous_bound` the upper one of the previous value; '+' for the upper end, with the other two. Empty where
    one of them is.
#}
{% macro difference_bound(value, bound, previous, previous_bound, sign) -%}
    ({{ value }}) - ({{ previous }})
    {{ sign }} sqrt(
        (({{ value }}) - ({{ bound }})) * (({{ value }}) - ({{ bound }}))
        + (({{ previous_bound }}) - ({{ previous }})) * (({{ previous_bound }}) - ({{ previous }}))
    )
{%- endmacro %}
