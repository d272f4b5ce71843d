-- Pay by site and month is labour of the ledger to the last digit, component by component; and the
-- effects of all sites and roles are the whole change of it, to the cent.
{%- set components = ['wage', 'bonus', 'social_insurance', 'training'] %}
{%- set comparisons = {'previous': 1, 'year_before': 12} %}
with levers as (

    select * from {{ ref('agg_labor_levers_monthly') }}

),

lever_lines as (

    {{ unpivot_components('levers', ['month_start_date', 'site_id'], components) }}  -- noqa: LT05

),

lever_sums as (

    select
        month_start_date,
        site_id,
        component,
        sum(amount) as amount
    from lever_lines
    group by month_start_date, site_id, component

),

ledger as (

    select * from {{ ref('agg_cost_reconciliation_monthly') }}
    where
        component in (
            'wage', 'bonus', 'social_insurance', 'training'
        )
        and ledger_amount <> 0

),

ledger_months as (

    select
        month_start_date,
        sum(ledger_amount) as amount
    from ledger
    group by month_start_date

),

compared as (

    {% for comparison in comparisons %}
        select
            '{{ comparison }}' as comparison,
            month_start_date,
            {{ comparison }}_heads_effect_amount
            + {{ comparison }}_pay_effect_amount as effect_amount,
            -- The other half of the split, by its own formula.
            case
                when head_count > 0 and {{ comparison }}_head_count > 0
                    then
                        cast({{ comparison }}_pay_effect_amount as double)
                        - (head_count + {{ comparison }}_head_count) / 2.0
                        * (
                            pay_per_head_amount
                            - cast({{ comparison }}_pay_amount as double)
                            / {{ comparison }}_head_count
                        )
                else 0
            end as pay_gap
        from levers
        where {{ comparison }}_pay_amount is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

changes as (

    select
        comparison,
        month_start_date,
        sum(effect_amount) as effect_amount,
        max(abs(pay_gap)) as pay_gap
    from compared
    group by comparison, month_start_date

)

select
    'pay of ' || coalesce(lever_sums.site_id, ledger.site_id) as fault,
    coalesce(lever_sums.month_start_date, ledger.month_start_date) as month_start_date,
    lever_sums.amount,
    ledger.ledger_amount as expected_amount
from lever_sums
full outer join ledger
    on
        lever_sums.month_start_date = ledger.month_start_date
        and lever_sums.site_id = ledger.site_id
        and lever_sums.component = ledger.component
where lever_sums.amount is distinct from ledger.ledger_amount

union all

select
    'change against ' || changes.comparison as fault,
    changes.month_start_date,
    changes.effect_amount as amount,
    later.amount - earlier.amount as expected_amount
from changes
left join ledger_months as later on changes.month_start_date = later.month_start_date
left join ledger_months as earlier
    on
        changes.month_start_date = cast(
            earlier.month_start_date
            + case changes.comparison
                when 'previous' then interval 1 month else interval 12 month
            end as date
        )
where
    (changes.effect_amount is distinct from later.amount - earlier.amount)
    or changes.pay_gap > 0.005
