{# A select list entry that makes one row per day from the first to the last, both included. #}
{% macro list_days(first_date, last_date) -%}
    {{ return(adapter.dispatch('list_days')(first_date, last_date)) }}
{%- endmacro %}

{% macro default__list_days(first_date, last_date) -%}
    cast(unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__list_days(first_date, last_date) -%}
    explode(sequence({{ first_date }}, {{ last_date }}, interval 1 day))
{%- endmacro %}
