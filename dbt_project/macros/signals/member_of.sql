{# What a row of KPI cells is in a dimension that is known only by its name. #}
{% macro member_of(dimension, cells) -%}
    case {{ dimension }}
        when 'site' then {{ cells }}.site_id
        when 'product_family' then {{ cells }}.product_family
        when 'channel' then {{ cells }}.channel
        else {{ cells }}.priority
    end
{%- endmacro %}
