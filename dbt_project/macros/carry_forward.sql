{# The latest value that is not empty, up to this row. The ordering must end in a unique column. #}
{% macro carry_forward(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch('carry_forward')(expression, partition_by, order_by)) }}
{%- endmacro %}

{% macro default__carry_forward(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}
