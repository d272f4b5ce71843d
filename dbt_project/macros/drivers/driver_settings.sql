{# Fewer exposed or unexposed items than these are not compared: of a handful the normal interval is not to be trusted. #}
{% macro least_exposed() -%}
    20
{%- endmacro %}

{# A mix that leaves more than this share of the exposed without anybody like them is too fine for the sample. #}
{% macro least_compared_share() -%}
    0.8
{%- endmacro %}

{# Above this the family's p-value (Holm) leaves it to chance. #}
{% macro significance_level() -%}
    0.05
{%- endmacro %}

{# Months after a request in which leaving is laid to it. #}
{% macro months_followed() -%}
    12
{%- endmacro %}

{# Months before as-of in which an exposure is fresh enough to act on. #}
{% macro months_at_risk() -%}
    3
{%- endmacro %}

{#
    A site is slow where it resolves so many times as often late as its work lets expect, and not by chance. Of many
    requests every small difference is more than chance; one of a quarter is felt.
#}
{% macro slow_site_ratio() -%}
    1.25
{%- endmacro %}

{# The stratum of an item under the adjustment that column `adjustment` names; without one all are of one stratum. #}
{% macro driver_stratum(adjustment) -%}
    case {{ adjustment }}
        {%- for name, columns in var('driver_mixes').items() %}
        when '{{ name }}' then {{ columns | join(" || '|' || ") }}
        {%- endfor %}
        else 'all'
    end
{%- endmacro %}
