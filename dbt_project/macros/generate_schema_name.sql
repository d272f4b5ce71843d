{# The folder's schema is the schema: staging, intermediate, marts; no target prefix, because each build is a file of its own. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
