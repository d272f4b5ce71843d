{#
    The Mantel–Haenszel ratio of two risks over strata, from the stratum sums of

        r = a·n₀/n,   s = b·n₁/n,   v = (n₁·n₀·(a + b) − a·b·n)/n²

    with a of n₁ exposed and b of n₀ unexposed who had the event, n = n₁ + n₀: ratio = Σr/Σs, and the variance of its
    logarithm Σv/(Σr·Σs) (S. Greenland, J. M. Robins 1985, Biometrics 41). `risk_ratio_term` gives r, s or v of a stratum.
#}
{% macro risk_ratio_term(term, exposed_events, unexposed_events, exposed, unexposed) -%}
    {%- set all = '(' ~ exposed ~ ' + ' ~ unexposed ~ ')' -%}
    cast(
        {%- if term == 'r' %}
        cast({{ exposed_events }} as double) * {{ unexposed }} / {{ all }}
        {%- elif term == 's' %}
        cast({{ unexposed_events }} as double) * {{ exposed }} / {{ all }}
        {%- else %}
        (
            cast({{ exposed }} as double) * {{ unexposed }} * ({{ exposed_events }} + {{ unexposed_events }})
            - cast({{ exposed_events }} as double) * {{ unexposed_events }} * {{ all }}
        ) / (cast({{ all }} as double) * {{ all }})
        {%- endif %}
        as decimal(38, 9)
    )
{%- endmacro %}

{# One end of the 95 % interval of the ratio; empty where one side had no event. `sign` is '-' or '+'. #}
{% macro risk_ratio_bound(r, s, v, sign) -%}
    case
        when {{ r }} > 0 and {{ s }} > 0 then
            {{ r }} / {{ s }} * exp({{ sign }} {{ z_95() }} * sqrt({{ v }} / ({{ r }} * {{ s }})))
    end
{%- endmacro %}
