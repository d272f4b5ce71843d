with bounds as (

    {% for driver, last_seconds in var('waiting_bands').items() -%}
        {% set is_first_driver = loop.first -%}
        {% for over_seconds in [0] + last_seconds -%}
            {% if not (is_first_driver and loop.first) %}union all{% endif %}
            select
                '{{ driver }}' as driver,
                {{ loop.index0 }} as band_number,
                {{ over_seconds }} as over_seconds,
                cast({{ 'null' if loop.last else last_seconds[loop.index0] }} as bigint)
                    as to_seconds
        {% endfor %}
    {%- endfor %}

),

groups as (

    select
        outcome,
        driver,
        exposure as band_number,
        count(*) as item_count,
        sum(value) as total,
        sum(abs(value)) as absolute_total
    from {{ ref('int_kpi_driver_contrasts') }}
    where contrast = 'ladder'
    group by outcome, driver, exposure

),

fits as (

    select * from {{ ref('int_kpi_driver_fits') }}
    where adjustment <> 'none' and contrast <> 'exposed'

),

ladders as (

    select
        *,
        {{ two_sided_p('difference / error') }} as p_value
    from fits
    where contrast = 'ladder'

),

ordered as (

    select
        *,
        count(*) over () as family_size,
        row_number() over (order by p_value, outcome, driver) as position_number
    from ladders

),

judged as (

    select
        *,
        {{ holm_p('p_value', 'position_number', 'family_size', ["'all'"], ['outcome', 'driver']) }}
            as family_p_value
    from ordered

),

bands as (

    select
        groups.*,
        cast(groups.total as double) / groups.item_count as value,
        first_bands.total as first_total,
        cast(first_bands.total as double) / nullif(first_bands.item_count, 0) as first_value,
        bounds.over_seconds,
        bounds.to_seconds
    from groups
    inner join bounds
        on groups.driver = bounds.driver and groups.band_number = bounds.band_number
    left join groups as first_bands
        on
            groups.outcome = first_bands.outcome
            and groups.driver = first_bands.driver
            and first_bands.band_number = 0

)

select
    bands.outcome,
    bands.driver,
    cast(bands.band_number + 1 as bigint) as band_number,
    cast(bands.over_seconds as bigint) as over_seconds,
    bands.to_seconds,
    case bands.outcome when 'nps' then 'points' else 'share' end as unit,
    coalesce(judged.adjustment, 'none') as adjusted_for,
    case
        when judged.family_p_value is null then 'too_few'
        when judged.family_p_value < {{ significance_level() }} then 'association'
        else 'chance'
    end as verdict,
    cast(bands.item_count as bigint) as item_count,
    bands.value,
    case
        when bands.outcome = 'nps'
            then {{ adjusted_wald_bound(
                '(cast(bands.total as double) / 100)',
                '(cast(bands.absolute_total as double) / 100)',
                'bands.item_count',
                '-'
            ) }}
        else {{ wilson_bound('cast(bands.total as double)', 'bands.item_count', '-') }}
    end as value_low,
    case
        when bands.outcome = 'nps'
            then {{ adjusted_wald_bound(
                '(cast(bands.total as double) / 100)',
                '(cast(bands.absolute_total as double) / 100)',
                'bands.item_count',
                '+'
            ) }}
        else {{ wilson_bound('cast(bands.total as double)', 'bands.item_count', '+') }}
    end as value_high,
    case
        when bands.band_number = 0 and judged.family_p_value is not null then bands.value
        else bands.first_value + fits.difference
    end as adjusted_value,
    fits.difference as adjusted_difference,
    fits.difference - {{ z_95() }} * fits.error as adjusted_low,
    fits.difference + {{ z_95() }} * fits.error as adjusted_high,
    judged.difference as step_difference,
    judged.difference - {{ z_95() }} * judged.error as step_low,
    judged.difference + {{ z_95() }} * judged.error as step_high,
    judged.p_value,
    judged.family_p_value
from bands
left join judged
    on bands.outcome = judged.outcome and bands.driver = judged.driver
left join fits
    on
        bands.outcome = fits.outcome
        and bands.driver = fits.driver
        and fits.contrast = 'band_' || bands.band_number
