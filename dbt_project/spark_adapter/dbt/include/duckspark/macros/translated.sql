{# What dbt builds from a model's query, and what it asks of a test's: the one place where SQL is translated. #}
{% macro duckspark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(compiled_code) }}
        {%- set compiled_code = get_select_subquery(compiled_code) -%}
    {%- endif -%}
    create table {{ relation }}
    {{ file_format_clause() }}
    as {{ adapter.translate(compiled_code) }}
{%- endmacro %}

{# Spark's Parquet tables know no constraints; both come when the marts come back to DuckDB, where readers see them. #}
{% macro duckspark__persist_constraints(relation, model) -%}
{%- endmacro %}

{% macro duckspark__persist_docs(relation, model, for_relation, for_columns) -%}
{%- endmacro %}

{% macro duckspark__create_view_as(relation, sql) -%}
    create or replace view {{ relation }} as {{ adapter.translate(sql) }}
{%- endmacro %}

{% macro duckspark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ adapter.translate(default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit)) }}
{%- endmacro %}
