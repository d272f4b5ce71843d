{#
    What the build says of the company. Asked only when SQL is made for a run: a variable of the environment that parsing
    reads makes dbt parse whatever it touches anew in every build whose company has another.
#}
{% macro said_by_build(variable, otherwise) -%}
    {{ return(env_var(variable, otherwise) if execute else otherwise) }}
{%- endmacro %}

{# The company's time zone, by its name in the IANA database. #}
{% macro company_time_zone() -%}
    {{ return(said_by_build('AFTERSALES_TIME_ZONE', 'UTC')) }}
{%- endmacro %}
