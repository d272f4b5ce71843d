{#
    Kaplan–Meier survival curves without a product over events. At every time, S · G = (items left) / (items), where S is
    the survival of the event and G that of the censoring, taken with events before censorings of the same second
    (Robins 1993; the identity is exact). G falls at censorings only, which are few, so that S after the item at
    `position` (1 to `total`, in order of time) is
        ln S = ln((total − position) / total) + censored_log,   censored_log = Σ ln(n / (n − 1)) over censorings before,
    with n the items at risk at the censoring. Greenwood's sum telescopes alike:
        Σ d / (n (n − d)) = 1 / (total − position) − 1 / total − censored_sum,   censored_sum = Σ 1 / (n (n − 1)).
    Both sums are of decimals: they do not depend on the order in which threads add.
#}
{% macro censored_log(at_risk) -%}
    cast(
        case when {{ at_risk }} > 1 then ln(cast({{ at_risk }} as double) / ({{ at_risk }} - 1)) else 0 end
        as decimal(18, 17)
    )
{%- endmacro %}

{# A censoring's part of Greenwood's sum; see above. #}
{% macro censored_sum(at_risk) -%}
    cast(
        case when {{ at_risk }} > 1 then 1 / (cast({{ at_risk }} as double) * ({{ at_risk }} - 1)) else 0 end
        as decimal(18, 17)
    )
{%- endmacro %}

{#
    −ln S after the item at `position`; empty where nothing is left at risk, and S may be 0.
#}
{% macro survival_hazard(position, total, censored_log) -%}
    case
        when {{ position }} < {{ total }} then
            -ln((cast({{ total }} as double) - {{ position }}) / {{ total }}) - cast({{ censored_log }} as double)
    end
{%- endmacro %}

{# Greenwood's standard error of ln S after the item at `position`. #}
{% macro greenwood_error(position, total, censored_sum) -%}
    case
        when {{ position }} < {{ total }} then
            sqrt(greatest(
                0.0,
                1.0 / ({{ total }} - {{ position }}) - 1.0 / {{ total }} - cast({{ censored_sum }} as double)
            ))
    end
{%- endmacro %}

{#
    −ln of one end of the 95 % interval of S, on the log-log scale (as lifelines and, by conf.type, R's survival):
    S to the power exp(± z · error / −ln S). `sign` is '+' for the lower end of S, '-' for the upper; empty at S = 1 and 0,
    where it is not defined.
#}
{% macro log_log_hazard(hazard, error, sign) -%}
    case
        when {{ hazard }} > 0 then {{ hazard }} * exp({{ sign }} {{ z_95() }} * {{ error }} / {{ hazard }})
    end
{%- endmacro %}

{#
    −ln of the end of S's interval that makes one end of the time's: the lower end of S reaches a share first and makes
    the `low` time, the upper end the `high` one.
#}
{% macro time_bound_hazard(side, position, total, censored_log, censored_sum) -%}
    {%- set hazard = survival_hazard(position, total, censored_log) -%}
    {%- set error = greenwood_error(position, total, censored_sum) -%}
    case
        when {{ side }} = 'low' then {{ log_log_hazard('(' ~ hazard ~ ')', '(' ~ error ~ ')', '+') }}
        else {{ log_log_hazard('(' ~ hazard ~ ')', '(' ~ error ~ ')', '-') }}
    end
{%- endmacro %}
