{%- set comparisons = {'previous': 1, 'year_before': 12} -%}
{%- set measures = ['quantity', 'purchase_amount', 'recovery_amount'] -%}

with settings as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

part_lines as (

    select
        *,
        coalesce(part_id, 'unknown') as part_key
    from {{ ref('int_part_lines_costed') }}
    where booked_quantity <> 0

),

bookings as (

    select
        cost_month_date as month_start_date,
        part_key as part_id,
        part_kind,
        part_name,
        case when booked_amount is null then 0 else booked_quantity end as quantity,
        booked_amount + recovered_amount as purchase_amount,
        case when booked_amount is null then 0 else recovered_amount end as recovery_amount,
        case when booked_amount is null then 1 else 0 end as unpriced_count
    from part_lines

    union all

    -- A return is a booking of its own month.
    select
        credit_month_date as month_start_date,
        part_key as part_id,
        part_kind,
        part_name,
        -booked_quantity as quantity,
        -(booked_amount + recovered_amount) as purchase_amount,
        -recovered_amount as recovery_amount,
        0 as unpriced_count
    from part_lines
    where credit_month_date is not null and booked_amount is not null

),

cells as (

    select
        month_start_date,
        part_id,
        part_kind,
        {%- for measure in measures %}
            cast(coalesce(sum({{ measure }}), 0) as decimal(18, 4)) as {{ measure }},
        {%- endfor %}
        sum(unpriced_count) as unpriced_count
    from bookings
    group by month_start_date, part_id, part_kind

),

names as (

    select
        part_id,
        max(part_name) as part_name
    from bookings
    group by part_id

),

first_months as (

    select min(month_start_date) as first_month_date from cells

),

-- Whatever was booked in a month, or in one that it is compared with.
spine as (

    select
        month_start_date,
        part_id,
        part_kind
    from cells
    {%- for month_count in comparisons.values() %}

        union

        select
            cast(month_start_date + interval {{ month_count }} month as date) as month_start_date,
            part_id,
            part_kind
        from cells
    {%- endfor %}

),

-- Parts are booked at once: a month without any cost nothing, from the first one on.
compared as (

    select
        spine.month_start_date,
        spine.part_id,
        spine.part_kind,
        {%- for measure in measures %}
            coalesce(cells.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        coalesce(cells.unpriced_count, 0) as unpriced_count,
        {%- for comparison, month_count in comparisons.items() %}
            {%- for measure in measures %}
                case
                    when
                        spine.month_start_date
                        >= first_months.first_month_date + interval {{ month_count }} month
                        then coalesce({{ comparison }}.{{ measure }}, 0)
                end as {{ comparison }}_{{ measure }},
            {%- endfor %}
        {%- endfor %}
        cast(spine.month_start_date + interval 1 month as date)
        <= cast(settings.last_date + interval 1 day as date) as is_complete
    from spine
    cross join settings
    cross join first_months
    left join cells
        on
            spine.month_start_date = cells.month_start_date
            and spine.part_id = cells.part_id
            and spine.part_kind = cells.part_kind
    {%- for comparison, month_count in comparisons.items() %}
        left join cells as {{ comparison }}
            on
                spine.month_start_date
                = cast({{ comparison }}.month_start_date + interval {{ month_count }} month as date)
                and spine.part_id = {{ comparison }}.part_id
                and spine.part_kind = {{ comparison }}.part_kind
    {%- endfor %}
    where spine.month_start_date <= settings.last_date

),

-- To the ten-thousandth; what is rounded off quantity is in price: both are the whole change.
split as (

    select
        {%- for comparison in comparisons %}
            {%- set before = [comparison ~ '_purchase_amount', comparison ~ '_quantity'] %}
            {%- set after = ['purchase_amount', 'quantity'] %}
            cast(
                round(
                    case
                        when {{ comparison }}_quantity = 0 and quantity = 0 then 0
                        else {{ volume_effect(
                        comparison ~ '_quantity',
                        'quantity',
                        comparable_rate(before[0], before[1], after[0], after[1]),
                        comparable_rate(after[0], after[1], before[0], before[1])
                    ) }}
                    end, 4
                ) as decimal(18, 4)
            ) as {{ comparison }}_quantity_effect_amount,
        {%- endfor %}
        *
    from compared

)

select
    split.month_start_date,
    split.part_id,
    split.part_kind,
    names.part_name,
    cast(split.quantity as decimal(18, 4)) as quantity,
    cast(split.purchase_amount as decimal(18, 4)) as purchase_amount,
    cast(split.recovery_amount as decimal(18, 4)) as recovery_amount,
    cast(split.purchase_amount - split.recovery_amount as decimal(18, 4)) as spend_amount,
    cast(split.purchase_amount as double) / nullif(cast(split.quantity as double), 0)
        as unit_price_amount,
    cast(split.unpriced_count as bigint) as unpriced_count,
    {%- for comparison in comparisons %}
        cast(split.{{ comparison }}_quantity as decimal(18, 4)) as {{ comparison }}_quantity,
        cast(
            split.{{ comparison }}_purchase_amount - split.{{ comparison }}_recovery_amount
            as decimal(18, 4)
        ) as {{ comparison }}_spend_amount,
        cast(split.{{ comparison }}_purchase_amount as double)
        / nullif(cast(split.{{ comparison }}_quantity as double), 0)
            as {{ comparison }}_unit_price_amount,
        cast(split.purchase_amount as double) / nullif(cast(split.quantity as double), 0)
        / nullif(
            cast(split.{{ comparison }}_purchase_amount as double)
            / nullif(cast(split.{{ comparison }}_quantity as double), 0), 0
        ) as {{ comparison }}_price_ratio,
        split.{{ comparison }}_quantity_effect_amount,
        cast(
            split.purchase_amount
            - split.{{ comparison }}_purchase_amount
            - split.{{ comparison }}_quantity_effect_amount as decimal(18, 4)
        ) as {{ comparison }}_price_effect_amount,
        cast(split.{{ comparison }}_recovery_amount - split.recovery_amount as decimal(18, 4))
            as {{ comparison }}_recovery_effect_amount,
    {%- endfor %}
    split.is_complete
from split
left join names on split.part_id = names.part_id
where
    split.quantity <> 0
    or split.purchase_amount <> 0
    or split.recovery_amount <> 0
    or split.unpriced_count > 0
    {%- for comparison in comparisons %}
        {%- for measure in measures %}
            or split.{{ comparison }}_{{ measure }} <> 0
        {%- endfor %}
    {%- endfor %}
