{# What is published is built in the file that becomes the version; what only leads there, in one beside it. Spark has no databases. #}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {{ custom_database_name if custom_database_name and target.type == 'duckdb' else target.database }}
{%- endmacro %}
