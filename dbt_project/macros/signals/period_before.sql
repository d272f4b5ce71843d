{# First day of the period of the same length that ended the day before this one began. #}
{% macro period_before(period_start_date, period_grain) -%}
    cast(
        {{ period_start_date }} - case {{ period_grain }}
            when 'month' then interval 1 month
            when 'quarter' then interval 3 month
            else interval 12 month
        end as date
    )
{%- endmacro %}
