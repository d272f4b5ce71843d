{# The components of the feeds that are ledgers: of a person's month, and of a site's. Parts are booked line by line. #}
{% macro cost_ledger_components() -%}
    {{ return({
        'labor': ['wage', 'bonus', 'social_insurance', 'training'],
        'operations': ['rent', 'utilities', 'transport', 'tools'],
    }) }}
{%- endmacro %}
