-- Every value of a month, quarter or year has its row; the value before it is that of the period
-- that ended the day before it began, the one of the year before that of the period that began on
-- the same day a year ago; what is called real or noise has grounds, the same for both comparisons
-- of a year; and the run of periods off target is what their statuses say.
with kpi_values as (

    select * from {{ ref('kpi_values') }}
    where period_grain <> 'all' and value is not null

),

changes as (

    select * from {{ ref('agg_kpi_changes') }}

),

totals as (

    select kpi_id
    from {{ ref('dim_kpis') }}
    where kind = 'total'

)

select
    kpi_values.kpi_id,
    kpi_values.period_grain,
    kpi_values.period_start_date,
    kpi_values.segment,
    kpi_values.site_id,
    kpi_values.value,
    earlier.value as expected_previous_value,
    changes.previous_value,
    changes.verdict,
    changes.signal,
    year_before.value as expected_year_before_value,
    changes.year_before_value,
    changes.year_verdict
from kpi_values
full outer join changes
    on
        kpi_values.kpi_id = changes.kpi_id
        and kpi_values.period_grain = changes.period_grain
        and kpi_values.period_start_date = changes.period_start_date
        and kpi_values.segment = changes.segment
        and kpi_values.site_id = changes.site_id
        and kpi_values.region = changes.region
        and kpi_values.product_family = changes.product_family
        and kpi_values.channel = changes.channel
        and kpi_values.priority = changes.priority
left join kpi_values as earlier
    on
        kpi_values.kpi_id = earlier.kpi_id
        and kpi_values.period_grain = earlier.period_grain
        and kpi_values.period_start_date = cast(earlier.period_end_date + interval 1 day as date)
        and kpi_values.segment = earlier.segment
        and kpi_values.site_id = earlier.site_id
        and kpi_values.region = earlier.region
        and kpi_values.product_family = earlier.product_family
        and kpi_values.channel = earlier.channel
        and kpi_values.priority = earlier.priority
left join kpi_values as year_before
    on
        kpi_values.kpi_id = year_before.kpi_id
        and kpi_values.period_grain = year_before.period_grain
        and kpi_values.period_start_date
        = cast(year_before.period_start_date + interval 1 year as date)
        and kpi_values.segment = year_before.segment
        and kpi_values.site_id = year_before.site_id
        and kpi_values.region = year_before.region
        and kpi_values.product_family = year_before.product_family
        and kpi_values.channel = year_before.channel
        and kpi_values.priority = year_before.priority
left join totals on kpi_values.kpi_id = totals.kpi_id
where
    kpi_values.kpi_id is null
    or changes.kpi_id is null
    or changes.value <> kpi_values.value
    or changes.previous_value is distinct from earlier.value
    or changes.year_before_value is distinct from year_before.value
    or (changes.period_grain = 'year' and changes.year_verdict <> changes.verdict)
    or (
        changes.period_grain <> 'year'
        and changes.year_verdict <> case
            when not kpi_values.is_complete or changes.year_change_low is null then 'unknown'
            when
                totals.kpi_id is null
                and least(kpi_values.eligible_count, year_before.eligible_count)
                < {{ least_sample_of_a_change() }}
                then 'unknown'
            when changes.year_change_low > 0 or changes.year_change_high < 0 then 'real'
            else 'noise'
        end
    )
    or (changes.off_target_count > 0) is distinct from case
        when kpi_values.is_complete then kpi_values.status = 'off_target'
    end
    or (changes.verdict = 'real') <> coalesce(
        kpi_values.is_complete
        and (
            totals.kpi_id is not null
            or least(kpi_values.eligible_count, earlier.eligible_count)
            >= {{ least_sample_of_a_change() }}
        )
        and (
            changes.change_low > 0
            or changes.change_high < 0
            or (
                changes.value <> changes.previous_value
                and (
                    changes.value < changes.limit_low or changes.value > changes.limit_high
                )
            )
        ), false
    )
    or (
        changes.verdict = 'noise' and changes.change_low is null and changes.signal is null
    )
    or (
        changes.verdict = 'unknown'
        and kpi_values.is_complete
        and earlier.value is not null
        and (
            totals.kpi_id is not null
            or least(kpi_values.eligible_count, earlier.eligible_count)
            >= {{ least_sample_of_a_change() }}
        )
        and (changes.change_low is not null or changes.signal is not null)
    )
