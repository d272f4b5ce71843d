-- Spend by month and kind is parts of the ledger to the last digit, unpriced lines included; and
-- the effects of all parts are the whole change of it.
{%- set comparisons = {'previous': 1, 'year_before': 12} %}
with levers as (

    select * from {{ ref('agg_part_levers_monthly') }}

),

lever_months as (

    select
        month_start_date,
        part_kind,
        sum(spend_amount) as amount,
        sum(unpriced_count) as unpriced_count
    from levers
    group by month_start_date, part_kind

),

ledger as (

    select
        month_start_date,
        component,
        sum(ledger_amount) as amount,
        sum(unpriced_count) as unpriced_count
    from {{ ref('agg_cost_reconciliation_monthly') }}
    where component in ('repair', 'replacement', 'consumable')
    group by month_start_date, component

),

-- Every month that has parts or is compared with one that has.
changes as (

    {% for comparison in comparisons %}
        select
            '{{ comparison }}' as comparison,
            month_start_date,
            part_kind,
            sum(
                {{ comparison }}_quantity_effect_amount
                + {{ comparison }}_price_effect_amount
                + {{ comparison }}_recovery_effect_amount
            ) as effect_amount
        from levers
        where {{ comparison }}_quantity is not null
        group by month_start_date, part_kind
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    'spend' as fault,
    coalesce(lever_months.month_start_date, ledger.month_start_date) as month_start_date,
    coalesce(lever_months.part_kind, ledger.component) as part_kind
from lever_months
full outer join ledger
    on
        lever_months.month_start_date = ledger.month_start_date
        and lever_months.part_kind = ledger.component
where
    coalesce(lever_months.amount, 0) <> coalesce(ledger.amount, 0)
    or coalesce(lever_months.unpriced_count, 0) <> coalesce(ledger.unpriced_count, 0)

union all

select
    'change against ' || changes.comparison as fault,
    changes.month_start_date,
    changes.part_kind
from changes
left join ledger as later
    on
        changes.month_start_date = later.month_start_date
        and changes.part_kind = later.component
left join ledger as earlier
    on
        changes.part_kind = earlier.component
        and changes.month_start_date = cast(
            earlier.month_start_date
            + case changes.comparison
                when 'previous' then interval 1 month else interval 12 month
            end as date
        )
where changes.effect_amount <> coalesce(later.amount, 0) - coalesce(earlier.amount, 0)

union all

-- The other half of the split, by its own formula.
{% for comparison in comparisons %}
    select
        'price effect against {{ comparison }} of ' || part_id as fault,
        month_start_date,
        part_kind
    from levers
    where
        unit_price_amount is not null
        and {{ comparison }}_unit_price_amount is not null
        and abs(
            cast({{ comparison }}_price_effect_amount as double)
            - cast(quantity + {{ comparison }}_quantity as double) / 2
            * (unit_price_amount - {{ comparison }}_unit_price_amount)
        ) > 0.005
    {% if not loop.last %}union all{% endif %}
{% endfor %}
