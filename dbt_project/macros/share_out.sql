{#
    One share of an amount, in ten-thousandths, such that all shares add up to the amount exactly: the rounded running
    share up to here less the rounded running share before. `running_weight` is the running sum of the weights in an order
    that ends in a unique column, this row included; `total_weight` is their sum, above 0.
#}
{% macro share_out(amount, weight, running_weight, total_weight) -%}
    cast(
        cast(round(
            cast({{ amount }} as double) * (cast({{ running_weight }} as double) / cast({{ total_weight }} as double)), 4
        ) as decimal(18, 4))
        - cast(round(
            cast({{ amount }} as double)
            * (cast({{ running_weight }} - {{ weight }} as double) / cast({{ total_weight }} as double)), 4
        ) as decimal(18, 4))
    as decimal(18, 4))
{%- endmacro %}

{# The product of two amounts; widened first, because the engine would keep 18 digits for the result. #}
{% macro multiply_amounts(left_amount, right_amount) -%}
    cast(cast({{ left_amount }} as decimal(38, 4)) * {{ right_amount }} as decimal(18, 4))
{%- endmacro %}
