{#
    At most the two-sided probability that chance alone carries a standard normal number as far from 0 as `deviations`:
    2 · φ(z) / z, which lies above the true tail for every z > 0 and close to it from 2 on (R. D. Gordon 1941, "Values of
    Mills' ratio", Annals of Mathematical Statistics 12). Never above 1. It needs no error function, which engines lack.
#}
{% macro normal_tail(deviations) -%}
    case
        when {{ deviations }} > 0.7
            then least(1.0, 2 * exp(-{{ deviations }} * {{ deviations }} / 2) / ({{ deviations }} * sqrt(2 * pi())))
        else 1.0
    end
{%- endmacro %}
