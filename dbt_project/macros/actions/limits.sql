{# Fewer months than these before and after a measure make no statement about it. #}
{% macro least_months_before() -%}
    8
{%- endmacro %}

{% macro least_months_after() -%}
    3
{%- endmacro %}

{# Older months tell another time; what is more than a year after a measure has other reasons too. #}
{% macro most_months_before() -%}
    24
{%- endmacro %}

{% macro most_months_after() -%}
    12
{%- endmacro %}

{# An extreme month so shortly before a measure is taken to have called for it, named or not. #}
{% macro months_that_call() -%}
    3
{%- endmacro %}
