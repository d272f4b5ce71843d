{%- set comparisons = {'previous': 1, 'year_before': 12} -%}

with settings as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

booked as (

    select
        cost_month_date as month_start_date,
        site_id,
        technician_id,
        component,
        bool_or(allocation <> 'direct') as is_payroll,
        sum(amount) as amount
    from {{ ref('fct_costs') }}
    where cost_group = 'labor'
    group by cost_month_date, site_id, technician_id, component

),

paid as (

    select
        booked.*,
        coalesce(technicians.work_role, 'unknown') as work_role
    from booked
    left join {{ ref('dim_technicians') }} as technicians
        on booked.technician_id = technicians.technician_id

),

-- Work at a rate is booked at once, a payroll after its month.
months as (

    select
        paid.month_start_date,
        bool_or(paid.is_payroll) or not bool_or(bool_or(paid.is_payroll)) over () as is_paid
    from paid
    group by paid.month_start_date

),

judged_months as (

    select
        months.month_start_date,
        months.is_paid
        and cast(months.month_start_date + interval 1 month as date)
        <= cast(settings.last_date + interval 1 day as date) as is_booked
    from months
    cross join settings

),

cells as (

    select
        month_start_date,
        site_id,
        work_role,
        count(distinct technician_id) as head_count,
        {%- for component in ['wage', 'bonus', 'social_insurance', 'training'] %}
            coalesce(sum(amount) filter (where component = '{{ component }}'), 0)
                as {{ component }}_amount,
        {%- endfor %}
        sum(amount) as pay_amount
    from paid
    group by month_start_date, site_id, work_role

),

-- Whoever was paid in a month, or in one that it is compared with: who is gone is an effect too.
spine as (

    select
        month_start_date,
        site_id,
        work_role
    from cells
    {%- for month_count in comparisons.values() %}

        union

        select
            cast(month_start_date + interval {{ month_count }} month as date) as month_start_date,
            site_id,
            work_role
        from cells
    {%- endfor %}

),

compared as (

    select
        spine.month_start_date,
        spine.site_id,
        spine.work_role,
        coalesce(cells.head_count, 0) as head_count,
        {%- for component in ['wage', 'bonus', 'social_insurance', 'training', 'pay'] %}
            cast(coalesce(cells.{{ component }}_amount, 0) as decimal(18, 4))
                as {{ component }}_amount,
        {%- endfor %}
        {%- for comparison in comparisons %}
            case
                when judged_months.is_booked and {{ comparison }}_months.is_booked
                    then coalesce({{ comparison }}.head_count, 0)
            end as {{ comparison }}_head_count,
            case
                when judged_months.is_booked and {{ comparison }}_months.is_booked
                    then cast(coalesce({{ comparison }}.pay_amount, 0) as decimal(18, 4))
            end as {{ comparison }}_pay_amount,
        {%- endfor %}
        judged_months.is_booked
    from spine
    inner join judged_months on spine.month_start_date = judged_months.month_start_date
    left join cells
        on
            spine.month_start_date = cells.month_start_date
            and spine.site_id = cells.site_id
            and spine.work_role = cells.work_role
    {%- for comparison, month_count in comparisons.items() %}
        left join judged_months as {{ comparison }}_months
            on
                spine.month_start_date
                = cast(
                    {{ comparison }}_months.month_start_date
                    + interval {{ month_count }} month as date
                )
        left join cells as {{ comparison }}
            on
                spine.month_start_date
                = cast({{ comparison }}.month_start_date + interval {{ month_count }} month as date)
                and spine.site_id = {{ comparison }}.site_id
                and spine.work_role = {{ comparison }}.work_role
    {%- endfor %}

),

-- To the ten-thousandth; what is rounded off heads is in pay, so that both are the whole change.
split as (

    select
        {%- for comparison in comparisons %}
        {%- set rate_before = comparable_rate(
            comparison ~ '_pay_amount', comparison ~ '_head_count', 'pay_amount', 'head_count'
        ) %}
        {%- set rate_after = comparable_rate(
            'pay_amount', 'head_count', comparison ~ '_pay_amount', comparison ~ '_head_count'
        ) %}
            cast(
                round(
                    case
                        when {{ comparison }}_head_count = 0 and head_count = 0 then 0
                        else {{ volume_effect(
                        comparison ~ '_head_count', 'head_count', rate_before, rate_after
                    ) }}
                    end, 4
                ) as decimal(18, 4)
            ) as {{ comparison }}_heads_effect_amount,
        {%- endfor %}
        *
    from compared

)

select
    month_start_date,
    site_id,
    work_role,
    head_count,
    wage_amount,
    bonus_amount,
    social_insurance_amount,
    training_amount,
    pay_amount,
    cast(pay_amount as double) / nullif(head_count, 0) as pay_per_head_amount,
    {%- for comparison in comparisons %}
        {{ comparison }}_head_count,
        {{ comparison }}_pay_amount,
        {{ comparison }}_heads_effect_amount,
        cast(
            pay_amount - {{ comparison }}_pay_amount - {{ comparison }}_heads_effect_amount
            as decimal(18, 4)
        ) as {{ comparison }}_pay_effect_amount,
    {%- endfor %}
    is_booked
from split
where
    pay_amount <> 0
    or head_count > 0
    {%- for comparison in comparisons %}
        or {{ comparison }}_head_count > 0
        or {{ comparison }}_pay_amount <> 0
    {%- endfor %}
