{# One row per row of the relation and cost component that is not 0: the keys, `component`, and its `amount`. #}
{% macro unpivot_components(relation, keys, components) -%}
    {%- for component in components %}
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        '{{ component }}' as component,
        {{ component }}_amount as amount
    from {{ relation }}
    where {{ component }}_amount <> 0
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
{%- endmacro %}
