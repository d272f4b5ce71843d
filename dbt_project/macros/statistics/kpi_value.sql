{# The value of a KPI from its parts, by its kind; empty where the denominator is 0. #}
{% macro kpi_value(kind, numerator, denominator) -%}
    case
        when {{ kind }} = 'total' then {{ numerator }}
        when {{ kind }} = 'net_score' then 100 * {{ numerator }} / nullif({{ denominator }}, 0)
        else {{ numerator }} / nullif({{ denominator }}, 0)
    end
{%- endmacro %}

{#
    One end of the 95 % interval of a KPI, by the method that the registry names; `sign` is '-' or
    '+'.
#}
{% macro kpi_interval_bound(method, numerator, denominator, squares, sign) -%}
    case
        when {{ method }} = 'wilson' then {{ wilson_bound(numerator, denominator, sign) }}
        when {{ method }} = 'normal' then {{ normal_bound(numerator, squares, denominator, sign) }}
        when {{ method }} = 'poisson' then {{ poisson_bound(numerator, denominator, sign) }}
        when {{ method }} = 'adjusted_wald' then {{ adjusted_wald_bound(numerator, squares, denominator, sign) }}
    end
{%- endmacro %}

{# A value against its target; near is within a tenth of the distance from worst to best. #}
{% macro kpi_status(value, direction, target, worst, best) -%}
    case
        when {{ value }} is null then 'no_value'
        when {{ target }} is null then 'no_target'
        when {{ direction }} = 'higher' and {{ value }} >= {{ target }} then 'on_target'
        when {{ direction }} = 'lower' and {{ value }} <= {{ target }} then 'on_target'
        when abs({{ value }} - {{ target }}) <= 0.1 * abs({{ best }} - {{ worst }}) then 'near_target'
        else 'off_target'
    end
{%- endmacro %}
