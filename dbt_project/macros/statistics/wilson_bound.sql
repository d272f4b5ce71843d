{#
    Wilson's 95 % interval of a share of counted items; empty without items. It stays within 0 and 1, and is honest for
    small samples and shares near 0 or 1, where the normal interval is not.
    `sign` is '-' for the lower end, '+' for the upper.
#}
{% macro wilson_bound(successes, trials, sign) -%}
    case
        when {{ trials }} > 0 then
            {{ bound_including(wilson_end(successes, trials, sign), successes ~ ' / ' ~ trials, sign) }}
    end
{%- endmacro %}

{# Wilson's end as the formula gives it. #}
{% macro wilson_end(successes, trials, sign) -%}
    least(1.0, greatest(0.0, (
        {{ successes }} / {{ trials }}
        + {{ z_95() }} * {{ z_95() }} / (2 * {{ trials }})
        {{ sign }} {{ z_95() }} * sqrt(greatest(
            0.0,
            {{ successes }} / {{ trials }} * (1 - {{ successes }} / {{ trials }}) / {{ trials }}
            + {{ z_95() }} * {{ z_95() }} / (4 * {{ trials }} * {{ trials }})
        ))
    ) / (1 + {{ z_95() }} * {{ z_95() }} / {{ trials }})))
{%- endmacro %}
