{# A select list entry that makes one row per whole number from the first to the last, both included. #}
{% macro list_numbers(first_number, last_number) -%}
    {{ return(adapter.dispatch('list_numbers')(first_number, last_number)) }}
{%- endmacro %}

{% macro default__list_numbers(first_number, last_number) -%}
    unnest(generate_series(cast({{ first_number }} as bigint), cast({{ last_number }} as bigint)))
{%- endmacro %}

{% macro spark__list_numbers(first_number, last_number) -%}
    explode(sequence(cast({{ first_number }} as bigint), cast({{ last_number }} as bigint)))
{%- endmacro %}
