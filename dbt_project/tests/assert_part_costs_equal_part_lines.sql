-- Every part line's cost is carried once.
with lines as (

    select
        part_kind,
        sum(cost_amount) as amount
    from {{ ref('fct_part_lines') }}
    group by part_kind

),

costs as (

    select
        component,
        sum(amount) as amount
    from {{ ref('fct_costs') }}
    where cost_group = 'parts'
    group by component

)

select
    coalesce(lines.part_kind, costs.component) as component,
    lines.amount as lines_amount,
    costs.amount as costs_amount
from lines
full outer join costs on lines.part_kind = costs.component
where coalesce(lines.amount, 0) <> coalesce(costs.amount, 0)
