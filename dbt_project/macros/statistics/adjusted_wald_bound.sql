{#
    Adjusted-Wald 95 % interval of a net promoter score, −100 to 100: three answers are added, ¾ of one a promoter and
    ¾ a detractor, which keeps the interval honest for small samples. Empty without answers.
    `net` is promoters − detractors, `extremes` is promoters + detractors; `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro adjusted_wald_bound(net, extremes, trials, sign) -%}
    case
        when {{ trials }} > 0 then
            {{ bound_including(adjusted_wald_end(net, extremes, trials, sign), '100.0 * ' ~ net ~ ' / ' ~ trials, sign) }}
    end
{%- endmacro %}

{# The adjusted-Wald end as the formula gives it. #}
{% macro adjusted_wald_end(net, extremes, trials, sign) -%}
    least(100.0, greatest(-100.0, 100 * (
        {{ net }} / ({{ trials }} + 3)
        {{ sign }} {{ z_95() }} * sqrt(greatest(
            0.0,
            ({{ extremes }} + 1.5) / ({{ trials }} + 3)
            - {{ net }} / ({{ trials }} + 3) * {{ net }} / ({{ trials }} + 3)
        ) / ({{ trials }} + 3))
    )))
{%- endmacro %}
