{#
    The smallest node that each node is joined to, over any number of edges: rows (node, label). `edges` is a relation with
    columns from_node and to_node, in either direction. Only labels that fell travel on, so a round costs what it changes;
    there are as many rounds as the longest chain of edges.
#}
{% macro connected_components(edges) -%}
    {{ return(adapter.dispatch('connected_components')(edges)) }}
{%- endmacro %}

{% macro default__connected_components(edges) -%}
    with recursive both_ways as (
        select from_node as node, to_node as other from {{ edges }}
        union
        select to_node as node, from_node as other from {{ edges }}
    ),

    labels (node, label) using key (node) as (
        select node, least(node, min(other)) as label from both_ways group by node
        union
        select both_ways.other as node, min(labels.label) as label
        from labels
        inner join both_ways on labels.node = both_ways.node
        inner join recurring.labels as known on both_ways.other = known.node
        where labels.label < known.label
        group by both_ways.other
    )

    select node, label from labels
{%- endmacro %}

{# Spark's recursion keeps no keys: a function of the session walks the edges, in one task. #}
{% macro spark__connected_components(edges) -%}
    select component.node, component.label
    from (
        select explode(connected_components(collect_list(struct(from_node, to_node)))) as component from {{ edges }}
    ) as walked
{%- endmacro %}
