{#
    95 % interval of a rate of events per item, such as complaints per request, by Byar's approximation to the exact
    Poisson limits; empty without items. No event in ten items leaves room for up to 0.37 per item: a normal interval
    would say 0 and be sure of it.
    `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro poisson_bound(events, trials, sign) -%}
    {%- if sign == '-' -%}
    case
        when {{ trials }} > 0 and {{ events }} > 0 then
            {{ events }} * power(greatest(
                0.0, 1 - 1 / (9 * {{ events }}) - {{ z_95() }} / (3 * sqrt({{ events }}))
            ), 3) / {{ trials }}
        when {{ trials }} > 0 then 0.0
    end
    {%- else -%}
    case
        when {{ trials }} > 0 then
            ({{ events }} + 1)
            * power(1 - 1 / (9 * ({{ events }} + 1)) + {{ z_95() }} / (3 * sqrt({{ events }} + 1)), 3)
            / {{ trials }}
    end
    {%- endif -%}
{%- endmacro %}
